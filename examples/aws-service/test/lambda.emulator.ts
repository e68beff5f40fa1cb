import process from "node:process";
import { systemClock } from "@runs-fleet/core";
import { expect, it } from "vitest";
import { givenEmulators } from "../../../packages/aws/testing/open-aws.ts";
import { openWorld } from "../dev/world.ts";
import type { LambdaRequest, LambdaResponse } from "../src/lambda.ts";
import { program } from "./campaign.ts";

/** What is deployed, as Lambda loads it: once, whatever number of calls comes. */
interface Deployed {
  handler(event: LambdaRequest): Promise<LambdaResponse>;
}

/** The request as a function URL hands it over. */
async function eventOf(request: Request, rawPath: string): Promise<LambdaRequest> {
  const { host } = new URL(request.url);
  return {
    rawPath,
    headers: Object.fromEntries(request.headers),
    body: Buffer.from(await request.arrayBuffer()).toString("base64"),
    isBase64Encoded: true,
    requestContext: { http: { method: request.method }, domainName: host },
  };
}

it("is an intake as a function: it fails until it can be opened, and then queues jobs that a controller serves", async () => {
  await using world = await openWorld({ emulators: givenEmulators(), program });
  const controller = await world.startHost({ role: "controller" });
  const { handler }: Deployed = await import(new URL("../dist/lambda.js", import.meta.url).href);
  const answered: number[] = [];
  const { RUNS_FLEET_WEBHOOK_SECRET: secret = "", ...incomplete } = world.variables;
  Object.assign(process.env, incomplete);
  const ask = async (request: Request, path: string) => {
    const { statusCode, headers, body } = await handler(await eventOf(request, path));
    answered.push(statusCode);
    return new Response(body, { status: statusCode, headers });
  };
  const health = new Request("https://function.example");
  await expect(ask(health.clone(), "/healthz")).rejects.toThrow("RUNS_FLEET_WEBHOOK_SECRET");
  process.env["RUNS_FLEET_WEBHOOK_SECRET"] = secret;
  expect((await ask(health, "/healthz")).status).toBe(200);

  world.github.webhooks.target((request) => ask(request, "/webhooks/github"), secret);
  for (const repository of ["acme/a", "acme/b"]) {
    world.github.queueJob({ repository, labels: ["runs-fleet/cpu=2"], durationMs: 300 });
  }
  const isOver = () => world.github.jobs().every(({ conclusion }) => conclusion === "success");
  while (!isOver()) await systemClock.sleep(200);
  expect(answered.filter((status) => status === 202).length).toBeGreaterThanOrEqual(2);
  expect((await controller.status())?.role).toBe("controller");
}, 120_000);

import { createWebhookHandler, signBody } from "@runs-fleet/core";
import { createMemoryQueue } from "@runs-fleet/core/embedded";
import { describe, expect, it } from "vitest";
import { createFrontDoor } from "../src/front-door.ts";
import { type LambdaRequest, requestOf, responseOf } from "../src/lambda.ts";

const secret = "a webhook secret";
const ping = JSON.stringify({ zen: "Käse schließt den Magen.", hook_id: 1, hook: { events: [] } });

function eventOf(over: Partial<LambdaRequest> = {}): LambdaRequest {
  return {
    rawPath: "/webhooks/github",
    headers: {
      "content-type": "application/json",
      "x-github-event": "ping",
      "x-github-delivery": "0b989ba4-242f-11e5-81e1-c7b6966d2516",
      "x-hub-signature-256": signBody(secret, ping),
    },
    body: ping,
    isBase64Encoded: false,
    requestContext: { http: { method: "POST" }, domainName: "abc.lambda-url.eu-west-1.on.aws" },
    ...over,
  };
}

const door = createFrontDoor({
  handleWebhook: createWebhookHandler({ secrets: [secret], queue: createMemoryQueue() }),
  isDraining: () => false,
});
const answerTo = async (event: LambdaRequest) => responseOf(await door(requestOf(event)));

describe("the intake as a function", () => {
  it("checks the signature over the bytes that came, however Lambda encodes them", async () => {
    const plain = await answerTo(eventOf());
    expect(plain.statusCode).toBe(200);
    expect(JSON.parse(plain.body)).toMatchObject({ status: "ignored", reason: "ping" });
    const encoded = { body: Buffer.from(ping).toString("base64"), isBase64Encoded: true };
    expect(await answerTo(eventOf(encoded))).toEqual(plain);
    const changed = await answerTo(eventOf({ body: ping.replace("Käse", "Kaese") }));
    expect(changed.statusCode).toBe(401);
  });

  it("answers health without a body, and other paths with an error", async () => {
    const http = { http: { method: "GET" }, domainName: "x" };
    const health = await answerTo(eventOf({ rawPath: "/healthz", requestContext: http }));
    expect(health.statusCode).toBe(200);
    const pages = await answerTo(eventOf({ rawPath: "/status", requestContext: http }));
    expect(pages.statusCode).toBe(404);
    expect(JSON.parse(pages.body)).toMatchObject({ error: { code: "not-found" } });
  });
});

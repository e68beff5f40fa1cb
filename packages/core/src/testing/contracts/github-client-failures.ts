import { FleetError } from "../../ports/failure.ts";
import type { GitHubClientSuite } from "./github-client-suite.ts";
import { abortedSignal, failureOf } from "./stage.ts";

async function errorOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
    return undefined;
  } catch (error) {
    return error;
  }
}

/** How calls fail. */
export function describeFailures({ api, check }: GitHubClientSuite): void {
  const { expect } = api;
  const request = { name: "rf-1", labels: ["fast"], groupId: 1 } as const;

  check("calls an outage unavailable and recovers from it", async ({ client, github }) => {
    await client.runners.list("orgs/acme");
    for (const api of ["unavailable", "broken"] as const) {
      github.setOutage({ api });
      expect(await failureOf(client.runners.mint("orgs/acme", request))).toBe("unavailable");
    }
    github.setOutage(undefined);
    expect(await failureOf(client.runners.mint("orgs/acme", request))).toBe("none");
  });

  check("says when a limit is reached and for how long", async ({ client, clock }) => {
    let refused: unknown;
    for (let index = 0; index < 140 && refused === undefined; index += 1) {
      refused = await errorOf(
        client.runners.mint("orgs/acme", { ...request, name: `rf-${index}` }),
      );
    }
    if (!FleetError.isInstance(refused)) throw new Error("expected a FleetError");
    expect(refused.kind).toBe("throttled");
    expect(refused.retryable).toBe(true);
    const waitMs = refused.retryAfterMs ?? 0;
    expect(waitMs > 0 && waitMs <= 60_000).toBe(true);
    await clock.advance(waitMs);
    expect(await failureOf(client.runners.mint("orgs/acme", { ...request, name: "late" }))).toBe(
      "none",
    );
  });

  check("rejects with the reason of its signal, and does nothing", async ({ client, github }) => {
    const { signal, reason } = abortedSignal();
    expect(await failureOf(client.runners.mint("orgs/acme", request, { signal }))).toBe(reason);
    expect(await failureOf(client.runners.list("orgs/acme", { signal }))).toBe(reason);
    expect(await failureOf(client.jobs.listQueued("acme/app", { signal }))).toBe(reason);
    expect(github.runners()).toEqual([]);
  });

  check("tells no secret in an error", async ({ client, github }) => {
    const { jitConfig } = await client.runners.mint("orgs/acme", request);
    const error = await errorOf(client.runners.mint("orgs/acme", request));
    if (!FleetError.isInstance(error)) throw new Error("expected a FleetError");
    const cause = error.cause instanceof Error ? `${error.cause.message}${error.cause.stack}` : "";
    const told = `${error.message}${error.stack}${JSON.stringify(error.details)}${cause}`;
    expect(told.includes(jitConfig)).toBe(false);
    expect(/ghs_|eyJ[A-Za-z0-9]/.test(told)).toBe(false);
    expect(told.includes(github.app.privateKey.slice(40, 90))).toBe(false);
  });
}

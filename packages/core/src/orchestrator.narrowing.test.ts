import { describe, expect, it } from "vitest";
import { expectServedOnce } from "../test/fleet/oracles.ts";
import { createFleetWorld, minutes, openCatalog, seconds } from "../test/fleet/world.ts";
import type { ConfigurationSource } from "./ports/configuration-source.ts";
import { FleetError } from "./ports/failure.ts";
import type { Narrowing } from "./routing/index.ts";

/** A source of which only what repositories allow themselves is asked. */
function sourceOf(
  narrowing: (
    repository: string,
    signal: AbortSignal | undefined,
  ) => Promise<Narrowing | undefined>,
): ConfigurationSource {
  return {
    handlePush: async () => undefined,
    poll: async () => undefined,
    standing: async () => undefined,
    narrowing: (repository, options) => narrowing(repository, options?.signal),
  };
}

const untilAborted = (signal: AbortSignal | undefined): Promise<never> =>
  new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));

describe("what a repository allows itself", { timeout: 60_000 }, () => {
  const large = { repository: "acme/app", labels: ["runs-fleet/cpu=4"], durationMs: seconds };

  it.each([
    ["told by a webhook", true],
    ["found at GitHub, because no webhook told of it", false],
  ])("counts for a job that was %s (isolation)", async (_, webhooks) => {
    const world = createFleetWorld({ catalog: () => openCatalog });
    const configuration = sourceOf(async (repository) =>
      repository === "acme/app" ? { version: "1", maxCpu: 2 } : undefined,
    );
    const { orchestrator } = await world.boot({ configuration, webhooks });
    await world.clock.advance(seconds);
    if (!webhooks) {
      // A sweep looks where jobs were before.
      world.github.webhooks.target((request) => orchestrator.handleWebhook(request), "secret");
      world.github.queueJob({ ...large, labels: ["runs-fleet/cpu=1"] });
      await world.clock.advance(5 * minutes);
      world.github.webhooks.target(undefined, "secret");
    }
    const refused = world.github.queueJob(large);
    await world.clock.advance(20 * minutes);
    const decisions = await orchestrator.explain({ jobId: refused });
    expect(decisions.map(({ code }) => code)).toContain("forbidden-shape");
    expect(decisions.map(({ message }) => message).join()).toContain(
      "acme/app allows itself at most 2 vCPUs",
    );
    expect(world.github.checks().some(({ title }) => title === "No runner: forbidden-shape")).toBe(
      true,
    );
  });

  it("keeps no other repository's jobs, and loses none, while it cannot be found out", async () => {
    const world = createFleetWorld();
    let isDown = true;
    const configuration = sourceOf((repository, signal) => {
      if (!isDown) return Promise.resolve(undefined);
      if (repository === "acme/app0") return untilAborted(signal);
      if (repository === "acme/app1") {
        return Promise.reject(new FleetError({ kind: "unavailable", message: "down" }));
      }
      return Promise.resolve(undefined);
    });
    const first = await world.boot({ configuration });
    await world.clock.advance(seconds);
    // Each repository with labels of its own: GitHub would give one's runner to another's job.
    for (let index = 0; index < 12; index += 1) {
      const labels = [`runs-fleet/cpu=${2 ** (index % 3)}`];
      world.github.queueJob({ repository: `acme/app${index % 3}`, labels, durationMs: seconds });
    }
    await world.clock.advance(5 * minutes);
    const open = world.github.jobs().filter(({ state }) => state !== "completed");
    expect(new Set(open.map(({ repository }) => repository))).toEqual(
      new Set(["acme/app0", "acme/app1"]),
    );
    const told = (await first.orchestrator.status()).decisions.filter(({ message }) =>
      message.includes("what acme/app1 allows itself is not known: down"),
    );
    expect(told.length).toBeGreaterThan(0);
    isDown = false;
    // What hangs for ever is given up with the process that asks.
    first.life.kill();
    await world.boot({ configuration });
    await world.untilDone(30);
    await expectServedOnce(world);
  });
});

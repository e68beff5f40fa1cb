import { describe, expect, it } from "vitest";
import { expectServedOnce } from "../test/fleet/oracles.ts";
import { createFleetWorld, openCatalog, seconds } from "../test/fleet/world.ts";
import { createMemoryMachineProvider } from "./embedded/index.ts";
import { createOrchestrator } from "./orchestrator.ts";
import type { CallRate, MachineProvider } from "./ports/machine-provider.ts";

/** Jobs of twelve sizes arrive at once: twelve purchases. Answers after how many seconds each was made. */
async function purchasesOf(launch: CallRate | undefined): Promise<readonly number[]> {
  const atMs: number[] = [];
  const world = createFleetWorld({
    provider: (provider, clock): MachineProvider => ({
      ...provider,
      ...(launch === undefined ? {} : { pace: { launch } }),
      launch: (attempt, options) => {
        atMs.push(clock.now());
        return provider.launch(attempt, options);
      },
    }),
  });
  await world.boot();
  // Long enough for a bucket to fill.
  await world.clock.advance(60 * seconds);
  const queuedAtMs = world.clock.now();
  for (let cpu = 1; cpu <= 12; cpu += 1) {
    const labels = [`runs-fleet/cpu=${cpu}`];
    world.github.queueJob({ repository: "acme/app", labels, durationMs: 20 * seconds });
  }
  await world.untilDone(10);
  await expectServedOnce(world);
  return atMs.map((ms) => (ms - queuedAtMs) / seconds);
}

describe("the pace of purchases", () => {
  it("is the provider's: all but one of its burst at once, then as many a second as it takes", async () => {
    const bought = await purchasesOf({ burst: 5, perSecond: 2 });
    expect(bought.length).toBe(12);
    expect(bought.filter((second) => second < 0.5).length).toBe(4);
    expect(bought.at(-1)).toBeGreaterThanOrEqual(4);
    expect(bought.at(-1)).toBeLessThan(6);
  });

  it("is that of CreateFleet where a provider says so", async () => {
    const bought = await purchasesOf({ burst: 50, perSecond: 5 });
    expect(bought.length).toBe(12);
    expect(bought.at(-1)).toBeLessThan(0.5);
  });

  it("is none where the provider states none", async () => {
    const bought = await purchasesOf(undefined);
    expect(bought.length).toBe(12);
    expect(bought.at(-1)).toBeLessThan(0.5);
  });

  it("is refused at once when nothing could be bought by it", () => {
    const { demand, github, reports, store } = createFleetWorld();
    const local: MachineProvider = {
      ...createMemoryMachineProvider({ region: "local" }),
      pace: { launch: { burst: 5, perSecond: 0 } },
    };
    expect(() =>
      createOrchestrator({
        environment: "ci",
        owner: "test",
        catalog: async () => openCatalog,
        store,
        demand,
        reports,
        providers: { local },
        github: github.client,
        webhookSecrets: ["secret"],
      }),
    ).toThrow(RangeError);
  });
});

import { describe, expect, it } from "vitest";
import { aCatalog, aContext, aPool, nowMs } from "../../test/fleet/builders.ts";
import { compiledSchedule, leadOf, poolTargets } from "./pool-target.ts";

describe("what the pools want", () => {
  it("is asked of the pools of this environment and region alone", () => {
    const pools = [
      aPool("mine", { hot: 2, stopped: 3 }),
      aPool("prod", { environment: "prod", hot: 9 }),
      aPool("far", { regions: [{ name: "moon" }], hot: 9 }),
    ];
    const { targets } = poolTargets(aContext({ catalog: aCatalog({ pools }) }));
    expect(targets.map(({ pool, hot, stopped }) => [pool.name, hot, stopped])).toEqual([
      ["mine", 2, 3],
    ]);
  });

  it("changes with the schedule, and the next change of any pool wakes the controller", () => {
    const day = {
      default: { hot: 0, stopped: 0 },
      entries: [
        {
          kind: "weekly" as const,
          name: "day",
          start: "09:30",
          end: "17:00",
          capacity: { hot: 4 },
        },
      ],
    };
    const pools = [aPool("always"), aPool("day", { schedule: day, leadMs: 60_000 })];
    const catalog = aCatalog({ pools });
    const before = poolTargets(aContext({ catalog }));
    const atMs = Date.parse("2026-11-24T09:29:00Z");
    expect(before.nextWakeAtMs).toBe(atMs);
    expect(poolTargets(aContext({ catalog, nowMs: atMs - 1 })).targets[1]?.hot).toBe(0);
    expect(poolTargets(aContext({ catalog, nowMs: atMs })).targets[1]?.hot).toBe(4);
    expect(before.nextWakeAtMs).toBeGreaterThan(nowMs);
  });

  it("is never again when nothing changes, and compiled once per configuration and lead", () => {
    const pool = aPool("p", { hot: 1, leadMs: "auto" });
    const context = aContext({ catalog: aCatalog({ pools: [pool] }) });
    expect(poolTargets(context).nextWakeAtMs).toBe(Number.POSITIVE_INFINITY);
    expect(compiledSchedule(pool, context)).toBe(compiledSchedule(pool, context));
  });

  it("is bought ahead by what the pool's own boots have shown, two minutes while they have not", () => {
    const lead = (bootMs?: number) =>
      leadOf(aPool("p", { leadMs: "auto" }), {
        bootMs: new Map(bootMs === undefined ? [] : [["p", bootMs]]),
      });
    expect(lead()).toBe(120_000);
    expect(lead(60_000)).toBe(75_000);
    expect(lead(61_000)).toBe(80_000);
    expect(leadOf(aPool("p", { leadMs: 30_000 }), { bootMs: new Map([["p", 1]]) })).toBe(30_000);
  });

  it("is a region's share of the pool's total, by weight", () => {
    const regions = [{ name: "local", weight: 2 }, { name: "moon" }];
    const pools = [aPool("p", { regions, hot: 4, stopped: 1 })];
    const [here] = poolTargets(aContext({ catalog: aCatalog({ pools }) })).targets;
    expect([here?.hot, here?.stopped]).toEqual([3, 1]);
  });
});

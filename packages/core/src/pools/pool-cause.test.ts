import { describe, expect, it } from "vitest";
import { causeOfShortage, missingOf, type Shortage } from "./pool-cause.ts";
import { noCounts } from "./pool-counts.ts";

const counts = { ...noCounts, ready: { hot: 2, stopped: 1 }, booting: 1, busy: 6 };

const shortage = (changes: Partial<Shortage> = {}): Shortage => ({
  pool: { name: "p", limits: { machines: 100 } },
  target: { hot: 5, stopped: 2 },
  counts,
  waiting: 0,
  environment: { name: "ci", room: 50 },
  ...changes,
});

describe("why a pool has fewer machines than it wants", () => {
  it("counts what is neither there nor on its way, jobs included", () => {
    expect(missingOf(shortage())).toBe(3);
    expect(missingOf(shortage({ waiting: 4 }))).toBe(7);
    expect(missingOf(shortage({ target: { hot: 0, stopped: 0 } }))).toBe(0);
  });

  it("is nothing that has to be told while machines are bought", () => {
    expect(causeOfShortage(shortage())).toBe(undefined);
  });

  it("is the failure that holds purchases back, the pool's limit, or the environment's", () => {
    const gate = { code: "capacity", message: "No capacity for c7g" } as const;
    const full = { name: "p", limits: { machines: 10 } };
    const environment = { name: "ci", room: 0 };
    expect(causeOfShortage(shortage({ gate, pool: full, environment }))).toBe(gate);
    expect(causeOfShortage(shortage({ pool: full, environment }))).toEqual({
      code: "pool-limit",
      message: "Pool p has all of its 10 machines",
    });
    expect(causeOfShortage(shortage({ environment }))?.code).toBe("environment-limit");
  });

  it("does not arise when nothing is missing, whatever the limits", () => {
    const target = { hot: 3, stopped: 1 };
    const environment = { name: "ci", room: 0 };
    expect(causeOfShortage(shortage({ target, environment }))).toBe(undefined);
  });

  it("is the schedule when that cannot be read", () => {
    expect(causeOfShortage(shortage({ problem: "Unknown time zone" }))).toEqual({
      code: "config",
      message: "Its schedule cannot be read, so it keeps what it has: Unknown time zone",
    });
  });
});

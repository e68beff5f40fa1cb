import { describe, expect, it } from "vitest";
import { aJob } from "../../test/fleet/builders.ts";
import { jobMatters } from "./plan-relevance.ts";
import type { JobRecord } from "./records.ts";

const ours: Partial<JobRecord> = { state: "running", runnerName: "rf-m-1", machineId: "m" };
const elsewhere: Partial<JobRecord> = { state: "running", runnerName: "somebody" };
const nowhereYet: Partial<JobRecord> = { state: "running" };
const over: Partial<JobRecord> = { state: "completed", runnerName: "rf-m-1", machineId: "m" };

describe("what plans have to be made anew for", () => {
  it.each([
    ["is new", undefined, {}, [true, true]],
    ["waits and starts", {}, ours, [true, true]],
    ["lost its machine and waits again", { state: "assigned", machineId: "m" }, {}, [true, true]],
    ["starts on its machine", { state: "assigned", machineId: "m" }, ours, [false, false]],
    ["starts, GitHub has not said where", nowhereYet, ours, [false, false]],
    ["is over", ours, over, [false, true]],
    [
      "had a machine and runs elsewhere",
      { state: "assigned", machineId: "m" },
      elsewhere,
      [false, true],
    ],
    ["turns out to run elsewhere", nowhereYet, elsewhere, [false, true]],
  ] as const)(
    "a job that %s (without limits, with limits per repository)",
    (_, before, after, matters) => {
      const was = before === undefined ? undefined : aJob("1", before);
      const found = [false, true].map((limited) => jobMatters(was, aJob("1", after), limited));
      expect(found).toEqual(matters);
    },
  );
});

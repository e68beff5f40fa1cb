import { beforeEach, describe, expect, it } from "vitest";
import { aCatalog, aPool } from "../../../../test/fleet/builders.ts";
import { createOracleStage, type OracleStage } from "../../../../test/simulation/stage.ts";
import type { Narrowing } from "../../../routing/index.ts";
import type { Arrival } from "../plan-scenario.ts";
import type { StoredJob } from "../record-facts.ts";
import {
  createNarrowedMemory,
  judgeNarrowed,
  type NarrowedMemory,
  noteAnswer,
} from "./narrowed.ts";

const minutes = 60_000;
const repository = "acme/app";
const shape = { os: "linux", cpu: { min: 8, max: 8 }, spot: false } as const;
let stage: OracleStage;
let memory: NarrowedMemory;

beforeEach(async () => {
  stage = await createOracleStage(aCatalog({ pools: [aPool("big", { shape }), aPool("other")] }));
  memory = createNarrowedMemory();
});

function answer(narrowing: Omit<Narrowing, "version"> | undefined, who = "p1.1"): void {
  const told = narrowing && { version: "1", ...narrowing };
  noteAnswer(memory, who, repository, { atMs: stage.clock.now(), narrowing: told });
}

/** A job is stored for the first time. */
function store(
  labels: string,
  changes: Partial<StoredJob> = {},
  { who = "p1.1", ...arrival }: Partial<Arrival> & { readonly who?: string } = {},
): void {
  stage.addJob("1", 0, { labels: [labels], repository, ...arrival });
  const after: StoredJob = {
    ...{ key: "1.1", jobId: "1", repository, state: "queued" },
    ...{ traceId: undefined, knownMs: 0, sinceMs: 0 },
    ...changes,
  };
  const jobs = [{ before: undefined, after }];
  judgeNarrowed(stage.observation, memory, who, { jobs, machines: [], attempts: [] });
}

const big = "runs-fleet/pool=big";
const refused = { state: "failed", cause: { code: "forbidden-pool" } } as const;

describe("a job that gets a place", () => {
  it.each<[string, Omit<Narrowing, "version"> | undefined, string, Partial<StoredJob>]>([
    ["a pool, of which nothing is said", undefined, big, {}],
    ["a pool that is listed", { pools: ["b?g"] }, big, {}],
    ["no pool, and none is listed", { pools: [] }, "runs-fleet/cpu=4", {}],
    ["as many vCPUs as may be", { maxCpu: 4 }, "runs-fleet/cpu=4", {}],
    ["an environment by a glob", { environments: ["C*"] }, big, {}],
    [
      "smaller bounds",
      { maxJobs: 3, maxReruns: 1 },
      big,
      { placement: { perRepository: 2, maxReruns: 0 } },
    ],
  ])(
    "may have what its repository allows itself: %s (narrowed)",
    (_, narrowing, labels, changes) => {
      answer(narrowing);
      store(labels, changes);
      expect(stage.judge.checks["narrowed"]).toBe(1);
      expect(stage.found()).toEqual([]);
    },
  );

  it.each<[string, Omit<Narrowing, "version">, string, Partial<StoredJob>]>([
    ["a pool that is not listed", { pools: ["b", "small*"] }, big, {}],
    ["a pool with too many vCPUs", { maxCpu: 4 }, big, {}],
    ["too many vCPUs", { maxCpu: 3 }, "runs-fleet/cpu=4", {}],
    ["another environment", { environments: ["prod"] }, big, {}],
    ["a larger bound of jobs", { maxJobs: 3 }, big, { placement: { perRepository: 4 } }],
    ["no bound of jobs", { maxJobs: 3 }, big, {}],
    ["more re-runs", { maxReruns: 0 }, big, { placement: { maxReruns: 1 } }],
  ])("may not have %s", (_, narrowing, labels, changes) => {
    answer(narrowing);
    store(labels, changes);
    expect(stage.found()).toEqual(["narrowed"]);
  });

  it("is one whose repository was asked about, by the process that serves it", () => {
    answer(undefined, "p2.1");
    store(big);
    expect(stage.found()).toEqual(["narrowed"]);
  });

  it("goes by what was said when it was routed, or just before", async () => {
    answer({ pools: [] });
    await stage.clock.advance(2 * minutes);
    answer(undefined);
    store(big);
    expect(stage.found()).toEqual([]);
    await stage.clock.advance(4 * minutes);
    answer({ pools: [] });
    store(big);
    expect(stage.found()).toEqual(["narrowed"]);
  });

  it("is not judged when it is run again, runs already, or is not its repository's business", () => {
    answer({ pools: [] });
    store(big, { rerunOf: "0.1" });
    store(big, { state: "running" });
    store(big, {}, { isWrong: true });
    expect(stage.judge.checks["narrowed"]).toBe(0);
  });
});

describe("a job that is refused for its repository's sake", () => {
  it("asked for what it may not have", () => {
    answer({ pools: ["other"] });
    store(big, refused);
    expect(stage.judge.checks["narrowed"]).toBe(1);
    expect(stage.found()).toEqual([]);
  });

  it.each<[string, Omit<Narrowing, "version"> | undefined]>([
    ["allows itself that", { pools: ["big"] }],
    ["says nothing", undefined],
  ])("is not refused while it %s", (_, narrowing) => {
    answer(narrowing);
    store(big, refused);
    expect(stage.found()).toEqual(["narrowed"]);
  });
});

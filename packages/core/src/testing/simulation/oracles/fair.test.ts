import { beforeEach, describe, expect, it } from "vitest";
import { aCatalog, aJob, aMachine, anAttempt, aPool } from "../../../../test/fleet/builders.ts";
import { createOracleStage, type OracleStage } from "../../../../test/simulation/stage.ts";
import type { JobRecord } from "../../../fleet/records.ts";
import type { Json } from "../../../ports/json.ts";
import type { Write } from "../../../ports/state-store.ts";
import { createRecordFacts, type RecordFacts } from "../record-facts.ts";
import { createHeldBack, judgeFairness } from "./fair.ts";

const seconds = 1_000;
let stage: OracleStage;
let records: RecordFacts;

function write(table: Write["table"], id: string, value: object, open = true): Write {
  return { table, id, shard: "ci/local", open, expected: "any", value: value as Json };
}

function job(id: string, changes: Partial<JobRecord> = {}): Write {
  return write("jobs", `${id}.1`, aJob(id, { fit: "pool:a", demand: "acme||a", ...changes }));
}

function machine(id: string, changes: object): Write {
  return write("machines", id, aMachine(id, { fit: "pool:a", ...changes }));
}

function commit(...writes: readonly Write[]): void {
  const changes = records.take(writes, stage.clock.now());
  const isHeldBack = createHeldBack(stage.trouble, stage.clock)();
  judgeFairness(stage.observation, records, changes, isHeldBack);
}

beforeEach(async () => {
  const catalog = aCatalog({
    environments: [{ name: "ci", regions: ["local"], machines: 2 }],
    pools: [aPool("a"), aPool("b", { limits: { machines: 2 } })],
  });
  stage = await createOracleStage(catalog);
  records = createRecordFacts();
  stage.addJob("1", 90 * seconds);
  stage.addJob("2", 60 * seconds);
});

/** Job 1 is older than job 2; both have waited on record for ten seconds. */
async function bothWait(first: Partial<JobRecord> = {}, second: Partial<JobRecord> = {}) {
  commit(job("1", first), job("2", second));
  await stage.clock.advance(10 * seconds);
}

describe("fair", () => {
  it("is to give a ready machine to the oldest job that it fits", async () => {
    await bothWait();
    commit(job("1", { state: "assigned" }), machine("m", { state: "claimed", jobKey: "1.1" }));
    expect(stage.judge.checks["fair"]).toBe(1);
    expect(stage.found()).toEqual([]);
  });

  it("is not to give it to a younger one", async () => {
    await bothWait({}, { demand: "acme||other-labels" });
    commit(job("2", { state: "assigned" }), machine("m", { state: "claimed", jobKey: "2.1" }));
    expect(stage.found()).toEqual(["fair"]);
  });

  it("is not to let a younger job adopt a runner that the older one could have had", async () => {
    await bothWait();
    commit(job("2", { state: "assigned" }));
    expect(stage.found()).toEqual(["fair"]);
  });

  it("asks nothing for jobs that were heard of just now, or that other machines fit", async () => {
    commit(job("1"), job("2"));
    commit(job("2", { state: "assigned" }), machine("m", { state: "claimed", jobKey: "2.1" }));
    expect(stage.found()).toEqual([]);
    commit(job("2"), job("1", { fit: "pool:b", demand: "acme||b" }));
    await stage.clock.advance(10 * seconds);
    commit(job("2", { state: "assigned" }), machine("n", { state: "claimed", jobKey: "2.1" }));
    expect(stage.found()).toEqual([]);
  });

  it("is to pass over a repository at its own limit, and not to give it more (bounded)", async () => {
    const limited = {
      repository: "acme/app",
      placement: {
        environment: "ci",
        shape: { os: "linux", cpu: { min: 2, max: 2 } },
        policy: "everyone",
        perRepository: 1,
      },
    } as const;
    commit(job("0", { ...limited, state: "running" }));
    await bothWait(limited, { repository: "acme/web" });
    commit(job("2", { state: "assigned" }), machine("m", { state: "claimed", jobKey: "2.1" }));
    expect(stage.found()).toEqual([]);
    commit(
      job("1", { ...limited, state: "assigned" }),
      machine("n", { state: "claimed", jobKey: "1.1" }),
    );
    expect(stage.found()).toEqual(["bounded"]);
  });

  it.each([
    ["on somebody else's runner", { runnerName: "somebody" }, []],
    ["on a machine of ours", { runnerName: "rf-m-1", machineId: "m" }, ["bounded"]],
    ["where GitHub has not said yet", {}, ["bounded"]],
  ] as const)(
    "counts a job towards its repository's limit unless it takes no machine: it runs %s",
    (_, of, found) => {
      const placement = {
        environment: "ci",
        shape: { os: "linux", cpu: { min: 2, max: 2 } },
        policy: "everyone",
        perRepository: 1,
      } as const;
      commit(job("0", { placement, state: "running", ...of }));
      commit(job("1", { placement }));
      commit(job("1", { placement, state: "assigned" }));
      expect(stage.found()).toEqual(found);
    },
  );

  it("is to buy the last machine that the environment may have for the oldest job, whatever it fits", async () => {
    await stage.clock.advance(20 * 60 * seconds);
    commit(machine("m", { state: "running" }));
    await bothWait({}, { fit: "pool:b", demand: "acme||b" });
    commit(write("attempts", "x", anAttempt("x", { fit: "pool:a", reason: "demand" })));
    expect(stage.judge.checks["fair"]).toBeGreaterThan(0);
    expect(stage.found()).toEqual([]);
  });

  it.each(["demand", "hot"])(
    "is not to buy it for a younger one, nor for spares (%s)",
    async (reason) => {
      await stage.clock.advance(20 * 60 * seconds);
      commit(machine("m", { state: "running" }));
      await bothWait({}, { fit: "pool:b", demand: "acme||b" });
      commit(write("attempts", "x", anAttempt("x", { fit: "pool:b", reason })));
      expect(stage.found()).toEqual(["fair"]);
    },
  );
});

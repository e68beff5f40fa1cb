import { beforeEach, describe, expect, it } from "vitest";
import { aCatalog, aPool } from "../../../../test/fleet/builders.ts";
import { createOracleStage, type OracleStage } from "../../../../test/simulation/stage.ts";
import type { FleetStatus } from "../../../fleet/status.ts";
import type { Orchestrator } from "../../../orchestrator-port.ts";
import type { Catalog } from "../../../routing/index.ts";
import { createFloorMemory } from "./floors.ts";
import { createStatusMemory, judgeStatus } from "./status.ts";

const minutes = 60_000;
/** Berlin's clock goes back at 01:00Z. */
const startMs = Date.parse("2026-10-25T00:00:00Z");
const catalog: Catalog = aCatalog({
  pools: [
    aPool("night", {
      schedule: {
        timeZone: "Europe/Berlin",
        default: { hot: 1, stopped: 0 },
        entries: [
          { kind: "weekly", name: "w", start: "02:30", end: "04:00", capacity: { hot: 3 } },
        ],
      },
      leadMs: 5 * minutes,
    }),
  ],
});

let stage: OracleStage;
const memory = () => createStatusMemory();

beforeEach(async () => {
  // The stage is an hour old then: 01:00Z, the first instant after the change.
  stage = await createOracleStage(catalog, startMs);
});

function pool(changes: object = {}): FleetStatus["pools"][number] {
  return {
    name: "night",
    target: { hot: 3, stopped: 0 },
    ready: { hot: 3, stopped: 0 },
    booting: 0,
    buying: 0,
    busy: 0,
    machines: 3,
    limits: { machines: 10 },
    timeZone: "Europe/Berlin",
    words: { now: "", next: "" },
    ...changes,
  } as FleetStatus["pools"][number];
}

async function look(
  changes: Partial<FleetStatus>,
  statuses = memory(),
  told: Awaited<ReturnType<Orchestrator["explain"]>> = [],
): Promise<void> {
  const status = {
    environment: "ci",
    role: "controller",
    catalogVersion: "1",
    headline: "",
    decisions: [],
    pools: [pool()],
    jobs: [],
    machines: [],
    ...changes,
  } as FleetStatus;
  const orchestrator = {
    status: async () => status,
    explain: async () => told,
  } as unknown as Orchestrator;
  const floors = createFloorMemory(stage.truth.pools, startMs, startMs + 24 * 60 * minutes);
  await judgeStatus(
    stage.observation,
    statuses,
    floors,
    [{ name: "p1", orchestrator }],
    (version) => (version === catalog.version ? catalog : undefined),
  );
}

describe("exact-schedule", () => {
  it("is to want what the local calendar says, in the hour that the clock repeats too", async () => {
    await look({});
    expect(stage.judge.checks["exact-schedule"]).toBe(1);
    expect(stage.found()).toEqual([]);
  });

  it("is not to want what another clock says", async () => {
    await look({ pools: [pool({ target: { hot: 1, stopped: 0 } })] });
    expect(stage.found()).toEqual(["exact-schedule"]);
  });

  it("is to have every pool, one whose lead is learnt included", async () => {
    await look({ pools: [] });
    expect(stage.found()).toEqual(["exact-schedule"]);
  });
});

describe("last-good", () => {
  it("is to go by a configuration that is sound", async () => {
    await look({ catalogVersion: "1-bad" });
    expect(stage.found()).toEqual(["last-good"]);
  });
});

describe("explained", () => {
  const job = {
    id: "1.1",
    repository: "acme/app",
    queuedAtMs: startMs,
    waitsMs: {},
    labels: [],
    pool: "night",
  };
  const coming = {
    atMs: 0,
    subject: {},
    code: "machine-coming",
    message: "a machine comes",
    current: true,
  } as const;

  it("is a pool that lacks machines and says why, or has some on the way", async () => {
    const statuses = memory();
    const short = { ready: { hot: 1, stopped: 0 } };
    await look({ pools: [pool({ ...short, booting: 2 })] }, statuses);
    await look({ pools: [pool({ ...short, booting: 2 })] }, statuses);
    const cause = { code: "pool-limit", message: "" };
    await look({ pools: [pool({ ...short, cause })] }, statuses);
    await look({ pools: [pool({ ...short, cause })] }, statuses);
    expect(stage.found()).toEqual([]);
  });

  it("is not a pool that lacks machines for two looks and is silent", async () => {
    const statuses = memory();
    const short = pool({ ready: { hot: 1, stopped: 0 } });
    await look({ pools: [short] }, statuses);
    expect(stage.found()).toEqual([]);
    await look({ pools: [short] }, statuses);
    expect(stage.found()).toEqual(["explained"]);
  });

  it("is not a job that failed without a cause, or waits with none", async () => {
    await look({ jobs: [{ ...job, state: "failed" }] });
    expect(stage.found()).toEqual(["explained"]);
    const admitted = { atMs: 0, subject: {}, code: "admitted", message: "Policy p" };
    await look({ jobs: [{ ...job, id: "2.1", state: "queued" }] }, memory(), [admitted]);
    expect(stage.found()).toEqual(["explained", "explained"]);
  });

  it("is not a job that is told of a machine when none comes", async () => {
    const statuses = memory();
    const jobs = [{ ...job, state: "queued" as const }];
    await look({ jobs, pools: [pool({ booting: 1 })] }, statuses, [coming]);
    await look({ jobs, pools: [pool({ booting: 1 })] }, statuses, [coming]);
    await look({ jobs }, statuses, [coming]);
    expect(stage.found()).toEqual([]);
    await look({ jobs }, statuses, [coming]);
    expect(stage.found()).toEqual(["explained"]);
  });
});

import { beforeEach, describe, expect, it } from "vitest";
import { aCatalog } from "../../../../test/fleet/builders.ts";
import { createOracleStage, type OracleStage } from "../../../../test/simulation/stage.ts";
import { createFakeGitHub, type FakeGitHubExchange } from "../../github/index.ts";
import { createSeededEntropy } from "../../seeded-entropy.ts";
import { createVirtualClock } from "../../virtual-clock.ts";
import type { Fault } from "../faults.ts";
import { createRecordFacts, type RecordFacts } from "../record-facts.ts";
import {
  createToldMemory,
  judgeTelling,
  judgeToldEnds,
  judgeToldWaits,
  type TakenCheck,
  type ToldMemory,
  takenCheck,
} from "./told.ts";

const seconds = 1_000;
const minutes = 60 * seconds;
const afterMs = 10 * minutes;
let stage: OracleStage;
let told: ToldMemory;
let records: RecordFacts;

beforeEach(() => begin({ afterMs, outcome: "check-run" }));

async function begin(unserved?: { afterMs: number; outcome: "check-run" }): Promise<void> {
  stage = await createOracleStage(aCatalog(unserved ? { unserved } : {}));
  told = createToldMemory();
  records = createRecordFacts();
}

function store(state: string): void {
  const value = { key: "1.1", jobId: "1", repository: "acme/app", state };
  records.take(
    [{ table: "jobs", id: "1.1", shard: "ci/local", open: true, expected: "absent", value }],
    stage.clock.now(),
  );
}

function tell(check: Partial<TakenCheck> = {}): void {
  judgeTelling(stage.observation, stage.trouble, told, {
    ...{ externalId: "1.1", isWaiting: true, isNew: true },
    ...check,
  });
}

const look = (): void => judgeToldWaits(stage.observation, stage.trouble, told, records);

describe("a job that waits", () => {
  it("is told of once, after its time, and not again when it is refused (told-in-time)", async () => {
    stage.addJob("1", 0);
    store("queued");
    await stage.clock.advance(afterMs + 5 * seconds);
    tell();
    await stage.clock.advance(30 * minutes);
    look();
    tell({ isWaiting: false, isNew: false });
    expect(stage.judge.checks["told-in-time"]).toBeGreaterThan(3);
    expect(stage.found()).toEqual([]);
  });

  it("is told of within three minutes after its time", async () => {
    stage.addJob("1", 0);
    store("queued");
    await stage.clock.advance(afterMs + 2 * minutes);
    look();
    expect(stage.found()).toEqual([]);
    await stage.clock.advance(minutes);
    look();
    expect(stage.found()).toEqual(["told-in-time"]);
  });

  it("need not be told of while it is promised a machine, nor just after it was given back", async () => {
    stage.addJob("1", 0);
    store("queued");
    store("assigned");
    await stage.clock.advance(afterMs + 10 * minutes);
    look();
    store("queued");
    await stage.clock.advance(2 * minutes);
    look();
    expect(stage.found()).toEqual([]);
    await stage.clock.advance(minutes);
    look();
    expect(stage.found()).toEqual(["told-in-time"]);
  });

  it("need not be told of while something is wrong, and a while after", async () => {
    stage.addJob("1", 0);
    store("queued");
    await stage.clock.advance(afterMs + 10 * minutes);
    const fault: Fault = { id: "f", kind: "region-down", atMs: 0, forMs: minutes };
    stage.trouble.begin(fault);
    look();
    stage.trouble.end(fault);
    await stage.clock.advance(6 * minutes);
    look();
    expect(stage.found()).toEqual([]);
    await stage.clock.advance(minutes);
    look();
    expect(stage.found()).toEqual(["told-in-time"]);
  });

  it("is not told of before its time", () => {
    stage.addJob("1", afterMs - 13 * seconds);
    tell();
    expect(stage.found()).toEqual(["told-in-time"]);
  });

  it("is not told of when nobody asked for it", async () => {
    await begin();
    stage.addJob("1", afterMs);
    tell();
    look();
    expect(stage.found()).toEqual(["told-in-time"]);
  });

  it("is not said to wait for long after it began or ended, in calm", async () => {
    for (const end of ["startedAtMs", "completedAtMs"] as const) {
      await begin({ afterMs, outcome: "check-run" });
      stage.addJob("1", 0);
      await stage.clock.advance(afterMs);
      tell();
      const ends = (): void => judgeToldEnds(stage.observation, stage.trouble, told);
      await stage.clock.advance(60 * minutes);
      ends();
      const job = stage.truth.jobs.get("1");
      if (job) job[end] = stage.clock.now();
      await stage.clock.advance(7 * minutes - 1);
      ends();
      expect(stage.found()).toEqual([]);
      await stage.clock.advance(1);
      ends();
      expect(stage.found()).toEqual(["told-in-time"]);
      tell({ isWaiting: false, isNew: false });
      ends();
      expect(stage.found()).toEqual(["told-in-time"]);
    }
  });

  it("is not told of when it has begun, or ended, for a minute", async () => {
    stage.addJob("1", afterMs);
    const job = stage.truth.jobs.get("1");
    if (job) job.startedAtMs = stage.clock.now();
    await stage.clock.advance(minutes);
    tell();
    expect(stage.found()).toEqual([]);
    await stage.clock.advance(seconds);
    tell({ isNew: false });
    expect(stage.found()).toEqual(["told-in-time"]);
  });

  it("is not told of twice, nor on two check runs", async () => {
    stage.addJob("1", afterMs);
    tell();
    await stage.clock.advance(3 * minutes + 1);
    tell({ isNew: false });
    expect(stage.found()).toEqual(["told-in-time"]);
    tell({ isWaiting: false });
    expect(stage.found()).toEqual(["told-in-time", "told-in-time"]);
  });
});

/** A GitHub to which a job was reported as waiting, and then as refused. */
async function reported(onExchange: (exchange: FakeGitHubExchange) => void) {
  const clock = createVirtualClock(Date.parse("2026-11-24T09:00:00Z"));
  const github = createFakeGitHub({ clock, entropy: createSeededEntropy(1), onExchange });
  const repository = "acme/app";
  const sha = github.commitFile({ repository, path: "a", text: "1" });
  for (const [conclusion, title] of [
    ["neutral", "Waits for a machine: capacity"],
    ["failure", "No runner: deadline-exceeded"],
  ] as const) {
    const text = { name: "runs-fleet", title, summary: "s", annotations: [] };
    const done = github.client.checks.report(repository, {
      ...{ ...text, sha, conclusion, externalId: "1.1" },
    });
    await clock.advance(minutes);
    await done;
  }
  return github;
}

describe("what GitHub took as a check run", () => {
  const made = {
    ...{ method: "POST", path: "/x", query: {}, request: {}, status: 201 },
    route: "/repos/{owner}/{repo}/check-runs",
    response: { external_id: "1.1", output: { title: "Waits for a machine: capacity" } },
  };

  it("is read from the exchange, and nothing else is", () => {
    const check = { externalId: "1.1", isWaiting: true, isNew: true };
    expect(takenCheck(made)).toEqual(check);
    const route = "/repos/{owner}/{repo}/check-runs/{check_run_id}";
    const changed = { ...made, method: "PATCH", route, status: 200 };
    expect(takenCheck(changed)).toEqual({ ...check, isNew: false });
    expect(takenCheck({ ...made, status: 422 })).toBeUndefined();
    expect(takenCheck({ ...made, method: "GET", status: 200 })).toBeUndefined();
    expect(takenCheck({ ...made, route: "/repos/{owner}/{repo}" })).toBeUndefined();
  });

  it("is seen when the client reports one", async () => {
    const seen: TakenCheck[] = [];
    const github = await reported((exchange) => {
      const check = takenCheck(exchange);
      if (check) seen.push(check);
    });
    expect(github.checks()).toHaveLength(1);
    expect(seen.map(({ isNew, isWaiting }) => [isNew, isWaiting])).toEqual([
      [true, true],
      [false, false],
    ]);
  });
});

describe("many words at once", () => {
  const saying = (count: number) => {
    for (let word = 0; word < count; word += 1)
      tell({ externalId: `9${word}.1`, isWaiting: false, isNew: false });
  };

  it("are said at a pace, and hold up the others that long (told-in-time)", async () => {
    stage.addJob("1", 0);
    store("queued");
    await stage.clock.advance(afterMs + 1 * minutes);
    for (let minute = 0; minute < 6; minute += 1) {
      saying(40);
      await stage.clock.advance(1 * minutes);
      look();
    }
    expect(stage.found()).toEqual([]);
    await stage.clock.advance(3 * minutes);
    look();
    expect(stage.found()).toEqual(["told-in-time"]);
  });

  it("hold up the others for as long as the hour is spent (told-in-time)", async () => {
    stage.addJob("1", 0);
    store("queued");
    for (let minute = 0; minute < 11; minute += 1) {
      saying(40);
      await stage.clock.advance(1 * minutes);
    }
    await stage.clock.advance(40 * minutes);
    look();
    expect(stage.found()).toEqual([]);
    await stage.clock.advance(30 * minutes);
    look();
    expect(stage.found()).toEqual(["told-in-time"]);
  });

  it("are too many when GitHub would shut the fleet out (call-budget)", () => {
    saying(80);
    expect(stage.found()).toEqual([]);
    saying(1);
    expect(stage.found()).toEqual(["call-budget"]);
  });
});

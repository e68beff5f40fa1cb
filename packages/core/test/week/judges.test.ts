import { describe, expect, it } from "vitest";
import { createMemoryQueue, createMemoryStore } from "../../src/embedded/index.ts";
import { createMemoryMachineProvider } from "../../src/embedded/memory-machine-provider.ts";
import { createFakeGitHub } from "../../src/testing/github/index.ts";
import { createSeededEntropy } from "../../src/testing/seeded-entropy.ts";
import { createVirtualClock } from "../../src/testing/virtual-clock.ts";
import { anAttempt, aPool } from "../fleet/builders.ts";
import { calendarOf, weeks } from "./configuration.ts";
import { arrivalsOf } from "./demand.ts";
import { type Frame, noCounts } from "./frames.ts";
import { measureHours } from "./hours.ts";
import { judgeWindows } from "./windows.ts";
import { createWitness } from "./witness.ts";

const hour = 3_600_000;
const opensMs = Date.parse("2026-03-30T12:00:00Z");
const day = { ...weeks.spring, fromMs: opensMs - 2 * hour, toMs: opensMs + 2 * hour };

/** Four hot from noon for an hour, bought a minute ahead. */
const pool = aPool("p", {
  leadMs: 60_000,
  limits: { machines: 6 },
  schedule: {
    default: { hot: 0, stopped: 0 },
    entries: [{ kind: "weekly", name: "noon", start: "12:00", end: "13:00", capacity: { hot: 4 } }],
  },
});
const calendar = calendarOf(pool);
const frame = (atMs: number, changes: Partial<Frame> = {}): Frame => ({
  atMs,
  ...noCounts,
  ...changes,
});

describe("the judge of windows", () => {
  const least = (frames: readonly Frame[], arrivals: readonly number[] = []) =>
    judgeWindows(pool, calendar, frames, arrivals, day).map((window) => [
      window.least,
      window.plain,
    ]);

  it("wants every machine ready at the first moment, and to the end of the first minute", () => {
    expect(least([frame(opensMs - 1, { ready: 4 })])).toEqual([[1, 1]]);
    expect(least([frame(opensMs + 1, { ready: 4 })])).toEqual([[0, 0]]);
    const dips = [frame(opensMs - 1, { ready: 4 }), frame(opensMs + 59_999, { ready: 3 })];
    expect(least(dips)).toEqual([[0.75, 0.75]]);
    const later = [frame(opensMs - 1, { ready: 4 }), frame(opensMs + 60_000, { ready: 0 })];
    expect(least(later)).toEqual([[1, 1]]);
  });

  it("excuses one machine for each job queued within the lead time, and no longer", () => {
    const frames = [frame(opensMs - 1, { ready: 3, busy: 1 })];
    expect(least(frames, [opensMs])).toEqual([[1, 0.75]]);
    expect(least(frames, [opensMs - 1])).toEqual([[0.75, 0.75]]);
  });
});

describe("the measure of hours", () => {
  const hours = (frames: readonly Frame[]) => measureHours(pool, calendar, frames, day);
  // A minute of lead belongs to the target.
  const target = 4 + 4 / 60;

  it("finds nothing above or below a pool that follows its target", () => {
    const exact = hours([
      frame(opensMs - 60_000, { booting: 4 }),
      frame(opensMs, { ready: 4 }),
      frame(opensMs + hour),
    ]);
    expect(exact).toMatchObject({ above: 0, below: 0, longestBelowMs: 0 });
    expect(exact.target).toBeCloseTo(target);
    expect(exact.idle).toBeCloseTo(target);
  });

  it("counts machines that come early or stay late as above, and machines for waiting jobs not", () => {
    const early = hours([frame(opensMs - hour, { ready: 4 }), frame(opensMs + 2 * hour)]);
    expect(early.above).toBeCloseTo(8 - 4 / 60);
    const forJobs = hours([frame(opensMs - hour, { booting: 2, waiting: 2 }), frame(opensMs - 1)]);
    expect([forJobs.above, forJobs.idle]).toEqual([0, 0]);
    const jobGone = hours([frame(opensMs - hour, { booting: 2 }), frame(opensMs - hour / 2)]);
    expect(jobGone.above).toBeCloseTo(1);
  });

  it("counts what is missing as below, unless the pool is full", () => {
    const missing = hours([frame(opensMs - hour)]);
    expect(missing.below).toBeCloseTo(target);
    expect(missing.longestBelowMs).toBe(hour + 60_000);
    expect(hours([frame(opensMs - hour, { busy: 6 })]).below).toBe(0);
  });

  it("compares with the peak all week", () => {
    expect(hours([]).usd.alwaysOn).toBeCloseTo(4 * 4 * 0.0816);
  });
});

describe("the witness", () => {
  it("tells of a stop or a termination of a machine with an unread assignment, a claim or a job", async () => {
    const clock = createVirtualClock(opensMs);
    const github = createFakeGitHub({ clock, entropy: createSeededEntropy(1) });
    const witness = createWitness(clock.now);
    witness.watch(github);
    const provider = witness.provider(createMemoryMachineProvider({ region: "local", clock }));
    const store = witness.store(createMemoryStore({ clock }));
    const reports = witness.reports(createMemoryQueue({ clock }));
    const lease = await store.leases.acquire("ci/local", "me", hour);
    if (!lease) throw new Error("No lease");
    const jobId = github.queueJob({ repository: "acme/a", labels: ["x"], durationMs: 1 });
    witness.queued(jobId, "p");

    const { machines } = await provider.launch(anAttempt("a", {}, 3).request);
    const [idle = "", claimed = "", handed = ""] = machines.map(({ id }) => id);
    for (const id of [idle, claimed, handed])
      await reports.send([
        { body: { id: `${id}-1`, machineId: id, atMs: opensMs, sequence: 1, kind: "ready" } },
      ]);
    const record = { shard: "ci/local", open: true, expected: "absent" } as const;
    await store.commit(lease, [
      {
        ...record,
        table: "machines",
        id: claimed,
        value: { state: "claimed", jobKey: `${jobId}.1` },
      },
      { ...record, table: "assignments", id: handed, value: { id: "secret" } },
    ]);
    await provider.terminate([idle, claimed]);
    await provider.stop([handed]);
    expect(witness.counts().touches).toBe(3);
    expect(witness.busyTouches.map(({ machineId, call, why }) => [machineId, call, why])).toEqual([
      [claimed, "terminate", "claim"],
      [handed, "stop", "unread assignment"],
    ]);
  });
});

describe("the jobs of a week", () => {
  it("are the same for the same seed, and more at work than on a holiday or at night", () => {
    const arrivals = arrivalsOf(weeks.spring, createSeededEntropy(7), 1);
    expect(arrivalsOf(weeks.spring, createSeededEntropy(7), 1)).toEqual(arrivals);
    const between = (from: string, to: string): number =>
      arrivals.filter(({ atMs }) => atMs >= Date.parse(from) && atMs < Date.parse(to)).length;
    const atWork = between("2026-03-31T07:00:00Z", "2026-03-31T16:00:00Z");
    expect(atWork).toBeGreaterThan(10 * between("2026-04-03T07:00:00Z", "2026-04-03T16:00:00Z"));
    expect(atWork).toBeGreaterThan(10 * between("2026-03-31T18:00:00Z", "2026-04-01T00:00:00Z"));
  });
});

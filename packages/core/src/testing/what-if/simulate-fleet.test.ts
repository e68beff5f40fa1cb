import { describe, expect, it } from "vitest";
import {
  aCatalog,
  assignmentMs,
  bootMs,
  boots,
  delays,
  every,
  fromMs,
  hour,
  jobsAt,
  minute,
  second,
  steady,
} from "../../../test/what-if/fleets.ts";
import { admitJobs } from "./admit-jobs.ts";
import { createChance } from "./chance.ts";
import { generateJobs } from "./generate-jobs.ts";
import type { SimulateFleetOptions } from "./options.ts";
import { waitPhases } from "./report.ts";
import { simulateFleet } from "./simulate-fleet.ts";

const day = { fromMs, toMs: fromMs + 24 * hour };
const run = (
  options: Pick<SimulateFleetOptions, "catalog" | "jobs"> & Partial<SimulateFleetOptions>,
) =>
  simulateFleet({
    seed: 1,
    boots,
    delays,
    horizon: { fromMs, toMs: fromMs + 4 * hour },
    ...options,
  });

describe("a simulated fleet", () => {
  it("lets jobs wait for nothing but the assignment when enough machines are hot", async () => {
    const report = await run({
      catalog: aCatalog([steady(5)]),
      jobs: jobsAt(every(3 * minute, 70)),
    });
    expect(report.waitsMs.p50).toBe(assignmentMs);
    expect(report.waitsMs.max).toBe(assignmentMs);
    expect(report.served).toEqual({ hot: 1, stopped: 0, cold: 0 });
    expect(report.phasesMs).toEqual({
      delivery: second,
      limit: 0,
      boot: 0,
      planning: 0,
      assignment: second,
      registration: 3 * second,
    });
  });

  it("lets each job wait for a boot when none is", async () => {
    const report = await run({
      catalog: aCatalog([steady(0)]),
      jobs: jobsAt(every(3 * minute, 70)),
    });
    expect(report.waitsMs.p50).toBe(assignmentMs + bootMs);
    expect(report.waitsMs.max).toBe(assignmentMs + bootMs);
    expect(report.served).toEqual({ hot: 0, stopped: 0, cold: 1 });
    expect(report.phasesMs.boot).toBe(bootMs);
    expect(report.pools[0]).toMatchObject({ bought: 70, started: 0, belowTargetShare: 0 });
  });

  it("lets each job wait for the start of a stopped machine when all are stopped", async () => {
    const report = await run({
      catalog: aCatalog([steady(0, 5)]),
      jobs: jobsAt(every(10 * minute, 20)),
    });
    expect(report.served).toEqual({ hot: 0, stopped: 1, cold: 0 });
    expect(report.waitsMs.max).toBe(assignmentMs + 15 * second);
  });

  it("queues behind a limit of one machine as is computed by hand", async () => {
    const durationMs = 2 * minute;
    const chance = createChance(5, "arrivals");
    let atMs = 0;
    const arrivals = every(0, 60).map((_, index) => {
      atMs += Math.round(8 * minute * chance(index));
      return atMs;
    });
    const report = await run({
      catalog: aCatalog([steady(0, 0, { limits: { machines: 1 } })]),
      jobs: jobsAt(arrivals, { durationMs }),
      horizon: day,
    });
    // A machine serves one job: boot, assignment, job, end; its end is seen by a listing within 5 s while jobs wait.
    const expected = (noticedMs: number): number[] => {
      let freeMs = 0;
      return arrivals.map((arrivalMs) => {
        const startMs = Math.max(arrivalMs + second, freeMs) + bootMs + assignmentMs - second;
        freeMs = startMs + durationMs + second + noticedMs;
        return startMs - arrivalMs;
      });
    };
    const quantile = (waits: readonly number[], part: number): number =>
      [...waits].sort((left, right) => left - right)[Math.ceil(waits.length * part) - 1] ?? 0;
    for (const [name, part] of [
      ["p50", 0.5],
      ["p95", 0.95],
      ["max", 1],
    ] as const) {
      expect(report.waitsMs[name]).toBeGreaterThanOrEqual(quantile(expected(0), part));
      expect(report.waitsMs[name]).toBeLessThanOrEqual(quantile(expected(6 * second), part));
    }
    expect(report.pools[0]?.machines).toMatchObject({ peak: 1, limit: 1 });
    const [worst] = report.worst;
    expect(worst?.phasesMs.limit).toBeGreaterThan(worst?.phasesMs.boot ?? 0);
    expect(worst?.decisions.map(({ code }) => code)).toEqual(
      expect.arrayContaining(["pool-limit", "claimed", "launched"]),
    );
  });

  it("tells of the worst jobs what was decided, in order and once", async () => {
    const report = await run({ catalog: aCatalog([steady(0)]), jobs: jobsAt([minute]) });
    const decisions = report.worst[0]?.decisions ?? [];
    expect(decisions.map(({ code }) => code)).toEqual([
      "launched",
      "ready",
      "claimed",
      "claimed",
      "assigned",
      "acknowledged",
      "registered",
      "job-started",
      "started",
    ]);
    const times = decisions.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((left, right) => left - right));
  });

  it("prices an idle pool at its target, its hours and its rate", async () => {
    const rates = { p: { hotUsdPerHour: 0.2, stoppedUsdPerHour: 0.01, perStartUsd: 3 } };
    const report = await run({ catalog: aCatalog([steady(3, 2)]), jobs: [], rates });
    const { cost } = report;
    expect(cost?.idleUsd).toBeCloseTo(3 * 4 * 0.2, 6);
    expect(cost?.diskUsd).toBeCloseTo(2 * 4 * 0.01, 6);
    expect([cost?.busyUsd, cost?.bootUsd]).toEqual([0, 0]);
    expect(report.totalUsd).toBeCloseTo(3 * 4 * 0.2 + 2 * 4 * 0.01, 6);
    expect(cost?.usdPerWeek).toBeCloseTo((report.totalUsd ?? 0) * 42, 3);
    expect(report.series.pools[0]).toMatchObject({
      target: every(0, 48).map(() => 3),
      ready: every(0, 48).map(() => 3),
      stopped: every(0, 48).map(() => 2),
    });
  });

  it("splits the cost of jobs into busy and boot", async () => {
    const rates = { "*": { hotUsdPerHour: 3_600, stoppedUsdPerHour: 0 } };
    const report = await run({
      catalog: aCatalog([steady(0)]),
      jobs: jobsAt(every(10 * minute, 10)),
      rates,
    });
    // Seconds at a dollar: 60 booting; from the claim to the end 0.5 + 0.5 + 3 + 120 + 1.
    expect(report.cost?.bootUsd).toBeCloseTo(10 * 60, 0);
    expect(report.cost?.busyUsd).toBeCloseTo(10 * 125, 0);
    expect(report.cost?.idleUsd).toBe(0);
  });

  it("tells no total when some machines have no rate", async () => {
    const report = await run({
      catalog: aCatalog([steady(1)]),
      jobs: jobsAt([minute], { labels: ["runs-fleet/cpu=2"] }),
      rates: { p: { hotUsdPerHour: 1, stoppedUsdPerHour: 0 } },
    });
    expect(report.totalUsd).toBeUndefined();
    expect(report.trust.unpriced).toEqual(["-"]);
    expect(report.cost?.idleUsd).toBeCloseTo(4, 6);
  });

  it("loses no job: what is not served is counted, with its reason", async () => {
    const ours = { labels: ["runs-fleet/pool=p"] };
    const report = await run({
      catalog: aCatalog([steady(0, 0, { limits: { machines: 2 } })]),
      jobs: [
        ...jobsAt(every(minute, 10), ours),
        ...jobsAt([5 * hour, -1], ours),
        ...jobsAt([minute], { labels: ["ubuntu-latest"], id: "hosted" }),
        ...jobsAt([minute, minute], { labels: ["runs-fleet/cpus=2"] }),
        ...jobsAt([minute], { repository: "other/app" }),
        ...jobsAt([minute], { visibility: "public" }),
        ...jobsAt([2 * minute], { conclusion: "skipped" }),
        ...jobsAt([hour], { conclusion: "cancelled", durationMs: 20 * second }),
        // Longer than the tail of the simulation.
        ...jobsAt([3.9 * hour], { durationMs: 5 * hour }),
      ],
    });
    expect(report.jobs).toEqual({
      given: 20,
      leftOut: 4,
      completed: 10,
      running: 1,
      interrupted: 0,
      refused: 4,
      failed: 0,
      cancelled: 1,
      waiting: 0,
    });
    const { given, ...parts } = report.jobs;
    expect(Object.values(parts).reduce((sum, count) => sum + count)).toBe(given);
    expect(report.trust.leftOut.map(({ code, jobs }) => [code, jobs])).toEqual([
      ["outside-horizon", 2],
      ["not-ours", 1],
      ["skipped", 1],
    ]);
    expect(report.trust.leftOut[1]?.examples).toEqual(["hosted"]);
    expect(report.trust.unserved.map(({ code, jobs }) => [code, jobs])).toEqual([
      ["labels-invalid", 2],
      ["no-policy", 2],
      ["cancelled", 1],
    ]);
  });

  it("leaves those out whose repositories are only observed: something else serves them", async () => {
    const rollout = { claim: ["acme/w*"], else: "observe" } as const;
    const catalog = aCatalog([steady(2)], { rollout });
    const at = (repository: string) => jobsAt([0, minute], { repository });
    const report = await run({ catalog, jobs: [...at("acme/app"), ...at("acme/web")] });
    expect(report.jobs).toMatchObject({ given: 4, leftOut: 2, completed: 2, waiting: 0 });
    expect(report.trust.leftOut).toMatchObject([{ code: "observe-only", jobs: 2 }]);
  });

  it.each([
    [false, ["no-policy"], { completed: 1, refused: 1 }, 0],
    [true, [], { completed: 2, refused: 0 }, 1],
  ])("lets forks in where a policy allows them: %s", async (forks, codes, counts, ofPool) => {
    const policies = [{ name: "everyone", repositories: ["acme/*"], forks, allow: {} }];
    const catalog = aCatalog([steady(2)], { policies });
    const fork = jobsAt([minute], { fork: true });
    // The same repository and labels: only the fork differs.
    const report = await run({ catalog, jobs: [...jobsAt([0]), ...fork] });
    expect(report.jobs).toMatchObject(counts);
    expect(report.trust.unserved.map(({ code }) => code)).toEqual(codes);
    const admitted = admitJobs(catalog, fork, { fromMs, toMs: fromMs + hour }).lives;
    expect(admitted.filter(({ pool }) => pool === "p").length).toBe(ofPool);
  });

  it("serves a job whose runner was taken by another one with the same labels", async () => {
    // The first is cancelled while its machine boots: its runner takes whatever comes next.
    const report = await run({
      catalog: aCatalog([steady(0)]),
      jobs: [
        ...jobsAt([0], { conclusion: "cancelled", durationMs: 63 * second }),
        ...jobsAt([30 * second, 62 * second, 90 * second]),
      ],
    });
    expect(report.jobs).toMatchObject({ given: 4, completed: 3, cancelled: 1 });
  });

  it("gives up jobs that wait for an hour, and counts them", async () => {
    const report = await run({
      catalog: aCatalog([steady(0, 0, { limits: { machines: 1 } })]),
      jobs: jobsAt([0, 0, 0], { durationMs: 55 * minute }),
    });
    expect(report.jobs).toMatchObject({ completed: 2, failed: 1 });
    expect(report.trust.unserved).toMatchObject([{ code: "deadline-exceeded", jobs: 1 }]);
  });

  it("counts jobs that are lost with their spot machine", async () => {
    const pool = steady(0);
    const catalog = aCatalog([{ ...pool, shape: { ...pool.shape, spot: true } }]);
    const jobs = jobsAt(every(5 * minute, 40), { durationMs: 50 * minute });
    const report = await run({ catalog, jobs, interruptionsPerHour: 0.5 });
    expect(report.jobs.interrupted).toBeGreaterThan(5);
    const { interrupted, completed, running } = report.jobs;
    expect(interrupted + completed + running).toBe(40);
  });

  it("keeps the limit of a repository, and shows the peak beside it", async () => {
    const report = await run({
      catalog: aCatalog([steady(6)], {
        policies: [
          { name: "few", repositories: ["acme/*"], allow: {}, limits: { perRepository: 2 } },
        ],
      }),
      jobs: jobsAt(every(0, 8)),
    });
    expect(report.repositories).toMatchObject([{ name: "acme/app", peak: 2, limit: 2 }]);
    expect(report.jobs.completed).toBe(8);
    expect(report.phasesMs.limit).toBeGreaterThan(minute);
  });

  it("simulates every environment and region that a pool or a job needs", async () => {
    const other = {
      ...steady(2),
      name: "q",
      environment: "prod",
      regions: [{ name: "eu-west-1" }],
    };
    const report = await run({
      catalog: aCatalog([steady(2), other], {
        environments: [
          { name: "ci", regions: ["local"] },
          { name: "prod", regions: ["local", "eu-west-1"], machines: 9 },
        ],
      }),
      jobs: [
        ...jobsAt(every(5 * minute, 10)),
        ...jobsAt(every(5 * minute, 10), { labels: ["runs-fleet/pool=q"] }),
        ...jobsAt([minute], { labels: ["runs-fleet/env=prod/cpu=2/region=eu-west-1"] }),
      ],
    });
    expect(report.trust.unserved).toEqual([]);
    expect(report.jobs.completed).toBe(21);
    expect(report.environments.map(({ name, limit }) => [name, limit])).toEqual([
      ["ci", undefined],
      ["prod", 9],
    ]);
    expect(report.pools.map(({ name, waitsMs }) => [name, waitsMs.jobs])).toEqual([
      ["p", 10],
      ["q", 10],
      ["-", 1],
    ]);
  });

  it("holds the recorded starts against its own", async () => {
    const jobs = jobsAt(every(10 * minute, 20)).map((job) => ({
      ...job,
      startedAtMs: job.queuedAtMs + 50 * second,
    }));
    const { baseline } = await run({ catalog: aCatalog([steady(0)]), jobs });
    expect(baseline).toMatchObject({
      jobs: 20,
      errorP50: { ms: 15 * second, share: 0.3 },
      errorP95: { ms: 15 * second, share: 0.3 },
    });
  });

  it("tells by hour when jobs were queued, on the report's clock", async () => {
    const { hours, weekHours } = await run({
      catalog: aCatalog([steady(3)]),
      jobs: jobsAt([10 * minute, 20 * minute, 3 * hour]),
      timeZone: "Asia/Kolkata",
    });
    expect(hours.map(({ atMs, jobs }) => [(atMs - fromMs) / hour, jobs])).toEqual([
      [0, 2],
      [3, 1],
    ]);
    // Tuesday 05:40 and 05:50, and 08:30.
    expect(weekHours.map(({ hour: at, jobs }) => [at, jobs])).toEqual([
      [29, 2],
      [32, 1],
    ]);
  });

  it("gives the same bytes for the same inputs, and shows how far seeds differ", async () => {
    const jobs = generateJobs({
      pattern: "office-hours",
      jobsPerDay: 150,
      days: 1,
      seed: 3,
      fromMs,
      labels: [["runs-fleet/pool=p"], ["runs-fleet/cpu=2"]],
    });
    const options = { catalog: aCatalog([steady(1, 1)]), jobs, seed: 1, seeds: 3, horizon: day };
    const once = await simulateFleet(options);
    expect(JSON.stringify(await simulateFleet(options))).toBe(JSON.stringify(once));
    const { min, median, max, values = [] } = once.spread?.p95Ms ?? {};
    expect([...values].sort((left, right) => left - right)).toEqual([min, median, max]);
    expect(values[0]).toBe(once.waitsMs.p95);
    expect(once.spread?.seeds).toEqual([1, 2, 3]);
    expect(once.spread?.p95Ms.min).toBeLessThan(once.spread?.p95Ms.max ?? 0);
    for (const { phasesMs, waitMs } of once.worst) {
      expect(waitPhases.reduce((sum, phase) => sum + phasesMs[phase], 0)).toBe(waitMs);
    }
  });

  it("tells its progress, and ends when it is told to", async () => {
    const parts: number[] = [];
    const stop = new AbortController();
    const running = run({
      catalog: aCatalog([steady(1)]),
      jobs: jobsAt([minute]),
      onProgress: (part) => {
        parts.push(part);
        if (part > 0.4) stop.abort(new Error("enough"));
      },
      signal: stop.signal,
    });
    await expect(running).rejects.toThrow("enough");
    expect(parts).toEqual([...parts].sort((left, right) => left - right));
  });

  it.each([
    ["seed", { seed: 0.5 }],
    ["seeds", { seeds: 0 }],
    ["horizon", { horizon: { fromMs: 5, toMs: 5 } }],
    ["interruptionsPerHour", { interruptionsPerHour: 2 }],
    ["jobs[0].durationMs", { jobs: jobsAt([0], { durationMs: -1 }) }],
    ["jobs[0].repository", { jobs: jobsAt([0], { repository: "acme" }) }],
    ["jobs[0].startedAtMs", { jobs: jobsAt([0], { startedAtMs: 1 }) }],
    ["rates.p", { rates: { p: { hotUsdPerHour: -1, stoppedUsdPerHour: 0 } } }],
  ] as const)("refuses a wrong %s by name", async (name, wrong) => {
    const options = { catalog: aCatalog([steady(1)]), jobs: jobsAt([0]), seed: 1, ...wrong };
    await expect(simulateFleet(options)).rejects.toThrow(name);
  });
});

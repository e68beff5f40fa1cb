import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { afterAssignments, aView, fits, shuffled } from "../../test/fleet/arbitraries.ts";
import { aCatalog, aContext, aLedger, aPool } from "../../test/fleet/builders.ts";
import type { Cause } from "../ports/cause.ts";
import { createSeededEntropy } from "../testing/seeded-entropy.ts";
import { carryOutLaunches } from "./carry-out.ts";
import type { FleetContext } from "./context.ts";
import type { FleetView } from "./fleet-view.ts";
import { planAssignments } from "./plan-assignments.ts";
import { type LaunchLimits, type LaunchPlan, planLaunches } from "./plan-launches.ts";

const capacity: Cause = { code: "capacity", message: "None left" };
const unlimited = Number.POSITIVE_INFINITY;

const poolScene = fc.record({
  hot: fc.nat(4),
  stopped: fc.nat(4),
  machines: fc.oneof(fc.constant(1_000), fc.nat(12)),
  createPerPass: fc.oneof(fc.constant(undefined), fc.integer({ min: 1, max: 3 })),
});

const scene = fc.record({
  view: aView.map(afterAssignments),
  p: poolScene,
  q: poolScene,
  environment: fc.oneof(fc.constant(undefined), fc.nat(30)),
  pipeline: fc.oneof(fc.constant(unlimited), fc.nat(12)),
  purchases: fc.oneof(fc.constant(unlimited), fc.nat(3)),
  perLaunch: fc.oneof(fc.constant(100), fc.integer({ min: 1, max: 3 })),
  shut: fc.subarray([...fits]),
  startShut: fc.subarray([...fits]),
});
type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never;

/** The same scene with nothing that holds purchases back. */
const free = (given: Scene): Scene => ({
  ...given,
  p: { ...given.p, machines: 1_000, createPerPass: undefined },
  q: { ...given.q, machines: 1_000, createPerPass: undefined },
  environment: undefined,
  pipeline: unlimited,
  purchases: unlimited,
  perLaunch: 100,
  shut: [],
  startShut: [],
});

function contextOf({ p, q, environment }: Scene): FleetContext {
  const pool = (name: string, { hot, stopped, machines, createPerPass }: Scene["p"]) =>
    aPool(name, {
      hot,
      stopped,
      limits: { machines, ...(createPerPass === undefined ? {} : { createPerPass }) },
    });
  const limits = environment === undefined ? {} : { machines: environment };
  return aContext({
    catalog: aCatalog({
      environments: [{ name: "ci", regions: ["local"], ...limits }],
      pools: [pool("p", p), pool("q", q)],
    }),
  });
}

function limitsOf(given: Scene): LaunchLimits {
  return {
    gate: (fit) => (given.shut.includes(fit as (typeof fits)[number]) ? capacity : undefined),
    startGate: (fit) =>
      given.startShut.includes(fit as (typeof fits)[number]) ? capacity : undefined,
    probing: () => undefined,
    pipeline: given.pipeline,
    purchases: given.purchases,
    perLaunch: () => given.perLaunch,
  };
}

function unservedOf(view: FleetView) {
  return planAssignments(view, { left: 1_000, refusal: () => undefined }, 1_000).unserved;
}

function targetsOf(given: Scene, context: FleetContext) {
  const [p, q] = context.catalog.pools;
  if (!p || !q) throw new Error("The scene has two pools");
  return [
    { pool: p, hot: given.p.hot, stopped: given.p.stopped },
    { pool: q, hot: given.q.hot, stopped: given.q.stopped },
  ];
}

function plan(given: Scene, view: FleetView = given.view): LaunchPlan {
  const context = contextOf(given);
  return planLaunches(view, unservedOf(view), targetsOf(given, context), limitsOf(given), context);
}

const bought = ({ launches }: LaunchPlan, fit?: string, reason?: string): number =>
  launches
    .filter((one) => (fit ?? one.fit) === one.fit && (reason ?? one.reason) === one.reason)
    .reduce((sum, { count }) => sum + count, 0);

const stateCount = (view: FleetView, fit: string, state: string): number =>
  [...view.machines.values()].filter((one) => one.fit === fit && one.state === state).length;

const coming = (view: FleetView, fit: string): number =>
  stateCount(view, fit, "booting") +
  [...view.attempts.values()]
    .filter((attempt) => attempt.fit === fit)
    .reduce((sum, { request }) => sum + request.count, 0);

const total = (view: FleetView, fit?: string): number =>
  [...view.machines.values()].filter((one) => (fit ?? one.fit) === one.fit).length +
  [...view.attempts.values()]
    .filter((attempt) => (fit ?? attempt.fit) === attempt.fit)
    .reduce((sum, { request }) => sum + request.count, 0);

/** The terms of issue 3, section 2. */
function wanted(given: Scene, fit: string) {
  const { view } = given;
  const demand = unservedOf(view).filter((job) => job.fit === fit).length;
  const target = { "pool:p": given.p, "pool:q": given.q }[fit] ?? { hot: 0, stopped: 0 };
  const stopping = stateCount(view, fit, "stopping");
  const stopped = stateCount(view, fit, "stopped");
  const running = stateCount(view, fit, "ready") + coming(view, fit);
  const need = demand + target.hot + target.stopped;
  return { demand, ...target, have: { running, stopped, stopping }, need };
}

describe("the plan of launches", () => {
  it("buys max(0, demand + hot + stopped - ready - coming - stopped - stopping) when nothing limits it", () => {
    fc.assert(
      fc.property(scene.map(free), (given) => {
        const result = plan(given);
        for (const fit of fits) {
          const { need, have } = wanted(given, fit);
          const missing = Math.max(0, need - have.running - have.stopped - have.stopping);
          const count = bought(result, fit);
          expect(count).toBeGreaterThanOrEqual(missing);
          // What stops just now serves neither a job nor the hot tier: those do not wait for it.
          expect(count).toBeLessThanOrEqual(missing + have.stopping);
          if (have.stopping === 0) expect(count).toBe(missing);
        }
      }),
    );
  });

  it("never exceeds the pool, the environment, the pipeline and one purchase (bounded)", () => {
    fc.assert(
      fc.property(scene, (given) => {
        const { view } = given;
        const result = plan(given);
        const within = (added: number, before: number, limit: number) =>
          expect(added).toBeLessThanOrEqual(Math.max(0, limit - before));
        within(bought(result, "pool:p"), total(view, "pool:p"), given.p.machines);
        within(bought(result, "pool:q"), total(view, "pool:q"), given.q.machines);
        within(bought(result), total(view), given.environment ?? unlimited);
        // Spares wait for jobs, not for GitHub: what comes for jobs is what stands in line.
        const unserved = unservedOf(view);
        const before = fits.reduce((sum, fit) => {
          const jobs = unserved.filter((job) => job.fit === fit).length;
          return sum + Math.min(jobs, coming(view, fit));
        }, 0);
        const forJobs = fits.reduce((sum, fit) => sum + bought(result, fit, "demand"), 0);
        within(forJobs, before, given.pipeline);
        for (const fit of fits) {
          const own = { "pool:p": given.p, "pool:q": given.q }[fit as string];
          const most = Math.min(given.perLaunch, own?.createPerPass ?? unlimited);
          expect(bought(result, fit)).toBeLessThanOrEqual(most);
        }
        for (const { count } of result.launches) expect(count).toBeGreaterThan(0);
        expect(result.launches.length).toBeLessThanOrEqual(given.purchases);
        for (const fit of given.shut) expect(bought(result, fit)).toBe(0);
      }),
    );
  });

  it("starts stopped machines before it buys for jobs or the hot tier, each of them once, and none for the stopped tier", () => {
    fc.assert(
      fc.property(scene, (given) => {
        const { starts, launches } = plan(given);
        const ids = starts.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        for (const fit of fits) {
          const mine = starts.filter((machine) => machine.fit === fit);
          for (const { state } of mine) expect(state).toBe("stopped");
          const { demand, hot, have } = wanted(given, fit);
          expect(mine.length).toBeLessThanOrEqual(Math.max(0, demand + hot - have.running));
          if (given.startShut.includes(fit)) {
            expect(mine).toEqual([]);
            continue;
          }
          const buys = launches.some((one) => one.fit === fit && one.reason !== "stopped");
          if (buys) expect(mine.length).toBe(have.stopped);
        }
      }),
    );
  });

  it("puts off what the pace of purchases does not allow, says so, and leaves out nothing else", () => {
    fc.assert(
      fc.property(scene, (given) => {
        const paced = plan(given);
        const all = plan({ ...given, purchases: unlimited });
        expect(all.isPaced).toBe(false);
        if (!paced.isPaced) expect(paced).toEqual(all);
        else expect(paced.launches.length).toBe(given.purchases);
      }),
    );
  });

  it("does not buy what is coming", () => {
    fc.assert(
      fc.property(scene, (given) => {
        const result = plan(given);
        for (const fit of fits) {
          const { need, have } = wanted(given, fit);
          if (have.running >= need) expect(bought(result, fit)).toBe(0);
        }
      }),
    );
  });

  it("covers jobs before it fills a tier", () => {
    fc.assert(
      fc.property(scene, (given) => {
        const result = plan(given);
        for (const fit of fits) {
          const { demand, have } = wanted(given, fit);
          const started = result.starts.filter((machine) => machine.fit === fit).length;
          const uncovered =
            Math.max(0, demand - coming(given.view, fit)) - started - bought(result, fit, "demand");
          const forTiers = bought(result, fit) - bought(result, fit, "demand");
          if (uncovered > 0) expect(forTiers).toBe(0);
          expect(have.running).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it("tells each job that nothing is bought for why, unless the next pass goes on buying (explained)", () => {
    fc.assert(
      fc.property(scene, (given) => {
        const result = plan(given);
        for (const fit of given.shut) {
          const jobs = unservedOf(given.view).filter((job) => job.fit === fit);
          const started = result.starts.filter((machine) => machine.fit === fit).length;
          const uncovered = Math.max(0, jobs.length - coming(given.view, fit) - started);
          const told = result.waits.filter(({ job }) => job.fit === fit);
          expect(told.length).toBe(uncovered);
          for (const { cause } of told) expect(cause).toEqual(capacity);
        }
      }),
    );
  });

  it("does not depend on the order of the records", () => {
    const names = ({ starts, launches, waits }: LaunchPlan) => ({
      starts: starts.map(({ id }) => id),
      launches,
      waits: waits.map(({ job, cause }) => `${job.key}:${cause.code}`),
    });
    fc.assert(
      fc.property(scene, fc.nat(), (given, seed) => {
        expect(names(plan(given, shuffled(given.view, seed)))).toEqual(names(plan(given)));
      }),
    );
  });

  it("plans nothing again once it is carried out, and never buys spot for the stopped tier", () => {
    fc.assert(
      fc.property(scene, (given) => {
        const whole: Scene = {
          ...given,
          perLaunch: 100,
          purchases: unlimited,
          p: { ...given.p, createPerPass: undefined },
          q: { ...given.q, createPerPass: undefined },
        };
        const { ledger } = aLedger({
          jobs: [...given.view.jobs.values()],
          machines: [...given.view.machines.values()],
          attempts: [...given.view.attempts.values()],
        });
        const before = new Set(ledger.attempts.keys());
        carryOutLaunches(ledger, contextOf(whole), plan(whole, ledger), createSeededEntropy(1));
        const again = plan(whole, ledger);
        expect(again.starts.map(({ id }) => id)).toEqual([]);
        expect(again.launches).toEqual([]);
        for (const { request, reason } of ledger.attempts.values()) {
          if (before.has(request.id) || reason !== "stopped") continue;
          expect(request.markets).toEqual(["on-demand"]);
        }
      }),
    );
  });

  it("serves the oldest of those that wait for room in the environment first, whatever they fit (fair)", () => {
    fc.assert(
      fc.property(scene, (given) => {
        const limited: Scene = { ...free(given), environment: given.environment ?? 10 };
        const { view } = given;
        const result = plan(limited);
        const covered = (fit: string): number =>
          coming(view, fit) +
          result.starts.filter((machine) => machine.fit === fit).length +
          bought(result, fit, "demand");
        const unserved = unservedOf(view);
        const ranks = new Map(fits.map((fit) => [fit as string, 0]));
        let firstLeft = unlimited;
        for (const job of unserved) {
          const fit = job.fit ?? "";
          const rank = (ranks.get(fit) ?? 0) + 1;
          ranks.set(fit, rank);
          const base = coming(view, fit) + result.starts.filter((one) => one.fit === fit).length;
          if (rank > covered(fit)) firstLeft = Math.min(firstLeft, job.createdAtMs);
          else if (rank > base) expect(job.createdAtMs).toBeLessThanOrEqual(firstLeft);
        }
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aView, shuffled } from "../../test/fleet/arbitraries.ts";
import { aContext, aLedger } from "../../test/fleet/builders.ts";
import type { Cause } from "../ports/cause.ts";
import { createSeededEntropy } from "../testing/seeded-entropy.ts";
import { carryOutAssignments } from "./carry-out.ts";
import type { FleetView } from "./fleet-view.ts";
import { type AssignmentPlan, byAge, planAssignments } from "./plan-assignments.ts";
import type { JobRecord } from "./records.ts";

const down: Cause = { code: "unavailable", message: "GitHub is down" };

const scene = fc.record({
  view: aView,
  left: fc.nat(6),
  most: fc.integer({ min: 1, max: 20 }),
  refused: fc.constantFrom("nobody", "acme/a", "everybody"),
});

const mintsOf = (left: number, refused: string) => ({
  left,
  refusal: ({ repository }: JobRecord) =>
    refused === "everybody" || refused === repository ? down : undefined,
});

const plan = ({
  view,
  left,
  most,
  refused,
}: typeof scene extends fc.Arbitrary<infer T> ? T : never) =>
  planAssignments(view, mintsOf(left, refused), most);

function pairs({ adoptions, claims }: AssignmentPlan) {
  return [...adoptions, ...claims];
}

function activeIn(view: Pick<FleetView, "jobs">, repository: string): number {
  return [...view.jobs.values()].filter(
    (job) => job.repository === repository && job.machineId !== undefined,
  ).length;
}

describe("the plan of assignments", () => {
  it("gives every machine to one job and every job one machine that fits it", () => {
    fc.assert(
      fc.property(scene, (given) => {
        const planned = pairs(plan(given));
        const jobs = planned.map(({ job }) => job.key);
        const machines = planned.map(({ machine }) => machine.id);
        expect(new Set(jobs).size).toBe(jobs.length);
        expect(new Set(machines).size).toBe(machines.length);
        for (const { job, machine } of planned) {
          expect(job.state).toBe("queued");
          expect(machine.jobKey).toBeUndefined();
          if (machine.state === "ready") expect(machine.fit).toBe(job.fit);
          else expect(machine.registration?.demand).toBe(job.demand);
        }
      }),
    );
  });

  it("stays within GitHub's budget, the size of a pass, and claims nothing that GitHub refuses", () => {
    fc.assert(
      fc.property(scene, (given) => {
        const { claims, adoptions } = plan(given);
        expect(claims.length).toBeLessThanOrEqual(given.left);
        expect(claims.length + adoptions.length).toBeLessThanOrEqual(given.most);
        const { refusal } = mintsOf(given.left, given.refused);
        for (const { job } of claims) expect(refusal(job)).toBeUndefined();
      }),
    );
  });

  it("keeps repositories at their limit, and asks for no machine beyond it (bounded)", () => {
    fc.assert(
      fc.property(scene, (given) => {
        const result = plan(given);
        const taken = [...pairs(result).map(({ job }) => job), ...result.unserved];
        for (const repository of ["acme/a", "acme/b", "acme/c"]) {
          const mine = taken.filter((job) => job.repository === repository);
          const limit = mine[0]?.placement?.perRepository;
          if (limit === undefined) continue;
          const active = activeIn(given.view, repository);
          expect(mine.length + active).toBeLessThanOrEqual(Math.max(limit, active));
        }
      }),
    );
  });

  it("serves the oldest of those that wait on one limit first (fair)", () => {
    fc.assert(
      fc.property(scene, (given) => {
        const result = plan(given);
        const older = (waiting: JobRecord, served: JobRecord) => byAge(waiting, served) < 0;
        for (const { job: served } of result.claims) {
          for (const waiting of result.unserved) {
            if (waiting.fit === served.fit) expect(older(waiting, served)).toBe(false);
          }
          for (const { job: waiting, cause } of result.waits) {
            const sameRepository = waiting.repository === served.repository;
            if (cause.code === "mint-budget") expect(older(waiting, served)).toBe(false);
            if (cause.code === "repository-limit" && sameRepository) {
              expect(older(waiting, served)).toBe(false);
            }
          }
        }
      }),
    );
  });

  it("accounts for every queued job unless the pass is full: it is served, unserved, or waits for a cause", () => {
    fc.assert(
      fc.property(scene, (given) => {
        const result = plan(given);
        const queued = [...given.view.jobs.values()].filter(({ state }) => state === "queued");
        const seen = [
          ...pairs(result).map(({ job }) => job.key),
          ...result.unserved.map(({ key }) => key),
          ...result.waits.map(({ job }) => job.key),
        ];
        expect(new Set(seen).size).toBe(seen.length);
        if (pairs(result).length < given.most) expect(seen.length).toBe(queued.length);
      }),
    );
  });

  it("buys for nobody whom GitHub refuses, and speaks for a ready machine at most once", () => {
    fc.assert(
      fc.property(scene, (given) => {
        const { unserved, spokenFor, waits, claims } = plan(given);
        const { refusal } = mintsOf(given.left, given.refused);
        for (const job of unserved) expect(refusal(job)).toBeUndefined();
        expect(spokenFor.size).toBeLessThanOrEqual(waits.length);
        for (const { machine } of claims) expect(spokenFor.has(machine.id)).toBe(false);
      }),
    );
  });

  it("does not depend on the order of the records", () => {
    const names = (result: AssignmentPlan) => ({
      pairs: pairs(result).map(({ job, machine }) => `${job.key}>${machine.id}`),
      unserved: result.unserved.map(({ key }) => key),
      waits: result.waits.map(({ job, cause }) => `${job.key}:${cause.code}`),
      spokenFor: [...result.spokenFor].sort(),
    });
    fc.assert(
      fc.property(scene, fc.nat(), (given, seed) => {
        const other = plan({ ...given, view: shuffled(given.view, seed) });
        expect(names(other)).toEqual(names(plan(given)));
      }),
    );
  });

  it("plans nothing again once it is carried out", () => {
    fc.assert(
      fc.property(scene, (given) => {
        const { view, left, refused } = given;
        const { ledger } = aLedger({
          jobs: [...view.jobs.values()],
          machines: [...view.machines.values()],
        });
        const first = planAssignments(ledger, mintsOf(left, refused), 1_000);
        carryOutAssignments(ledger, aContext(), first, {
          registrar: {
            scopeOf: () => "orgs/acme",
            mint: () => Promise.reject(new Error("not here")),
          },
          entropy: createSeededEntropy(1),
        });
        const again = planAssignments(ledger, mintsOf(left - first.claims.length, refused), 1_000);
        expect(pairs(again)).toEqual([]);
      }),
    );
  });
});

import { describe, expect, it } from "vitest";
import { matchesSome, parseCatalog } from "../../routing/index.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { faultMakers } from "./fault-makers/draw-fault.ts";
import { type FaultKind, faultSpanMs } from "./faults.ts";
import { planFaults } from "./plan-faults.ts";
import { planFileFaults } from "./plan-gradual.ts";
import { planScenario, risesOf } from "./plan-scenario.ts";
import { createTrouble } from "./trouble.ts";

const seeds = Array.from({ length: 200 }, (_, index) => index);

function planOf(seed: number, hours = 24) {
  const scenario = planScenario(seed, hours);
  const { processes } = scenario;
  return { scenario, faults: planFaults({ seed, hours, processes, risesMs: risesOf(scenario) }) };
}

describe("the plans of 200 seeds", () => {
  const plans = seeds.map((seed) => planOf(seed));

  it("have at least 100 jobs and 20 faults a day, and two processes", () => {
    for (const { scenario, faults } of plans) {
      expect(scenario.arrivals.length).toBeGreaterThanOrEqual(100);
      expect(faults.length).toBeGreaterThanOrEqual(20);
      expect(scenario.processes).toBeGreaterThanOrEqual(2);
    }
  });

  it("hold every kind of fault, under names of their own and in order of time", () => {
    const kinds = new Set<FaultKind>();
    for (const { faults } of plans) {
      for (const { kind } of faults) kinds.add(kind);
      expect(new Set(faults.map(({ id }) => id)).size).toBe(faults.length);
      const times = faults.map(({ atMs }) => atMs);
      expect(times).toEqual([...times].sort((left, right) => left - right));
      expect(faults.every((fault) => faultSpanMs(fault) >= 0)).toBe(true);
    }
    expect([...kinds].sort()).toEqual(Object.keys(faultMakers).sort());
  });

  it("aim some of their faults: at one instant, at a takeover, at the rise of a target", () => {
    const all = plans.flatMap(({ scenario, faults }) => {
      const rises = new Set(risesOf(scenario));
      const at = faults.map(({ atMs }) => atMs);
      return faults.map(({ atMs, afterTakeoverMs }, index) => ({
        together: at[index - 1] === atMs,
        takeover: afterTakeoverMs !== undefined,
        rise: rises.has(atMs),
      }));
    });
    for (const aim of ["together", "takeover", "rise"] as const)
      expect(all.filter((fault) => fault[aim]).length).toBeGreaterThan(all.length / 100);
  });

  it("have catalogs that a host could load", () => {
    for (const { scenario } of plans)
      expect(parseCatalog(scenario.catalog)).toMatchObject({ ok: true });
  });

  it("hold floods, runner groups and limits per repository in some worlds and not in others", () => {
    for (const has of [
      ({ scenario }: (typeof plans)[number]) =>
        (scenario.catalog.environments[0]?.machines ?? 0) > 100,
      ({ scenario }: (typeof plans)[number]) => scenario.runnerGroup !== undefined,
      ({ scenario }: (typeof plans)[number]) => scenario.catalog.policies[0]?.limits !== undefined,
    ]) {
      const count = plans.filter(has).length;
      expect(count).toBeGreaterThan(0);
      expect(count).toBeLessThan(plans.length);
    }
  });

  it("observe, tell of waits and narrow in some worlds and not in others", () => {
    for (const has of [
      ({ scenario }: (typeof plans)[number]) => scenario.observed.length > 0,
      ({ scenario }: (typeof plans)[number]) => scenario.catalog.unserved !== undefined,
      ({ scenario }: (typeof plans)[number]) => scenario.files.length > 0,
    ]) {
      const count = plans.filter(has).length;
      expect(count).toBeGreaterThan(plans.length / 10);
      expect(count).toBeLessThan(plans.length / 2);
    }
  });

  it("let files come, change, break and go, with trouble of their own where there are some", () => {
    const texts = plans.flatMap(({ scenario }) => scenario.files.map(({ says }) => says));
    for (const text of ["broken", "gone"]) expect(texts).toContain(text);
    for (const key of ["pools", "maxCpu", "maxJobs", "maxReruns", "environments"]) {
      expect(texts.some((text) => typeof text === "object" && key in text)).toBe(true);
    }
    const kinds = new Set<FaultKind>();
    for (const [seed, { scenario, faults }] of plans.entries()) {
      const own = planFileFaults(seed, scenario);
      if (scenario.files.length === 0) expect(own).toEqual([]);
      for (const { kind } of own) kinds.add(kind);
      const ids = [...faults, ...own].map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    }
    expect([...kinds].sort()).toEqual(["files-unknown", "files-unreadable"]);
  });

  it("keep observed repositories apart at GitHub, and claim the others", () => {
    for (const { scenario } of plans) {
      const { observed, groups, catalog } = scenario;
      if (observed.length === 0) continue;
      expect(catalog.policies.every(({ runnerGroup }) => runnerGroup !== undefined)).toBe(true);
      const [core] = groups;
      for (const repository of observed) expect(core?.repositories).not.toContain(repository);
      for (const repository of core?.repositories ?? [])
        expect(matchesSome(catalog.rollout?.claim ?? [], repository)).toBe(true);
      for (const repository of observed)
        expect(matchesSome(catalog.rollout?.claim ?? [], repository)).toBe(false);
    }
  });
});

describe("a plan of faults", () => {
  it("begins as a shorter one of the same seed, whatever comes later", () => {
    for (const seed of seeds.slice(0, 20)) {
      const half = planFaults({ seed, hours: 12, processes: 2 });
      const whole = planFaults({ seed, hours: 24, processes: 2 });
      // The last hour of the shorter one is cut.
      const safe = half.filter(({ atMs }) => atMs < 11 * 3_600_000);
      expect(whole.slice(0, safe.length)).toEqual(safe);
    }
  });

  it("gives each fault chance of its own, so that one less changes nothing for the others", () => {
    const { faults } = planOf(1);
    const draws = (some: typeof faults) => {
      const trouble = createTrouble(createVirtualClock(0), 1);
      const drawn = new Map<string, number>();
      for (const fault of some) {
        trouble.begin(fault);
        for (const { id, dice } of trouble.active(fault.kind)) {
          if (id === fault.id) drawn.set(id, dice.whole(0, 1_000_000_000));
        }
      }
      return drawn;
    };
    const whole = draws(faults);
    expect(new Set(whole.values()).size).toBe(faults.length);
    for (const { id } of faults) {
      const expected = new Map(whole);
      expected.delete(id);
      expect(draws(faults.filter((fault) => fault.id !== id))).toEqual(expected);
    }
  });
});

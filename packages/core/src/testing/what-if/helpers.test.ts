import { describe, expect, it } from "vitest";
import {
  aCatalog,
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
import { checkAssertion } from "./assertion.ts";
import { compareReports } from "./compare-reports.ts";
import { generateJobs } from "./generate-jobs.ts";
import type { FleetReport } from "./report.ts";
import { sensitivity } from "./sensitivity.ts";
import { simulateFleet } from "./simulate-fleet.ts";

const rates = { p: { hotUsdPerHour: 1, stoppedUsdPerHour: 0.1 } };
/** Two jobs at once, every ten minutes: one hot machine is not enough for them, two are. */
const jobs = jobsAt(every(10 * minute, 20).flatMap((atMs) => [atMs, atMs]));
const common = {
  jobs,
  seed: 1,
  boots,
  delays,
  rates,
  horizon: { fromMs, toMs: fromMs + 4 * hour },
};
const reports = new Map<number, Promise<FleetReport>>();
const reportOf = (hot: number): Promise<FleetReport> => {
  const made = reports.get(hot) ?? simulateFleet({ ...common, catalog: aCatalog([steady(hot)]) });
  reports.set(hot, made);
  return made;
};

describe("an assertion", () => {
  it.each([
    ["p50 < 10s", true, "p50 is 5 s"],
    ["p95(p) < 45s", false, "p95(p) is 65 s"],
    ["p95( p )<=65s", true, "p95(p) is 65 s"],
    ["P99 > 1m", true, "p99 is 65 s"],
    ["max >= 65000ms", true, "max is 65 s"],
    ["over60 <= 50%", true, "over60 is 50 %"],
    ["over60(p) < 0.5", false, "over60(p) is 50 %"],
    ["cost(p) < $1,000/week", true, undefined],
    ["usd > 1000 usd", false, undefined],
  ])("%s is read and checked", async (text, holds, measured) => {
    const result = checkAssertion(text, await reportOf(1));
    expect(result).toMatchObject({ ok: true, condition: text, holds });
    if (measured !== undefined) expect(result).toMatchObject({ measured });
  });

  it.each([
    ["", "syntax", 0],
    ["p90 < 5s", "unknown-metric", 0],
    ["  p90 < 5s", "unknown-metric", 2],
    ["p95(windows) < 5s", "unknown-pool", 4],
    ["p95 = 5s", "syntax", 3],
    ["p95 < 5", "bad-value", 6],
    ["p95 < $5", "bad-value", 6],
    ["cost < 5s", "bad-value", 7],
    ["over60 < 200%", "bad-value", 9],
    ["p95 < 5s and p99 < 6s", "bad-value", 6],
  ])("%s is refused with its position", async (text, code, offset) => {
    expect(checkAssertion(text, await reportOf(1))).toMatchObject({ ok: false, code, offset });
  });

  it("does not hold for what was not measured", async () => {
    const report = await simulateFleet({ ...common, jobs: [], catalog: aCatalog([steady(1)]) });
    const { rates: _, ...free } = common;
    const unpriced = await simulateFleet({ ...free, catalog: aCatalog([steady(1)]) });
    expect(checkAssertion("p95 < 1h", report)).toMatchObject({ ok: false, code: "not-measured" });
    expect(checkAssertion("cost < 9 usd", unpriced)).toMatchObject({ code: "not-measured" });
  });
});

describe("a comparison of two reports", () => {
  it("tells what changes, in all and by pool", async () => {
    const [one, two] = [await reportOf(1), await reportOf(2)];
    const { p95Ms, hotShare, usdPerWeek, pools, warnings } = compareReports(one, two);
    expect(p95Ms).toEqual({ before: 65 * second, after: 5 * second, change: -60 * second });
    expect(hotShare.change).toBe(0.5);
    expect(usdPerWeek?.change).toBeGreaterThan(0);
    expect(pools.map(({ name }) => name)).toEqual(["p"]);
    expect(warnings).toEqual([]);
  });

  it("names pools that came or went, and what makes the two unlike", async () => {
    const other = aCatalog([{ ...steady(1), name: "q" }]);
    const there = await simulateFleet({ ...common, jobs: [], seed: 2, catalog: other });
    const { added, removed, warnings } = compareReports(await reportOf(1), there);
    expect([added, removed]).toEqual([["q"], ["p"]]);
    expect(warnings).toHaveLength(3);
  });
});

describe("sensitivity", () => {
  it("tries each tier that is used a quarter smaller and larger", async () => {
    const catalog = aCatalog([steady(2, 4)]);
    const rows = await sensitivity({ ...common, catalog });
    expect(rows.map(({ pool, what, from, to }) => [pool, what, from, to])).toEqual([
      ["p", "hot", 2, 1],
      ["p", "hot", 2, 3],
      ["p", "stopped", 4, 3],
      ["p", "stopped", 4, 5],
    ]);
    const [less, more] = rows;
    // With one hot machine the second job is served by a stopped one.
    expect(less?.p95Ms).toBe(15 * second);
    expect(less?.usdPerWeek).toBeLessThan(-100);
    expect(less?.text).toMatch(/^p\.hot 2 -> 1: -\$\d+\/week, p95 \+15 s$/);
    expect(more?.text).toMatch(/^p\.hot 2 -> 3: \+\$\d+\/week, p95 \+0 s$/);
  });
});

describe("jobs that are made up", () => {
  const make = (pattern: "office-hours" | "steady" | "nightly", changes = {}) =>
    generateJobs({
      pattern,
      jobsPerDay: 500,
      days: 14,
      seed: 1,
      fromMs: fromMs + 5 * hour,
      labels: [["a"], ["b"]],
      timeZone: "America/New_York",
      ...changes,
    });
  const localHour = ({ queuedAtMs }: { readonly queuedAtMs: number }): number =>
    new Date(queuedAtMs - 5 * hour).getUTCHours();

  it("are the same for the same options, in order, and others for another seed", () => {
    expect(make("steady")).toEqual(make("steady"));
    expect(make("steady", { seed: 2 })).not.toEqual(make("steady"));
    const times = make("office-hours").map(({ queuedAtMs }) => queuedAtMs);
    expect(times).toEqual([...times].sort((left, right) => left - right));
  });

  it("come at the hours of their pattern, on its clock", () => {
    const office = make("office-hours");
    const atWork = office.filter((job) => localHour(job) >= 7 && localHour(job) < 19);
    expect(atWork.length / office.length).toBeGreaterThan(0.85);
    const nightly = make("nightly");
    expect(nightly.filter((job) => localHour(job) === 2).length / nightly.length).toBeGreaterThan(
      0.7,
    );
    const weekend = office.filter(({ queuedAtMs }) =>
      [0, 6].includes(new Date(queuedAtMs - 5 * hour).getUTCDay()),
    );
    expect(weekend.length / office.length).toBeLessThan(0.06);
    expect(make("steady").length / 14).toBeCloseTo(500, -2);
  });

  it("choose the first labels and repositories most often", () => {
    const all = make("steady");
    const first = all.filter(({ labels }) => labels[0] === "a").length;
    expect(first / all.length).toBeCloseTo(2 / 3, 1);
    expect(new Set(all.map(({ repository }) => repository)).size).toBe(5);
  });

  it.each([
    [{ jobsPerDay: 0 }, "jobsPerDay"],
    [{ days: 0.5 }, "days"],
    [{ labels: [] }, "labels"],
    [{ labels: [[]] }, "labels"],
    [{ repositories: [] }, "repositories"],
    [{ seed: 0.1 }, "seed"],
  ])("refuse %o", (changes, name) => {
    expect(() => make("steady", changes)).toThrow(name);
  });
});

import { describe, expect, it } from "vitest";
import { parseConfig } from "../parse-config.ts";
import { formatPlan } from "./format-plan.ts";
import { planConfig } from "./plan-config.ts";

const before = `version: 1
defaults: { timezone: Europe/Berlin }
environments: { ci: { regions: [us-east-1], limits: { machines: 100 } } }
runners: { std: { cpu: 4, arch: arm64 } }
pools:
  linux:
    runner: std
    default: { hot: 2, stopped: 10 }
    schedule: [{ name: office, days: mon-fri, time: "08:00-18:00", hot: 20 }]
    limits: { machines: 50 }
  old: { default: { hot: 1 }, limits: { machines: 3 } }
policies:
  - { name: core, repositories: ["acme/core"], allow: {} }
  - { name: all, repositories: ["acme/*"], allow: {} }
`;
const after = before
  .replace("cpu: 4", "cpu: 8")
  .replace("hot: 20", "hot: 30")
  .replace("machines: 100", "machines: 120")
  .replace("  old: { default: { hot: 1 }", "  new: { default: { stopped: 4 }")
  .replace(/( {2}- \{ name: core.*\n)( {2}- .*\n)/, "$2$1");
// A Friday, 13:00 in Berlin.
const atMs = Date.UTC(2026, 10, 27, 12);
const configOf = (text: string, version = "v") => {
  const parsed = parseConfig(text, { version });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.value;
};
const planOf = (rates?: Parameters<typeof planConfig>[2]) =>
  planConfig(configOf(before), configOf(after), { atMs, ...rates });

describe("a plan", () => {
  it("replaces the machines of a pool whose image is another, and tells that once", () => {
    const text = before
      .replace("runners:", 'images: { ubuntu: { name: "acme-22-*" } }\nrunners:')
      .replace("arch: arm64", "arch: arm64, image: ubuntu");
    const { changes, pools } = planConfig(
      configOf(text),
      configOf(text.replace("acme-22", "acme-24")),
      { atMs },
    );
    expect(changes.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      "changed images.ubuntu.name",
      "rolled pools.linux",
    ]);
    expect(pools).toMatchObject([{ name: "linux", kind: "changed", replaced: 30 }]);
  });

  it("tells what changes, by the names of the file, and which pools are replaced", () => {
    const { changes, summary, pools } = planOf();
    expect(changes.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      "changed environments.ci.machines",
      "changed pools.linux.shape.cpu.min",
      "changed pools.linux.shape.cpu.max",
      "changed pools.linux.schedule.entries.office.capacity.hot",
      "removed pools.old",
      "added pools.new",
      "changed policies",
      "changed runners.std.cpu.min",
      "changed runners.std.cpu.max",
      "rolled pools.linux",
    ]);
    // At one o'clock on a Friday 20 wait hot, and 10 stopped.
    expect(pools).toMatchObject([
      { name: "linux", kind: "changed", replaced: 30, before: { peak: { hot: 20, stopped: 10 } } },
      { name: "old", kind: "removed", replaced: 0 },
      { name: "new", kind: "added", replaced: 0 },
    ]);
    expect(summary).toBe(
      "1 pool added; 1 pool changed; 1 pool removed, its machines drain; 1 pool replaced machine by machine (30 machines that wait); 9 differences",
    );
  });

  it("adds up hours always, and dollars only when every pool has a rate", () => {
    expect(planOf().totals?.after.monthUsd).toBeUndefined();
    const rate = { hotUsdPerHour: 0.1, stoppedUsdPerHour: 0.01 };
    expect(planOf({ rates: { linux: rate } }).totals?.after.monthUsd).toBeUndefined();
    const { before: was, after: is } = planOf({ rates: { "*": rate } }).totals ?? {};
    expect(was?.floorHot).toBe(3);
    expect(is?.floorHot).toBe(2);
    // Thirty days from that Friday have 20 office days and 5 hours, each with 10 machines more; one that was always there goes.
    expect(is && was && is.hotHours - was.hotHours).toBeCloseTo(20 * 10 * 10 + 50 - 720, 5);
    expect(is?.monthUsd).toBeCloseTo((is?.hotHours ?? 0) * 0.1 + (is?.stoppedHours ?? 0) * 0.01, 6);
  });

  it("is nothing when only the name of the version differs", () => {
    const plan = planConfig(configOf(before, "one"), configOf(before, "other"), { atMs });
    expect([plan.changes, plan.pools, plan.summary]).toEqual([[], [], "Nothing changes"]);
  });

  it("adds everything when nothing is in force, and knows no costs without a moment", () => {
    const plan = planConfig(undefined, configOf(before));
    expect(plan.changes.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      "added environments.ci",
      "added pools.linux",
      "added pools.old",
      "added policies.core",
      "added policies.all",
      "added runners.std",
      "added defaultEnvironment",
    ]);
    expect(plan.totals).toBeUndefined();
    expect(plan.pools.map(({ name, kind }) => [name, kind])).toEqual([
      ["linux", "added"],
      ["old", "added"],
    ]);
  });

  it("is told to people", () => {
    const rates = { "*": { hotUsdPerHour: 0.1, stoppedUsdPerHour: 0.01 } };
    expect(formatPlan(planOf({ rates }), "text")).toMatchSnapshot();
    expect(formatPlan(planOf({ rates }), "markdown")).toMatchSnapshot();
    expect(JSON.parse(formatPlan(planOf(), "json"))).toMatchObject({ summary: planOf().summary });
  });
});

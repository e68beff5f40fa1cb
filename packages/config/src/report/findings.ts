import { type FleetReport, noPool, type Peak, type PoolReport } from "@runs-fleet/core/testing";
import { dollars, duration, percent, plural } from "./format.ts";

/** A part of the report, by which pages link to it. */
export type Section =
  | "trust"
  | "waits"
  | "served"
  | "peaks"
  | "cost"
  | "week"
  | "seeds"
  | "worst"
  | "windows";

/** Something that a reader should not miss. */
export interface Finding {
  readonly tone: "bad" | "warn" | "calm";
  readonly text: string;
  /** Where the report says more. */
  readonly section: Section;
}

/** A pool's name for people: jobs without one get machines bought for their shape alone. */
export function poolName(name: string): string {
  return name === noPool ? "no pool" : name;
}

/** The whole report in one sentence. */
export function headline(report: FleetReport): string {
  const { waitsMs, cost, totalUsd, trust } = report;
  if (waitsMs.jobs === 0) return "No job was started, so there is nothing to measure.";
  const price =
    cost === undefined
      ? ""
      : `, for ${dollars(cost.usdPerWeek)} a week${totalUsd === undefined && trust.unpriced.length > 0 ? " and what has no rate" : ""}`;
  return `95 of 100 jobs start within ${duration(waitsMs.p95)}${price}.`;
}

/** What stands out, the most urgent first; empty when nothing does. */
export function findings(report: FleetReport): readonly Finding[] {
  return [
    ...unserved(report),
    ...atLimits(report),
    ...slowPools(report),
    ...shortPools(report),
    ...doubts(report),
    ...spare(report),
  ];
}

function unserved({ jobs }: FleetReport): readonly Finding[] {
  const parts = [
    jobs.refused > 0 ? `${plural(jobs.refused, "job")} refused` : "",
    jobs.failed > 0 ? `${plural(jobs.failed, "job")} given up` : "",
    jobs.waiting > 0 ? `${plural(jobs.waiting, "job")} still waiting at the end` : "",
    jobs.interrupted > 0 ? `${plural(jobs.interrupted, "job")} lost to interruptions` : "",
  ].filter(Boolean);
  if (parts.length === 0) return [];
  return [{ tone: "bad", text: `${parts.join(", ")}.`, section: "trust" }];
}

/** Everything that has a limit, with its name for people. */
export function limited(report: FleetReport): readonly (Peak & { readonly name: string })[] {
  return [
    ...report.environments.map((peak) => ({ ...peak, name: `environment ${peak.name}` })),
    ...report.pools.map(({ name, machines }) => ({ ...machines, name: poolTitle(name) })),
    ...report.repositories.map((peak) => ({ ...peak, name: peak.name })),
  ];
}

function poolTitle(name: string): string {
  return name === noPool ? "machines of no pool" : `pool ${name}`;
}

function atLimits(report: FleetReport): readonly Finding[] {
  return limited(report)
    .filter(({ peak, limit }) => limit !== undefined && peak >= limit)
    .map(({ name, limit = 0 }) => ({
      tone: "warn",
      text: `${name} reaches its limit of ${limit}.`,
      section: "peaks",
    }));
}

function slowPools({ pools, waitsMs }: FleetReport): readonly Finding[] {
  const slow = (pool: PoolReport) =>
    pool.waitsMs.jobs > 0 && pool.waitsMs.p95 > 60_000 && pool.waitsMs.p95 > 1.5 * waitsMs.p95;
  return pools.filter(slow).map((pool) => ({
    tone: "warn",
    text: `${sentenceStart(pool.name)} waits much longer than the rest: p95 ${duration(pool.waitsMs.p95)}, ${percent(pool.waitsMs.over60Share)} over a minute.`,
    section: "waits",
  }));
}

function sentenceStart(name: string): string {
  return name === noPool ? "What is of no pool" : name;
}

function shortPools({ pools }: FleetReport): readonly Finding[] {
  return pools
    .filter(({ belowTargetShare }) => belowTargetShare > 0.1)
    .map(({ name, belowTargetShare }) => ({
      tone: "warn",
      text: `${name} has fewer ready machines than its schedule wants for ${percent(belowTargetShare)} of the time.`,
      section: "week",
    }));
}

function doubts({ trust, jobs }: FleetReport): readonly Finding[] {
  const found: Finding[] = trust.warnings.map((text) => ({ tone: "warn", text, section: "trust" }));
  if (jobs.leftOut > jobs.given / 4) {
    const text = `${percent(jobs.leftOut / jobs.given)} of the jobs were left out.`;
    found.push({ tone: "warn", text, section: "trust" });
  }
  return found;
}

function spare({ spareWindows }: FleetReport): readonly Finding[] {
  if (spareWindows.length === 0) return [];
  const usd = spareWindows.reduce((sum, { addsUsd = 0 }) => sum + addsUsd, 0);
  const worth =
    usd > 0 ? `, and ${spareWindows.length === 1 ? "costs" : "cost"} ${dollars(usd)}` : "";
  const names = spareWindows.map(({ pool, entry }) => `${pool}/${entry}`).join(", ");
  const verb = spareWindows.length === 1 ? "binds" : "bind";
  return [
    {
      tone: "calm",
      text: `${plural(spareWindows.length, "window")} never ${verb}${worth}: ${names}.`,
      section: "windows",
    },
  ];
}

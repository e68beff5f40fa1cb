import type { Catalog, PoolConfig } from "../../src/routing/index.ts";
import type {
  BootProfiles,
  DelayProfile,
  Durations,
  SimulatedJob,
} from "../../src/testing/what-if/index.ts";
import { aPool } from "../fleet/builders.ts";

export const second = 1_000;
export const minute: number = 60 * second;
export const hour: number = 60 * minute;

/** A Tuesday, midnight. */
export const fromMs: number = Date.parse("2026-11-24T00:00:00Z");

/** Every duration is this one. */
const always = (ms: number): Durations => ({ minMs: ms, p50Ms: ms, p95Ms: ms, maxMs: ms });

const made = { source: "Made up for a test", date: "2026-11-24" };

/** Delays without chance. In all, 5 s from a job that meets a ready machine to its start. */
export const delays: DelayProfile = {
  webhook: always(second),
  mint: always(500),
  notice: always(500),
  registration: always(3 * second),
  ending: always(second),
  ...made,
};
export const assignmentMs: number = 5 * second;

/** Boots without chance. */
export const boots: BootProfiles = {
  os: { linux: { launch: always(60 * second), start: always(15 * second), ...made } },
};
export const bootMs: number = 60 * second;

export function aCatalog(pools: readonly PoolConfig[], rest: Partial<Catalog> = {}): Catalog {
  return {
    version: "1",
    defaultEnvironment: "ci",
    environments: [{ name: "ci", regions: ["local"] }],
    pools,
    images: [],
    policies: [{ name: "everyone", repositories: ["acme/*"], allow: {} }],
    ...rest,
  };
}

/** A pool `p` with so many hot and stopped machines, always. */
export function steady(hot: number, stopped = 0, rest: Partial<PoolConfig> = {}): PoolConfig {
  return {
    ...aPool("p", { hot, stopped, ...rest }),
    shape: { os: "linux", cpu: { min: 2, max: 2 }, spot: false },
    schedule: rest.schedule ?? { default: { hot, stopped }, entries: [] },
  };
}

/** Jobs at these times after the beginning, for pool `p`. */
export function jobsAt(times: readonly number[], rest: Partial<SimulatedJob> = {}): SimulatedJob[] {
  return times.map((atMs) => ({
    queuedAtMs: fromMs + atMs,
    durationMs: 2 * minute,
    labels: ["runs-fleet/pool=p"],
    repository: "acme/app",
    ...rest,
  }));
}

export const every = (spanMs: number, count: number, firstMs = 0): number[] =>
  Array.from({ length: count }, (_, index) => firstMs + index * spanMs);

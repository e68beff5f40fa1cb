import { mostMachinesOf, thresholds } from "./configuration.ts";
import type { PoolWeek } from "./judgement.ts";
import type { Lived } from "./week.ts";

/** One thing that must hold. */
export interface Verdict {
  readonly name: string;
  readonly holds: boolean;
  /** What was measured, and what was asked. */
  readonly told: string;
}

const percent = (part: number): string => `${(part * 100).toFixed(2)} %`;

/** The number of things, and the first of them. */
function list(things: readonly string[]): string {
  if (things.length === 0) return "none";
  return `${things.length}: ${things.slice(0, 5).join("; ")}${things.length > 5 ? "; ..." : ""}`;
}

const iso = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19)}Z`;

function readiness(pools: readonly PoolWeek[]): Verdict {
  const windows = pools.flatMap((pool) => pool.windows);
  const late = windows.filter(({ least }) => least < thresholds.ready);
  const least = Math.min(1, ...windows.map((window) => window.least));
  const names = late.map(
    (window) => `${window.pool} ${window.tier} ${iso(window.atMs)} ${window.least.toFixed(3)}`,
  );
  return {
    name: "ready in the first minute",
    holds: windows.length > 0 && late.length === 0,
    told: `${windows.length} windows, the least ${least.toFixed(3)} (asked: ${thresholds.ready}); late: ${list(names)}`,
  };
}

function noBusyKill({ counts, busyTouches }: Lived["testimony"]): Verdict {
  const { touches } = counts();
  const names = busyTouches.map(
    ({ atMs, machineId, call, why }) => `${call} of ${machineId} with a ${why} ${iso(atMs)}`,
  );
  return {
    name: "no-busy-kill",
    holds: touches > 0 && busyTouches.length <= thresholds.busyTouched,
    told: `${touches} stops and terminations; of machines with work: ${list(names)}`,
  };
}

function overshoots(pools: readonly PoolWeek[], overshoot: number): Verdict {
  const parts = pools.map(({ pool, hours }) => ({
    name: pool.name,
    part: hours.above / hours.target,
  }));
  return {
    name: "overshoot",
    holds: [overshoot, ...parts.map(({ part }) => part)].every(
      (part) => part <= thresholds.overshoot,
    ),
    told: `${percent(overshoot)} of the targets' machine-hours (asked: ${percent(thresholds.overshoot)} in all and in each pool): ${parts.map(({ name, part }) => `${name} ${percent(part)}`).join(", ")}`,
  };
}

function floorHeld(pools: readonly PoolWeek[]): Verdict {
  const parts = pools.map(({ pool, hours }) => ({
    name: pool.name,
    part: hours.below / hours.target,
    longest: (hours.longestBelowMs / 1_000).toFixed(1),
  }));
  return {
    name: "floor-held, capacity permitting",
    holds: parts.every(({ part }) => part <= thresholds.below),
    told: `short of the target, by its machine-hours (asked: ${percent(thresholds.below)}), and at most so long: ${parts.map(({ name, part, longest }) => `${name} ${percent(part)} ${longest} s`).join(", ")}`,
  };
}

function bounded(pools: readonly PoolWeek[], mostAlive: number, scale: number): Verdict {
  const limit = mostMachinesOf(scale);
  const most = pools.map(({ pool, mostAlive: alive }) => ({
    name: pool.name,
    alive,
    limit: pool.limits.machines,
  }));
  const all = [...most, { name: "environment", alive: mostAlive, limit }];
  return {
    name: "bounded",
    holds: all.every((one) => one.alive <= one.limit),
    told: `most machines at once: ${all.map((one) => `${one.name} ${one.alive} of ${one.limit}`).join(", ")}`,
  };
}

function noLeak({ looks, unowned, overdue, left }: Lived["inspection"]): Verdict {
  const remains = Object.entries(left).filter(([, count]) => count > 0);
  return {
    name: "no-leak",
    holds: remains.length === 0 && unowned.length === 0 && overdue.length === 0,
    told: `${looks} looks; without an owner: ${list(unowned)}; past the hard deadline: ${list(overdue)}; left when nobody wants any: ${list(remains.map(([what, count]) => `${count} ${what}`))}`,
  };
}

function noLostJob({ queued, cancelled, lost }: Lived["jobs"]): Verdict {
  return {
    name: "no-lost-job",
    holds: queued > 0 && lost.length === 0,
    told: `${queued} jobs, ${cancelled} cancelled by people; not run exactly once: ${list(lost)}`,
  };
}

function noDoubleLaunch({ purchases, counts }: Lived["testimony"]): Verdict {
  const doubled = [...purchases].filter(([, { count, machines }]) => machines.size > count);
  return {
    name: "no-double-launch",
    holds: purchases.size > 0 && doubled.length === 0,
    told: `${purchases.size} purchases in ${counts().launchCalls} calls; with too many machines: ${list(doubled.map(([token]) => token))}`,
  };
}

/** What must hold of a week, and whether it does. */
export function verdictsOf(
  { testimony, inspection, jobs, scale }: Lived,
  judged: {
    readonly pools: readonly PoolWeek[];
    readonly overshoot: number;
    readonly mostAlive: number;
  },
): readonly Verdict[] {
  const { pools, overshoot, mostAlive } = judged;
  return [
    readiness(pools),
    noBusyKill(testimony),
    overshoots(pools, overshoot),
    floorHeld(pools),
    bounded(pools, mostAlive, scale),
    noLeak(inspection),
    noLostJob(jobs),
    noDoubleLaunch(testimony),
    {
      name: "the witness sees what is listed",
      holds: inspection.unseen.length === 0,
      told: `differences: ${list(inspection.unseen)}`,
    },
  ];
}

import type { PoolTarget } from "../pools/pool-target.ts";
import type { Cause } from "../ports/cause.ts";
import type { FleetContext } from "./context.ts";
import type { FleetView } from "./fleet-view.ts";
import { type HeldBack, poolStatuses } from "./pool-status.ts";
import type { JobRecord, MachineRecord } from "./records.ts";
import type { Decision, FleetStatus, JobStatus, MachineStatus, PoolStatus } from "./status.ts";

/** Most jobs of one status. */
const jobsShown = 500;
/** A job that waits longer than this for its machine is late, milliseconds. */
const lateMs = 5 * 60_000;

/** The phases of a job so far, milliseconds; the one under way is counted up to now. Never negative: clocks differ. */
function waitsOf(job: JobRecord, nowMs: number): Readonly<Record<string, number>> {
  const begun = [
    { phase: "queue", atMs: job.createdAtMs },
    { phase: "machine", atMs: job.receivedAtMs },
    { phase: "github", atMs: job.claimedAtMs },
    { phase: "register", atMs: job.assignedAtMs },
    { phase: "run", atMs: job.startedAtMs },
  ].filter((mark): mark is { phase: string; atMs: number } => mark.atMs !== undefined);
  const waits: Record<string, number> = {};
  begun.forEach(({ phase, atMs }, index) => {
    const endMs = begun[index + 1]?.atMs ?? job.endedAtMs ?? nowMs;
    waits[phase] = Math.max(0, endMs - atMs);
  });
  return waits;
}

function jobStatus(job: JobRecord, wait: Cause | undefined, nowMs: number): JobStatus {
  const { placement, served, machineId, conclusion } = job;
  const cause = job.cause ?? (job.state === "queued" ? wait : undefined);
  return {
    id: job.key,
    repository: job.repository,
    state: job.state,
    ...(cause === undefined ? {} : { cause }),
    queuedAtMs: job.createdAtMs,
    waitsMs: waitsOf(job, nowMs),
    labels: job.labels,
    ...(placement?.pool === undefined ? {} : { pool: placement.pool }),
    ...(served === undefined ? {} : { served }),
    ...(machineId === undefined ? {} : { machineId }),
    ...(conclusion === undefined ? {} : { conclusion }),
  };
}

function machineStatus(machine: MachineRecord): MachineStatus {
  const { id, pool, region, state, jobKey, hardDeadlineMs } = machine;
  return {
    id,
    ...(pool === undefined ? {} : { pool }),
    region,
    state,
    ...(jobKey === undefined ? {} : { jobId: jobKey }),
    deadlineMs: hardDeadlineMs,
  };
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** How often each cause occurs, the most frequent first. */
function countCodes(causes: readonly (Cause | undefined)[]): readonly [string, number][] {
  const counts = new Map<string, number>();
  for (const cause of causes) {
    if (cause) counts.set(cause.code, (counts.get(cause.code) ?? 0) + 1);
  }
  return [...counts].sort((left, right) => right[1] - left[1]);
}

/** One sentence: what is wrong first, then what goes on. */
function headline(
  jobs: readonly JobRecord[],
  ended: readonly JobRecord[],
  waits: ReadonlyMap<string, Cause>,
  pools: readonly PoolStatus[],
  configuration: FleetStatus["configuration"],
  nowMs: number,
): string {
  const running = jobs.filter(({ state }) => state === "running").length;
  const waiting = jobs.filter(({ state }) => state === "queued" || state === "assigned");
  const late = waiting.filter(({ receivedAtMs }) => nowMs - receivedAtMs > lateMs).length;
  const refused = ended.filter(
    ({ state, endedAtMs = 0 }) => state === "failed" && nowMs - endedAtMs < lateMs,
  ).length;
  const held = countCodes(waiting.map(({ key }) => waits.get(key)));
  const short = countCodes(pools.map(({ cause }) => cause));
  const work = `${plural(running, "job runs", "jobs run")}, ${plural(waiting.length, "job waits", "jobs wait")}`;
  const problems = [
    ...(configuration?.rejected ? ["the latest configuration is refused"] : []),
    ...(configuration?.alert ? ["the configuration cannot be read"] : []),
    ...(late > 0 ? [`${plural(late, "job is", "jobs are")} late`] : []),
    ...(refused > 0 ? [`${plural(refused, "job was", "jobs were")} refused lately`] : []),
    ...held.map(([code, count]) => `${plural(count, "job is", "jobs are")} held by ${code}`),
    ...short.map(
      ([code, count]) => `${plural(count, "pool is", "pools are")} short of machines by ${code}`,
    ),
  ];
  if (problems.length === 0) return `All is well: ${work}.`;
  const text = problems.join("; ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}. In all, ${work}.`;
}

/** The state of a shard, for people and tools. */
export function fleetStatus(
  view: FleetView & { readonly waits?: ReadonlyMap<string, Cause> },
  ended: readonly JobRecord[],
  targets: readonly PoolTarget[],
  decisions: readonly Decision[],
  context: FleetContext,
  process: Pick<FleetStatus, "role" | "epoch" | "configuration">,
  heldBack: HeldBack = () => undefined,
): FleetStatus {
  const jobs = [...view.jobs.values()];
  const endedKeys = new Set(ended.map(({ key }) => key));
  const open = jobs.filter(({ key }) => !endedKeys.has(key));
  const shown = [...ended.slice(-jobsShown), ...open]
    .sort((left, right) => right.createdAtMs - left.createdAtMs || (left.key < right.key ? 1 : -1))
    .slice(0, jobsShown);
  const machines = [...view.machines.values()];
  const { waits = new Map<string, Cause>() } = view;
  const pools = poolStatuses(view, targets, context, heldBack);
  return {
    environment: context.environment,
    ...process,
    catalogVersion: context.catalog.version,
    headline: headline(open, ended, waits, pools, process.configuration, context.nowMs),
    decisions,
    pools,
    jobs: shown.map((job) => jobStatus(job, waits.get(job.key), context.nowMs)),
    machines: machines.map(machineStatus),
  };
}

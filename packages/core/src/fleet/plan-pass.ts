import { type PoolTarget, poolTargets } from "../pools/pool-target.ts";
import { noteWaits } from "./carry-out.ts";
import type { FleetContext } from "./context.ts";
import type { Gates } from "./gates.ts";
import type { Ledger } from "./ledger.ts";
import { noteAsked, type PlanMemory } from "./plan-memory.ts";
import { leastPatienceMs } from "./plan-verifications.ts";
import { poolSpecHash } from "./replacement.ts";
import { type FleetRules, fleetRules } from "./rules.ts";
import { mintGates } from "./take-registration.ts";
import { tellWaiting } from "./tell-waiting.ts";

/** A pass takes in and plans until about so many writes are pending: then it is one commit, usually. */
export const roomForWrites = 80;
/** A claim writes the job and the machine. */
const writesPerClaim = 2;
/** Deadlines are seconds away: passes that follow one another closely do not each look through every record. */
const patrolMs = 250;
/**
 * Most machines of one purchase, by how often in a row there was no room. EC2 counts the machines that are asked for, not those
 * that are had, and there may be room for fewer.
 */
const perLaunch = [100, 25, 6, 1] as const;
/** The look at the run, and the question. */
const callsPerRerun = 2;
/** However calm it is, everything is planned anew this often, milliseconds. */
const longestCalmMs = 5 * 60_000;
/** Waits that only a change of the records, or of the catalog, can end. */
const lasting: ReadonlySet<string> = new Set([
  "pool-limit",
  "environment-limit",
  "repository-limit",
]);
/** How far ahead of GitHub's mint budget machines may be bought: a boot, or two minutes of a slow one. */
const longestPipelineMs = 120_000;

function verify(ledger: Ledger, now: FleetContext, memory: PlanMemory, rules: FleetRules): number {
  const { jobs, nextWakeAtMs } = rules.planVerifications(
    ledger,
    memory.asked,
    now.nowMs,
    now.timings.sweepMs,
    memory.lookups.left(now.nowMs),
  );
  for (const { key } of jobs) {
    memory.lookups.spend(now.nowMs);
    noteAsked(memory.asked, ledger, key, now.nowMs);
    ledger.effect({ kind: "verify", jobKey: key });
  }
  return Math.min(nextWakeAtMs, memory.lookups.nextMs(now.nowMs) ?? nextWakeAtMs);
}

/** Sees to the jobs that lost their machine. Each is a look at its run and a question, at most. */
function runAgain(
  ledger: Ledger,
  now: FleetContext,
  memory: PlanMemory,
  rules: FleetRules,
): number {
  const { nowMs } = now;
  const most = Math.floor(memory.lookups.left(nowMs) / callsPerRerun);
  const plan = rules.planReruns(ledger, memory.looks, nowMs, most);
  for (const { key } of plan.due) {
    memory.looks.set(key, nowMs);
    for (let call = 0; call < callsPerRerun; call += 1) memory.lookups.spend(nowMs);
  }
  for (const key of memory.looks.keys()) if (!ledger.jobs.has(key)) memory.looks.delete(key);
  rules.carryOutReruns(ledger, now, plan);
  return plan.nextWakeAtMs;
}

/** Most machines of the next purchase of a fit; while there is no room, those that are asked for already count. */
function mostPerLaunch({ attempts }: Ledger, gates: Gates, fit: string): number {
  const { failures = 0 } = gates.short(`launch:${fit}`) ?? {};
  const most = perLaunch[failures] ?? 1;
  if (failures === 0) return most;
  let asked = 0;
  for (const attempt of attempts.values()) if (attempt.fit === fit) asked += attempt.request.count;
  return Math.max(0, most - asked);
}

/** Acts on deadlines and asks GitHub what is missing. Answers when to look again. */
function patrol(ledger: Ledger, now: FleetContext, memory: PlanMemory, rules: FleetRules): number {
  const { nowMs, timings } = now;
  const { lastMs, nextMs: knownMs } = memory.patrol;
  if (nowMs >= lastMs && nowMs < lastMs + patrolMs) {
    // What was written since then has a deadline of its own, and news that it makes us miss is missed seconds from now.
    const newMs = Math.min(ledger.soonestMs(), nowMs + Math.min(leastPatienceMs, timings.sweepMs));
    return Math.max(lastMs + patrolMs, Math.min(knownMs, newMs));
  }
  ledger.soonestMs(true);
  const nextMs = rules.actOnDeadlines(ledger, now, roomForWrites, memory.bootFailures.failed);
  rules.endOverdue(ledger, now);
  // The commit is full: the rest is due at once.
  memory.patrol.lastMs = nextMs <= nowMs ? Number.NEGATIVE_INFINITY : nowMs;
  memory.patrol.nextMs = Math.min(
    nextMs,
    ledger.soonestMs(),
    tellWaiting(ledger, now, {
      room: roomForWrites - ledger.pendingWrites(),
      words: memory.words.left(nowMs),
    }),
    verify(ledger, now, memory, rules),
    runAgain(ledger, now, memory, rules),
  );
  return memory.patrol.nextMs;
}

/** Tells once of each pool whose schedule cannot be read. */
function noteProblems(
  ledger: Ledger,
  { nowMs }: FleetContext,
  known: Map<string, string>,
  targets: readonly PoolTarget[],
): void {
  for (const { pool, problem } of targets) {
    if (known.get(pool.name) === problem) continue;
    if (problem === undefined) {
      known.delete(pool.name);
      continue;
    }
    known.set(pool.name, problem);
    const message = `Its schedule cannot be read, so it keeps what it has: ${problem}`;
    ledger.decide({ atMs: nowMs, subject: { pool: pool.name }, code: "config", message });
  }
}

/**
 * Acts on deadlines, then plans and writes the plans into the ledger: assignments first, launches for what they left,
 * retirements last.
 *
 * @param draining - Takes nothing new on: no claims, no launches, no retirements.
 * @param rules - By which it is decided.
 * @returns When to plan again if nothing happens before, epoch milliseconds; not after now: at once.
 */
export function planPass(
  ledger: Ledger,
  now: FleetContext,
  memory: PlanMemory,
  draining: boolean,
  rules: FleetRules = fleetRules,
): number {
  const { nowMs, timings } = now;
  const { gates, mints, purchases, registrar, entropy } = memory;
  const room = (): number => roomForWrites - ledger.pendingWrites();
  const patrolAtMs = patrol(ledger, now, memory, rules);
  const { calm } = memory;
  const isCalm =
    calm !== undefined &&
    nowMs < calm.untilMs &&
    calm.revision === ledger.revision() &&
    calm.gates === gates.revision() &&
    calm.catalog === now.catalog;
  if (isCalm && !draining) return Math.min(patrolAtMs, calm.untilMs);
  memory.calm = undefined;
  const { targets, nextWakeAtMs } = poolTargets(now);
  let next = nextWakeAtMs;
  if (draining) return Math.min(patrolAtMs, next);
  if (room() <= 0) return nowMs;
  const before = ledger.revision();
  noteProblems(ledger, now, memory.problems, targets);
  const readable = targets.filter(({ problem }) => problem === undefined);
  rules.carryOutDrains(ledger, now, rules.planDrains(ledger, memory.hotTargets, readable, now));
  memory.hotTargets = new Map(readable.map(({ pool, hot }) => [pool.name, hot]));
  const pools = new Map(targets.map(({ pool }) => [pool.name, pool]));

  const most = Math.max(1, Math.floor(room() / writesPerClaim));
  const assignments = rules.planAssignments(
    ledger,
    {
      left: mints.left(nowMs),
      refusal: ({ repository, demand }) => {
        const gate = mintGates(registrar.scopeOf(repository), demand);
        return (gates.shut(gate.scope, nowMs) ?? gates.shut(gate.demand, nowMs))?.cause;
      },
    },
    most,
    (machine) => {
      const pool = machine.pool === undefined ? undefined : pools.get(machine.pool);
      if (machine.atRiskSinceMs !== undefined || machine.isSuperseded) return true;
      return pool !== undefined && machine.specHash !== poolSpecHash(pool);
    },
  );
  for (const _ of assignments.claims) mints.spend(nowMs);
  rules.carryOutAssignments(ledger, now, assignments, { registrar, entropy });
  // The rest of a burst is assigned before anything is bought or shed.
  if (assignments.claims.length + assignments.adoptions.length >= most) return nowMs;

  const pipelineMs = Math.min(timings.bootDeadlineMs, longestPipelineMs);
  const launches = rules.planLaunches(
    ledger,
    assignments.unserved,
    targets,
    {
      gate: (fit) =>
        gates.shut(`launch:${fit}`, nowMs)?.cause ??
        // As much as there may be room for is asked for: the rest waits for the answer.
        (mostPerLaunch(ledger, gates, fit) === 0 ? gates.short(`launch:${fit}`)?.cause : undefined),
      probing: memory.bootFailures.probing,
      startGate: (fit) => gates.shut(`start:${fit}`, nowMs)?.cause,
      pipeline: mints.left(nowMs) + Math.floor((memory.mintsPerMinute * pipelineMs) / 60_000),
      perLaunch: (fit) =>
        memory.bootFailures.probing(fit) ? 1 : mostPerLaunch(ledger, gates, fit),
      purchases: purchases.left(nowMs),
    },
    now,
  );
  for (const _ of launches.launches) purchases.spend(nowMs);
  memory.isLimited = launches.isLimited;
  rules.carryOutLaunches(ledger, now, launches, entropy);
  const waits = [...assignments.waits, ...launches.waits];
  noteWaits(ledger, now, waits);
  if (assignments.waits.length > 0) next = Math.min(next, mints.nextMs(nowMs) ?? next);
  if (launches.isPaced) next = Math.min(next, purchases.nextMs(nowMs) ?? next);
  next = Math.min(next, gates.nextOpenMs(nowMs) ?? next);

  const retirements = rules.planRetirements(ledger, targets, now, assignments.spokenFor);
  const shed = retirements.retirements.slice(0, Math.max(1, room()));
  rules.carryOutRetirements(ledger, now, shed);
  next = Math.min(next, retirements.nextWakeAtMs);
  if (shed.length < retirements.retirements.length) return nowMs;
  if (ledger.revision() === before && waits.every(({ cause }) => lasting.has(cause.code))) {
    const untilMs = Math.min(next, nowMs + longestCalmMs);
    memory.calm = { revision: before, gates: gates.revision(), catalog: now.catalog, untilMs };
  }
  return Math.min(patrolAtMs, next);
}

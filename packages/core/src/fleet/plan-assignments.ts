import type { Cause } from "../ports/cause.ts";
import type { FleetView } from "./fleet-view.ts";
import { type JobRecord, type MachineRecord, takesMachine } from "./records.ts";

/** Who gets which machine. */
export interface AssignmentPlan {
  /** A runner that is registered for the job's labels and lost its job takes this one. */
  readonly adoptions: readonly Pairing[];
  /** A ready machine is claimed, then registered for the job's labels. */
  readonly claims: readonly Pairing[];
  /** Jobs that no machine is there for, oldest first: the demand that planLaunches covers. */
  readonly unserved: readonly JobRecord[];
  /** Jobs that wait although machines may be there. */
  readonly waits: readonly Wait[];
  /** Ready machines that wait for GitHub together with a job: nobody else's, and not idle. */
  readonly spokenFor: ReadonlySet<string>;
}

/** One job and its machine. */
export interface Pairing {
  readonly job: JobRecord;
  readonly machine: MachineRecord;
}

/** One job and why it waits. */
export interface Wait {
  readonly job: JobRecord;
  readonly cause: Cause;
}

/** Registrations that are on their way to, or at, GitHub and have not taken a job. */
const registeredStates: ReadonlySet<string> = new Set([
  "claimed",
  "assigned",
  "acknowledged",
  "registered",
]);

const mintBudgetSpent: Cause = Object.freeze({
  code: "mint-budget",
  message: "GitHub's budget for runner registrations is used up for now",
});

/** Oldest first; the key decides between equals, so that the order of the input never does. */
export function byAge(left: JobRecord, right: JobRecord): number {
  return left.createdAtMs - right.createdAtMs || (left.key < right.key ? -1 : 1);
}

function byReadiness(left: MachineRecord, right: MachineRecord): number {
  return (left.readyAtMs ?? 0) - (right.readyAtMs ?? 0) || (left.id < right.id ? -1 : 1);
}

function group<T>(items: Iterable<T>, keyOf: (item: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const list = groups.get(key);
    if (list) list.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** A runner of an organisation serves all of its repositories; one that is registered at a repository serves that alone. */
function spareKey(demand: string | undefined, scope = ""): string | undefined {
  return demand !== undefined && scope.startsWith("repos/") ? `${scope} ${demand}` : demand;
}

/** Queued jobs, oldest first, and how many jobs each repository has on machines, if that limits any of them. */
function census(jobs: FleetView["jobs"]): {
  readonly queued: JobRecord[];
  readonly active: Map<string, number>;
} {
  const queued: JobRecord[] = [];
  const active = new Map<string, number>();
  for (const job of jobs.values()) if (job.state === "queued") queued.push(job);
  if (queued.some(({ placement }) => placement?.perRepository !== undefined)) {
    for (const job of jobs.values()) {
      if (!takesMachine(job)) continue;
      const repository = job.repository.toLowerCase();
      active.set(repository, (active.get(repository) ?? 0) + 1);
    }
  }
  return { queued: queued.sort(byAge), active };
}

/**
 * Matches queued jobs with runners and machines: the oldest first, passing over repositories at their own limit.
 *
 * @param mints - How many registrations GitHub grants us now, and for which jobs it grants none.
 * @param most - Most pairings of this plan; the rest is for the next pass.
 * @param isOutdated - Machines that get a job only when no other fits.
 */
export function planAssignments(
  view: Pick<FleetView, "jobs" | "machines">,
  mints: { readonly left: number; refusal(job: JobRecord): Cause | undefined },
  most: number,
  isOutdated: (machine: MachineRecord) => boolean = () => false,
): AssignmentPlan {
  const { queued, active } = census(view.jobs);
  const adoptions: Pairing[] = [];
  const claims: Pairing[] = [];
  const unserved: JobRecord[] = [];
  const waits: Wait[] = [];
  const spokenFor = new Set<string>();
  if (queued.length === 0) return { adoptions, claims, unserved, waits, spokenFor };
  const spare = group(view.machines.values(), (machine) =>
    machine.jobKey === undefined &&
    machine.announcedEndMs === undefined &&
    registeredStates.has(machine.state)
      ? spareKey(machine.registration?.demand, machine.registration?.scope)
      : undefined,
  );
  for (const list of spare.values()) list.sort((left, right) => byReadiness(right, left));
  const ready = group(view.machines.values(), ({ state, fit, announcedEndMs }) =>
    state === "ready" && announcedEndMs === undefined ? fit : undefined,
  );
  for (const list of ready.values()) {
    list.sort(
      (left, right) =>
        Number(isOutdated(right)) - Number(isOutdated(left)) || byReadiness(right, left),
    );
  }
  let mintsLeft = mints.left;
  for (const job of queued) {
    const repository = job.repository.toLowerCase();
    const limit = job.placement?.perRepository ?? Number.POSITIVE_INFINITY;
    const used = active.get(repository) ?? 0;
    if (used >= limit) {
      const message = `${job.repository} has ${used} of ${limit} jobs on machines`;
      waits.push({ job, cause: { code: "repository-limit", message } });
      continue;
    }
    if (adoptions.length + claims.length >= most) break;
    const runner =
      spare.get(spareKey(job.demand) ?? "")?.pop() ??
      spare.get(spareKey(job.demand, `repos/${job.repository}`) ?? "")?.pop();
    if (runner) {
      adoptions.push({ job, machine: runner });
      active.set(repository, used + 1);
      continue;
    }
    const list = job.fit === undefined ? undefined : ready.get(job.fit);
    const shut = mints.refusal(job);
    if (!list || list.length === 0) {
      if (shut && shut.code !== "throttled") {
        // A machine bought while GitHub registers nobody would be paid for nothing.
        waits.push({ job, cause: shut });
        continue;
      }
      unserved.push(job);
      // It will take a machine: count it, or a repository would launch past its limit.
      active.set(repository, used + 1);
      continue;
    }
    const refusal = shut ?? (mintsLeft <= 0 ? mintBudgetSpent : undefined);
    if (refusal) {
      waits.push({ job, cause: refusal });
      // So that nobody buys another one for this job, or sheds this one as idle.
      const machine = list.pop();
      if (machine) spokenFor.add(machine.id);
      active.set(repository, used + 1);
      continue;
    }
    const machine = list.pop();
    if (!machine) continue;
    claims.push({ job, machine });
    active.set(repository, used + 1);
    mintsLeft -= 1;
  }
  return { adoptions, claims, unserved, waits, spokenFor };
}

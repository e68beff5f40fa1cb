import type { Lease, StateStore } from "../../ports/state-store.ts";
import type { Assignment } from "../../wire/assignment.ts";
import { parseAssignment } from "../../wire/parse.ts";
import type { Observation } from "./observe-provider.ts";
import { judgeFreshness, judgeSecondUse, runnerIn } from "./oracles/assignments.ts";
import { judgeReach } from "./oracles/isolation.ts";
import {
  type Change,
  type Changes,
  createRecordFacts,
  type RecordFacts,
  type StoredJob,
} from "./record-facts.ts";
import { renewDeadline } from "./truth.ts";

/** What all processes' views of the store share. */
export interface StoreFacts {
  /** Under which epoch each record was last written. */
  readonly epochs: Map<string, number>;
  /** The newest lease that was given. */
  lease: Lease | undefined;
  /** Renewals by process and minute. */
  readonly renewals: Map<string, number>;
  /** Commits since the beginning. */
  commits: number;
  /** When the newest of them were made, oldest first. */
  readonly commitsMs: number[];
  readonly records: RecordFacts;
}

/** Nothing stored yet. */
export function createStoreFacts(): StoreFacts {
  return {
    epochs: new Map(),
    lease: undefined,
    renewals: new Map(),
    commits: 0,
    commitsMs: [],
    records: createRecordFacts(),
  };
}

const commitsKept = 100;
/** At most 12 a minute; one more where a minute's edge cuts. */
const mostRenewals = 13;

const ends: ReadonlySet<string> = new Set(["completed", "cancelled", "failed"]);
const hasEnded = ({ state }: { readonly state: string }): boolean => ends.has(state);

/**
 * Whether a job moved of which the world itself heard nothing: one of a forger or of somebody else's runner ended, or the run of one
 * that lost its machine was waited for long enough.
 */
function moved({ before, after }: Change<StoredJob>): boolean {
  const ended = hasEnded(after) && !(before && hasEnded(before));
  return ended || before?.rerun?.state !== after.rerun?.state;
}

/** The store as one process reaches it: what is written is traced and judged by who may write. */
export function observeStore(
  inner: StateStore,
  who: string,
  observation: Observation,
  facts: StoreFacts,
  committed: (changes: Changes, assignments: readonly Assignment[]) => void = () => undefined,
): StateStore {
  const { truth, judge, trace, clock } = observation;
  return {
    ...inner,
    commit: async (lease, writes, options) => {
      await inner.commit(lease, writes, options);
      facts.commits += 1;
      facts.commitsMs.push(clock.now());
      if (facts.commitsMs.length > commitsKept) facts.commitsMs.shift();
      const newest = facts.lease?.epoch ?? 0;
      const counts = new Map<string, number>();
      const assignments: Assignment[] = [];
      for (const { table, id, value, shard } of writes) {
        judgeReach(observation, who, `a write to ${table}`, { shard });
        counts.set(table, (counts.get(table) ?? 0) + 1);
        const key = `${table}/${id}`;
        const before = facts.epochs.get(key) ?? 0;
        judge.check(
          "single-writer",
          key,
          lease.epoch < before
            ? `${who} changed ${key} under epoch ${lease.epoch}, it had been written under ${before}`
            : undefined,
        );
        facts.epochs.set(key, Math.max(before, lease.epoch));
        if (table === "attempts" || table === "assignments") {
          judge.check(
            "single-writer",
            `checked ${key}`,
            lease.epoch < newest && value !== undefined
              ? `${who} stored ${key} under epoch ${lease.epoch}, the shard was at ${newest}`
              : undefined,
          );
        }
        const assignment =
          table === "assignments" && value !== undefined ? parseAssignment(value) : undefined;
        if (assignment) {
          assignments.push(assignment);
          judgeFreshness(observation, assignment);
          judgeSecondUse(observation, assignment);
          const runnerName = runnerIn(truth, assignment);
          const bought = truth.purchases.get(truth.attemptOf.get(id) ?? "")?.attempt;
          truth.claimedAtMs.set(bought?.pool ?? "", clock.now());
          truth.runnerOf.set(id, runnerName);
          truth.machineOf.set(runnerName, id);
          renewDeadline(truth, id, clock.now());
          trace.add(who, `assigned ${id} as ${runnerName}`);
        }
      }
      const words = [...counts].map(([table, count]) => `${table}:${count}`).join(" ");
      trace.add(who, `commit ${words} under epoch ${lease.epoch}`);
      const changes = facts.records.take(writes, clock.now());
      if (changes.jobs.some(moved)) truth.movedAtMs = clock.now();
      committed(changes, assignments);
    },
    load: (shard, options) => {
      judgeReach(observation, who, "a load", { shard });
      return inner.load(shard, options);
    },
    leases: {
      ...inner.leases,
      acquire: async (shard, owner, ttlMs, options) => {
        judgeReach(observation, who, "a lease", { shard });
        const lease = await inner.leases.acquire(shard, owner, ttlMs, options);
        if (lease === undefined) return undefined;
        const other = facts.lease;
        const holds = other !== undefined && other.expiresAtMs > clock.now();
        judge.check(
          "single-writer",
          `lease ${lease.epoch}`,
          holds && other.owner !== owner
            ? `${owner} got the lease while ${other.owner} held it`
            : undefined,
        );
        facts.lease = lease;
        trace.add(who, `lease under epoch ${lease.epoch}`);
        return lease;
      },
      renew: async (lease, ttlMs, options) => {
        const minute = `${who} ${Math.floor(clock.now() / 60_000)}`;
        const count = (facts.renewals.get(minute) ?? 0) + 1;
        facts.renewals.set(minute, count);
        judge.check(
          "call-budget",
          `renewals ${minute}`,
          count > mostRenewals ? `${who} renewed its lease ${count} times in a minute` : undefined,
        );
        const renewed = await inner.leases.renew(lease, ttlMs, options);
        if (renewed !== undefined && renewed.epoch === facts.lease?.epoch) facts.lease = renewed;
        return renewed;
      },
      release: async (lease, options) => {
        await inner.leases.release(lease, options);
        if (facts.lease?.epoch === lease.epoch)
          facts.lease = { ...facts.lease, expiresAtMs: clock.now() };
        trace.add(who, `lease released, epoch ${lease.epoch}`);
      },
    },
  };
}

import { FleetError } from "../../ports/failure.ts";
import type { MachineProvider, ObservedMachine, Outcome } from "../../ports/machine-provider.ts";
import { defaultEc2Limits } from "../ec2/throttle.ts";
import { createEc2Buckets, type Ec2Action } from "./ec2-buckets.ts";
import type { TroubledOptions } from "./troubled-ports.ts";

/** Listings never lie about the past by more than this. */
const longestLagMs = 90_000;
const youngMs = 5 * 60_000;
/** Machines on one page of a listing. */
const pageSize = 1_000;

/** One account in one region. */
export interface Account {
  /** The door through which all its processes reach the provider. */
  door(inner: MachineProvider): MachineProvider;
  /** How often it refused calls for their number although nobody else made any. */
  refusals(): Readonly<Partial<Record<Ec2Action, number>>>;
}

/**
 * An account whose calls are counted in EC2's buckets as they come, always, and refused at once when they are too many;
 * while such faults are at work somebody else has emptied a bucket, or the API is down.
 */
export function createAccount({ trouble, clock, note }: TroubledOptions): Account {
  const buckets = createEc2Buckets(clock);
  const superseded = supersededBy(trouble);
  const refused: Partial<Record<Ec2Action, number>> = {};

  /** Why a call does not come through. */
  const refusal = (
    action: Ec2Action,
    requests: number,
    resources: number,
  ): FleetError | undefined => {
    if (trouble.active("region-down").length > 0) {
      note(`${action}: the region is down`);
      return new FleetError({ kind: "unavailable", message: `${action}: the region is down` });
    }
    const isDrained = trouble.active("buckets-drained").some((fault) => fault.action === action);
    if (isDrained) buckets.drain(action);
    if (buckets.take(action, requests, resources)) return undefined;
    if (!isDrained) refused[action] = (refused[action] ?? 0) + 1;
    note(`${action} is refused: RequestLimitExceeded`);
    return new FleetError({ kind: "throttled", message: `${action}: RequestLimitExceeded` });
  };
  const batch = (
    action: Ec2Action,
    ids: readonly string[],
    work: () => Promise<readonly Outcome[]>,
  ): Promise<readonly Outcome[]> => {
    const error = refusal(action, Math.ceil(ids.length / pageSize), ids.length);
    return error ? Promise.reject(error) : work();
  };

  return {
    refusals: () => refused,
    door: (inner) => ({
      ...inner,
      // The stricter of EC2's two ways, whichever the machines are bought by.
      pace: { launch: defaultEc2Limits.RunInstances.request },
      launch: async (attempt, call) => {
        const error = refusal("RunInstances", 1, attempt.count);
        if (error) throw error;
        const result = await inner.launch(attempt, call);
        superseded(result.machines);
        return result;
      },
      start: (ids, call) => batch("StartInstances", ids, () => inner.start(ids, call)),
      stop: (ids, call) => batch("StopInstances", ids, () => inner.stop(ids, call)),
      terminate: (ids, call) => batch("TerminateInstances", ids, () => inner.terminate(ids, call)),
      ring: (ids, nonce, call) => batch("CreateTags", ids, () => inner.ring(ids, nonce, call)),
      list: async (filter, call) => {
        const error = refusal("DescribeInstances", 1, 0);
        if (error) throw error;
        return superseded(await inner.list(filter, call));
      },
    }),
  };
}

/** Says of machines whether there is another image by now than when they were first seen. */
function supersededBy(
  trouble: TroubledOptions["trouble"],
): (machines: readonly ObservedMachine[]) => readonly ObservedMachine[] {
  const since = new Map<string, ReadonlySet<string>>();
  return (machines) => {
    const published = trouble.active("image-published").map(({ id }) => id);
    return machines.map((machine) => {
      const own = since.get(machine.id) ?? new Set(published);
      since.set(machine.id, own);
      return published.every((id) => own.has(id)) ? machine : { ...machine, isSuperseded: true };
    });
  };
}

/** A provider whose listings lag and whose tag changes are lost while such faults are at work. */
export function troubledProvider(
  inner: MachineProvider,
  options: TroubledOptions,
): MachineProvider {
  const { trouble, clock, note } = options;
  return {
    ...inner,
    list: laggingListing(inner.list, options),
    ring: (ids, nonce, call) => {
      const [fault] = trouble.active("rings-lost");
      if (!fault) return inner.ring(ids, nonce, call);
      for (const id of ids) {
        const isLost = fault.dice.chance(fault.loss);
        const delayMs = fault.dice.whole(0, fault.delayMs);
        note(isLost ? `${id} never sees its tag` : `${id} sees its tag ${delayMs} ms late`);
        if (isLost) continue;
        clock
          .sleep(delayMs)
          .then(() => inner.ring([id], nonce))
          .catch(() => undefined);
      }
      return Promise.resolve(ids.map((id) => ({ id, ok: true })));
    },
  };
}

/** Listings that lag while such faults are at work. */
function laggingListing(
  list: MachineProvider["list"],
  { trouble, clock, note }: TroubledOptions,
): MachineProvider["list"] {
  let last: { readonly atMs: number; readonly machines: readonly ObservedMachine[] } | undefined;
  const badly: MachineProvider["list"] = async (filter, options) => {
    const truth = await list(filter, options);
    const [fault] = trouble.active("listing-lags");
    if (!fault) return truth;
    const { dice } = fault;
    const nowMs = clock.now();
    const isRecent = last !== undefined && nowMs - last.atMs <= longestLagMs;
    const before = last !== undefined && isRecent ? last.machines : truth;
    if (filter.attemptId === undefined) last = { atMs: nowMs, machines: truth };
    const old = new Map(before.map((machine) => [machine.id, machine]));
    const shown: ObservedMachine[] = [];
    for (const machine of truth) {
      const isYoung = nowMs - machine.launchedAtMs < youngMs;
      if (isYoung && dice.chance(0.5)) continue;
      const seen = dice.chance(0.5) ? machine : (old.get(machine.id) ?? machine);
      if (isYoung && filter.attemptId === undefined && dice.chance(0.3)) {
        const { attemptId: _, ...untagged } = seen;
        shown.push(untagged);
      } else shown.push(seen);
    }
    note(`a listing shows ${shown.length} of ${truth.length} machines`);
    return shown;
  };
  return (filter, options) => {
    if (trouble.active("listing-lags").length > 0) return badly(filter, options);
    last = undefined;
    return list(filter, options);
  };
}

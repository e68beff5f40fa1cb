import { type FailureKind, FleetError } from "../ports/failure.ts";
import type {
  LaunchAttempt,
  LaunchFailure,
  MachineProvider,
  Outcome,
} from "../ports/machine-provider.ts";
import { systemClock } from "../ports/system-clock.ts";
import { assertLaunch, launchFingerprint, tokenReused } from "./launch-fingerprint.ts";
import { assertInteger, assertName } from "./limits.ts";
import { createMemoryFleet } from "./memory-fleet.ts";
import { type MemoryMachine, observe, stateOf } from "./memory-machine.ts";
import type { MemoryMachineProviderOptions } from "./memory-machine-options.ts";

/** A ring as the machine would have heard it. */
export interface Ring {
  /** Machine that was rung. */
  readonly id: string;
  /** The nonce that the caller gave. */
  readonly nonce: string;
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/** A provider in memory that shows what it was asked. */
export interface MemoryMachineProvider extends MachineProvider {
  /** Every ring that was delivered, oldest first. */
  rings(): readonly Ring[];
}

interface Purchase {
  readonly fingerprint: string;
  readonly machines: readonly MemoryMachine[];
  readonly failures: readonly LaunchFailure[];
}

/** Does one thing to one machine, or answers why it cannot be done. */
type Act = (machine: MemoryMachine | undefined, nowMs: number) => FailureKind | undefined;

/**
 * Machines that exist only as records: the reference of the contract, and a fake for tests.
 *
 * A launched machine is `pending`, and `running` after `bootMs`. Spot machines cannot be stopped (`config`); a machine
 * that is still booting cannot be stopped, and one that is still stopping cannot be started (`conflict`). A repeated
 * launch answers the machines of the first one in their present state. Tokens are remembered for ever.
 *
 * @throws A RangeError when a number is out of range or the region is empty.
 */
export function createMemoryMachineProvider(
  options: MemoryMachineProviderOptions,
): MemoryMachineProvider {
  const { region, clock = systemClock, bootMs = 0, stopMs = 0 } = options;
  const { capacity = Number.MAX_SAFE_INTEGER, terminatedListedMs = 60_000 } = options;
  const { refuse = () => undefined, onNews = () => undefined } = options;
  assertName(region, "region");
  assertInteger(bootMs, "bootMs", 0);
  assertInteger(stopMs, "stopMs", 0);
  assertInteger(capacity, "capacity", 0);
  assertInteger(terminatedListedMs, "terminatedListedMs", 0);

  const fleet = createMemoryFleet(region, capacity, terminatedListedMs);
  const purchases = new Map<string, Purchase>();
  const rings: Ring[] = [];

  function boot(machine: MemoryMachine, nowMs: number): void {
    fleet.tell(machine, "run", nowMs, bootMs);
    const { id, attempt, settledAtMs } = machine;
    onNews({ kind: "booting", id, attempt, readyAtMs: settledAtMs });
  }

  /** Buys one machine in the first market that has it, or says why none has. */
  function buyOne(attempt: LaunchAttempt, nowMs: number): MemoryMachine | readonly LaunchFailure[] {
    const failures: LaunchFailure[] = [];
    for (const market of attempt.markets) {
      const kind =
        refuse({ kind: "launch", attempt, market }) ??
        (fleet.isFull(nowMs) ? "capacity" : undefined);
      if (kind === undefined) return fleet.buy(attempt, market, nowMs);
      const offering = `${attempt.zone ?? region}:${market}`;
      failures.push(Object.freeze({ kind, offering, message: `${kind} in ${offering}` }));
    }
    return failures;
  }

  function purchase(attempt: LaunchAttempt, nowMs: number): Purchase {
    const fingerprint = launchFingerprint(attempt);
    const known = purchases.get(attempt.token);
    if (known !== undefined) {
      if (known.fingerprint !== fingerprint) throw tokenReused(attempt);
      return known;
    }
    const machines: MemoryMachine[] = [];
    let failures: readonly LaunchFailure[] = [];
    while (machines.length < attempt.count && failures.length === 0) {
      const result = buyOne(attempt, nowMs);
      if ("id" in result) machines.push(result);
      else failures = result;
    }
    const made = { fingerprint, machines, failures };
    purchases.set(attempt.token, made);
    for (const machine of machines) boot(machine, nowMs);
    return made;
  }

  const start: Act = (machine, nowMs) => {
    if (machine === undefined || machine.told === "end") return "not-found";
    if (machine.told === "run") return undefined;
    if (stateOf(machine, nowMs) === "stopping") return "conflict";
    if (fleet.isFull(nowMs)) return "capacity";
    boot(machine, nowMs);
    return undefined;
  };

  const stop: Act = (machine, nowMs) => {
    if (machine === undefined || machine.told === "end") return "not-found";
    if (machine.market === "spot") return "config";
    if (machine.told === "stop") return undefined;
    if (stateOf(machine, nowMs) === "pending") return "conflict";
    fleet.tell(machine, "stop", nowMs, stopMs);
    onNews({ kind: "stopping", id: machine.id });
    return undefined;
  };

  const end: Act = (machine, nowMs) => {
    if (machine === undefined || machine.told === "end") return undefined;
    fleet.tell(machine, "end", nowMs, stopMs);
    onNews({ kind: "ending", id: machine.id });
    return undefined;
  };

  function ringWith(nonce: string): Act {
    return (machine, nowMs) => {
      if (machine === undefined || machine.told === "end") return "not-found";
      if (machine.told === "stop") return "conflict";
      rings.push(Object.freeze({ id: machine.id, nonce, atMs: nowMs }));
      onNews({ kind: "rung", id: machine.id, nonce });
      return undefined;
    };
  }

  async function each(
    kind: "start" | "stop" | "terminate" | "ring",
    act: Act,
    ids: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<readonly Outcome[]> {
    signal?.throwIfAborted();
    const nowMs = clock.now();
    return ids.map((id) => {
      const failure = refuse({ kind, id }) ?? act(fleet.find(id), nowMs);
      return Object.freeze(failure === undefined ? { id, ok: true } : { id, ok: false, failure });
    });
  }

  return {
    name: "memory",
    async launch(attempt, callOptions) {
      callOptions?.signal?.throwIfAborted();
      assertLaunch(attempt, region);
      const nowMs = clock.now();
      const { machines, failures } = purchase(attempt, nowMs);
      return { machines: machines.map((machine) => observe(machine, nowMs)), failures };
    },
    start: (ids, callOptions) => each("start", start, ids, callOptions?.signal),
    stop: (ids, callOptions) => each("stop", stop, ids, callOptions?.signal),
    terminate: (ids, callOptions) => each("terminate", end, ids, callOptions?.signal),
    ring: (ids, nonce, callOptions) => each("ring", ringWith(nonce), ids, callOptions?.signal),
    async list(filter, callOptions) {
      callOptions?.signal?.throwIfAborted();
      const kind = refuse({ kind: "list" });
      if (kind !== undefined) {
        throw new FleetError({ kind, message: `The machines of ${region} cannot be listed` });
      }
      const nowMs = clock.now();
      return [...fleet.all(nowMs)]
        .filter(
          ({ attempt }) =>
            filter.region === region &&
            attempt.environment === filter.environment &&
            (filter.attemptId === undefined || attempt.id === filter.attemptId),
        )
        .map((machine) => observe(machine, nowMs));
    },
    rings: () => [...rings],
  };
}

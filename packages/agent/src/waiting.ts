import type { Assignment, Clock, Entropy } from "@runs-fleet/core/wire";
import type { AgentOptions, AgentTimings } from "./options.ts";

/** Resolves with the first of the two, and stops the other one. Rejects with `signal.reason` alone. */
async function either(
  signal: AbortSignal,
  first: (signal: AbortSignal) => Promise<void>,
  second: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const done = new AbortController();
  const both = AbortSignal.any([signal, done.signal]);
  try {
    await Promise.race([first(both), second(both)]);
  } finally {
    done.abort();
  }
  signal.throwIfAborted();
}

function never(signal: AbortSignal): Promise<void> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/**
 * The assignment that this machine took: it is ours alone, and nobody can read its credential any more.
 *
 * An assignment that the controller took back is lost, and the wait goes on. A blanking without an answer is repeated
 * until there is one, because it may have happened.
 *
 * @throws `signal.reason` once the signal aborts.
 */
export async function waitForAssignment(options: {
  readonly machineId: string;
  readonly assignments: AgentOptions["assignments"];
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly timings: AgentTimings;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}): Promise<Assignment> {
  const { machineId, assignments, clock, entropy, timings, log, signal } = options;
  const sinceMs = clock.monotonicMs();

  const pollMs = (): number =>
    clock.monotonicMs() - sinceMs < timings.fastPollForMs
      ? timings.fastPollMs
      : timings.slowPollMs * (1 + entropy.random() / 4);

  async function read(): Promise<Assignment | undefined> {
    try {
      return await assignments.read(machineId, { signal });
    } catch {
      signal.throwIfAborted();
      log("the assignment could not be read, looking again later");
      return undefined;
    }
  }

  async function take(assignment: Assignment): Promise<boolean> {
    for (;;) {
      try {
        return await assignments.blank(assignment, { signal });
      } catch {
        signal.throwIfAborted();
        log("the assignment could not be blanked, trying again");
        await clock.sleep(Math.min(1_000, timings.fastPollMs), signal);
      }
    }
  }

  const ring = (until: AbortSignal): Promise<void> =>
    // A doorbell out of order leaves the polling.
    assignments.rung(until).catch(() => never(until));

  const lost = new Set<string>();
  for (;;) {
    signal.throwIfAborted();
    const assignment = await read();
    if (
      assignment?.machineId === machineId &&
      assignment.deadlineMs > clock.now() &&
      !lost.has(assignment.id)
    ) {
      if (await take(assignment)) return assignment;
      lost.add(assignment.id);
      log(`assignment ${assignment.id} was taken back before it was begun`);
      continue;
    }
    await either(signal, (until) => clock.sleep(pollMs(), until), ring);
  }
}

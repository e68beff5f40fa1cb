import { ec2TagKeys, type MachineIdentity, type MachineMetadata } from "@runs-fleet/aws/agent";
import type { Clock } from "@runs-fleet/core/wire";

/** What the machine has to know of itself before it can begin. */
export interface MachineFacts {
  readonly identity: MachineIdentity;
  /** The fleet's environment, such as `ci`. */
  readonly environment: string;
  /** Its hard deadline, epoch milliseconds. */
  readonly deadlineMs?: number;
}

/** The machine cannot begin because of how it was made: nothing that passes. */
export class WrongMachine extends Error {}

/** How long the machine waits for its metadata and its tags after the boot, milliseconds, and between two looks. */
const metadataPatience = Object.freeze({ limitMs: 120_000, pauseMs: 2_000 });

/**
 * Reads the facts; at boot the metadata may be seconds late.
 *
 * @throws A {@link WrongMachine} when it has no environment or no deadline that can be read; what the metadata throws, when that has not
 *   answered for the whole time; `signal.reason`.
 */
export async function readMachineFacts(options: {
  readonly metadata: MachineMetadata;
  readonly clock: Clock;
  readonly patience?: { readonly limitMs: number; readonly pauseMs: number };
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}): Promise<MachineFacts> {
  const { metadata, clock, patience = metadataPatience, signal, log } = options;
  const untilMs = clock.monotonicMs() + patience.limitMs;

  /** Looks until it is there; the last look tells. */
  async function until<T>(what: string, read: () => Promise<T | undefined>) {
    for (let looks = 1; ; looks += 1) {
      const isLast = clock.monotonicMs() >= untilMs;
      try {
        const found = await read();
        if (found !== undefined || isLast) return found;
      } catch (error) {
        signal.throwIfAborted();
        if (isLast) throw error;
      }
      if (looks === 1) log(`waiting for ${what}`);
      await clock.sleep(patience.pauseMs, signal);
    }
  }

  const identity = await until("the instance's metadata", () => metadata.identity({ signal }));
  const environment = await until(`the tag ${ec2TagKeys.environment}`, () =>
    metadata.tag(ec2TagKeys.environment, { signal }),
  );
  if (identity === undefined || environment === undefined) {
    throw new WrongMachine(
      `the instance shows no tag ${ec2TagKeys.environment}: its launch template must allow tags in instance metadata`,
    );
  }
  // Set with the other one, so there by now or not at all.
  const deadline = await metadata.tag(ec2TagKeys.deadline, { signal });
  if (deadline === undefined) return { identity, environment };
  const deadlineMs = /^\d{1,15}$/u.test(deadline) ? Number(deadline) : Number.NaN;
  if (!Number.isSafeInteger(deadlineMs)) {
    throw new WrongMachine(
      `the tag ${ec2TagKeys.deadline} must be epoch milliseconds, is ${deadline.slice(0, 64)}`,
    );
  }
  return { identity, environment, deadlineMs };
}

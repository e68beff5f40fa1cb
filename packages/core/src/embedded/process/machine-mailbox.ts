import { writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { CallOptions } from "../../ports/call-options.ts";
import type { AgentEvent } from "../../wire/agent-event.ts";
import type { Assignment } from "../../wire/assignment.ts";
import { decideAssignment, readAssignment, removeAssignment } from "./assignment-files.ts";
import { prepareEvent, writeEvent } from "./event-files.ts";
import { codeOf, makeDirectory, readText } from "./files.ts";
import { doorbellOf, groupsOf, hintsIn, runnerOf } from "./layout.ts";
import { markTerminated } from "./machine-state.ts";
import { bootClaimOf } from "./process-identity.ts";
import { doorbellSignal } from "./ring.ts";

/** The machine's side of its files: what `runAgent` needs to speak with the controller. */
export interface MachineMailbox {
  /** Where the machine's runner belongs: it goes when the machine is cleared away. */
  readonly runnerDirectory: string;
  /** Where the machine reports: `send` resolves when the report is on the disk. */
  readonly events: { send(event: AgentEvent, options?: CallOptions): Promise<void> };
  /** What the controller says to the machine. */
  readonly assignments: {
    /** The document that waits for the machine. */
    read(machineId: string, options?: CallOptions): Promise<Assignment | undefined>;
    /** Takes the assignment and removes its credential from the disk; `false`: it was taken back before. */
    blank(assignment: Assignment, options?: CallOptions): Promise<boolean>;
    /** Resolves when the doorbell rings or has rung since the last time; rejects with `signal.reason`. */
    rung(signal: AbortSignal): Promise<void>;
  };
  /** The switch of the machine. */
  readonly power: {
    /** The machine has ended for good; what is left is to leave the process. */
    off(reason: string): Promise<void>;
  };
  /** Makes the process, and the group that it heads, end with the machine, however the machine ends. */
  adopt(pid: number): void;
}

/**
 * The mailbox of the machine whose directory this is. For use inside the machine's own process: the doorbell is a
 * signal to it.
 */
export function createMachineMailbox(machineDirectory: string): MachineMailbox {
  const hints = hintsIn(dirname(machineDirectory));
  let heard: string | undefined;

  async function hint(machineId: string): Promise<void> {
    await makeDirectory(hints);
    await writeFile(join(hints, machineId), "1");
  }

  function rung(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        process.off(doorbellSignal, onRing);
        signal.removeEventListener("abort", onAbort);
      };
      const onAbort = (): void => {
        stop();
        reject(signal.reason);
      };
      const onRing = (): void => {
        readText(doorbellOf(machineDirectory)).then((nonce) => {
          if (nonce === undefined || nonce === heard) return;
          heard = nonce;
          stop();
          resolve();
        }, reject);
      };
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      process.on(doorbellSignal, onRing);
      signal.addEventListener("abort", onAbort, { once: true });
      // It may have rung before we listened.
      onRing();
    });
  }

  return {
    runnerDirectory: runnerOf(machineDirectory),
    events: {
      send: async (event, options) => {
        options?.signal?.throwIfAborted();
        await writeEvent(machineDirectory, prepareEvent({ body: event }));
        // Only saves the host a moment: it looks into every directory now and then.
        await hint(event.machineId).catch(() => undefined);
      },
    },
    assignments: {
      read: async (machineId, options) => {
        options?.signal?.throwIfAborted();
        const assignment = await readAssignment(machineDirectory);
        return assignment?.machineId === machineId ? assignment : undefined;
      },
      blank: async (assignment, options) => {
        options?.signal?.throwIfAborted();
        const winner = await decideAssignment(machineDirectory, assignment.id, "taken");
        await removeAssignment(machineDirectory, assignment.id);
        return winner === "taken";
      },
      rung,
    },
    power: { off: (reason) => markTerminated(machineDirectory, { atMs: Date.now(), reason }) },
    adopt: (pid) => {
      try {
        writeFileSync(join(groupsOf(machineDirectory), String(pid)), bootClaimOf(pid), {
          mode: 0o600,
        });
      } catch (error) {
        // It has ended already.
        if (codeOf(error) !== "ENOENT" && codeOf(error) !== "ESRCH") throw error;
      }
    },
  };
}

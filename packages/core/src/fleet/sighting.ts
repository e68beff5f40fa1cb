import type { JobEvent } from "../ports/demand-event.ts";
import type { Ledger } from "./ledger.ts";
import type { MachineRecord } from "./records.ts";

/** Where GitHub says that a job runs. */
export interface Sighting {
  readonly runnerName: string;
  /** Absent: somebody else's runner. */
  readonly machine?: MachineRecord | undefined;
}

/** Whether a runner that is registered there may be given jobs of this repository. */
function covers(scope: string, repository: string): boolean {
  const [owner = ""] = repository.split("/");
  const where = scope.toLowerCase();
  return [`orgs/${owner}`, `repos/${repository}`].some((own) => own.toLowerCase() === where);
}

/**
 * The runner that the news of a job name, by its name or else by its id. Ids are unique only where a runner is registered,
 * and one that we do not know proves nothing: we may have been told of a registration and have lost the answer.
 *
 * @returns `undefined` when it is not known where the job runs, which is neither here nor elsewhere.
 */
export function sightingOf(ledger: Ledger, event: JobEvent): Sighting | undefined {
  const { runnerName, runnerId, repository } = event;
  if (runnerName !== undefined) {
    return { runnerName, machine: ledger.machineOfRunner(runnerName) };
  }
  if (runnerId === undefined) return undefined;
  for (const machine of ledger.machines.values()) {
    const { registration } = machine;
    if (registration?.runnerId === runnerId && covers(registration.scope, repository)) {
      return { runnerName: registration.runnerName, machine };
    }
  }
  return undefined;
}

import { createHash } from "node:crypto";
import { join } from "node:path";

/**
 * Where everything lies under the fleet's directory. A machine is `<directory>/<id>/`; whatever a host, a machine or
 * an assignment decides is one file that is created exactly once, so that any number of hosts may share the directory.
 */

/** Entries of the fleet's directory that are not machines. */
const reservedNames: ReadonlySet<string> = new Set(["attempts", "ended", "hints", "dead-letters"]);

const plainName = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/;

/** Whether the id is usable as the name of a file as it is. */
function isPlainName(id: string): boolean {
  return plainName.test(id);
}

/** A file name for any id: the id itself when it is harmless, else a hash of it. */
export function fileNameFor(id: string): string {
  return isPlainName(id) ? id : `h-${createHash("sha256").update(id).digest("hex")}`;
}

/** The id of the `slot`-th machine of a launch: the same token and slot always name the same machine. */
export function machineIdFor(token: string, slot: number): string {
  return `pm-${createHash("sha256").update(token).digest("hex").slice(0, 16)}-${slot}`;
}

/** Whether an entry of the fleet's directory may be a machine. */
export function isMachineName(name: string): boolean {
  return isPlainName(name) && !reservedNames.has(name);
}

/** Directory of the attempts' records. */
export const attemptsIn = (directory: string): string => join(directory, "attempts");
/** Directory of the machines that ended a while ago. */
export const endedIn = (directory: string): string => join(directory, "ended");
/** Directory in which a machine touches a file of its name when it has written an event. */
export const hintsIn = (directory: string): string => join(directory, "hints");
/** Directory of the events nobody could read. */
export const deadLettersIn = (directory: string): string => join(directory, "dead-letters");

/** The facts about a machine, written once when it is bought. */
export const recordOf = (machine: string): string => join(machine, "machine.json");
/** Exists once the machine must not run any more. */
export const terminatedOf = (machine: string): string => join(machine, "terminated");
/** Created by the process that is the `generation`-th boot of the machine; holds its pid and start time. */
export const bootOf = (machine: string, generation: number): string =>
  join(machine, `boot-${generation}`);
/** Exists once the `generation`-th boot was asked for; the first one is implied. */
export const startOf = (machine: string, generation: number): string =>
  join(machine, `start-${generation}`);
/** Exists once the `generation`-th boot was asked to stop. */
export const stopOf = (machine: string, generation: number): string =>
  join(machine, `stop-${generation}`);
/** The last nonce rung. */
export const doorbellOf = (machine: string): string => join(machine, "doorbell");
/** Events written by the machine and not yet acknowledged. */
export const eventsOf = (machine: string): string => join(machine, "events");
/** Documents for the machine, and who won each. */
export const assignmentsOf = (machine: string): string => join(machine, "assignments");
/** Process groups that the machine started and that end with it. */
export const groupsOf = (machine: string): string => join(machine, "groups");
/** The machine's copy of the runner, and what jobs left in it. Gone when the machine is cleared away. */
export const runnerOf = (machine: string): string => join(machine, "runner");

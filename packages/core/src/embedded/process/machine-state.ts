import { join } from "node:path";
import type { ObservedState } from "../../ports/machine-provider.ts";
import { createMarker, parseJson, readNames, readText } from "./files.ts";
import { bootOf, groupsOf, recordOf, terminatedOf } from "./layout.ts";
import { type MachineRecord, parseMachineRecord } from "./machine-record.ts";
import { isAlive, type ProcessIdentity, parseBootClaim } from "./process-identity.ts";

/** A machine as its files and its process tell it. */
export interface MachineView {
  readonly id: string;
  /** Its directory. */
  readonly path: string;
  /** Absent when the record cannot be read: then nothing is known about the machine, not even whose it is. */
  readonly record?: MachineRecord;
  readonly state: ObservedState;
  /** The boot that counts: 1 from the launch, one more with each start. */
  readonly generation: number;
  /** The process of that boot; absent until it runs. */
  readonly process?: ProcessIdentity;
  /** Process groups that the machine started. */
  readonly groups: readonly ProcessIdentity[];
  /** Whether the machine's process ended without anybody asking it to. */
  readonly endedByItself: boolean;
}

function generationIn(names: readonly string[]): number {
  let generation = 1;
  for (const name of names) {
    const match = /^start-(\d{1,6})$/.exec(name);
    if (match) generation = Math.max(generation, Number(match[1]));
  }
  return generation;
}

async function readGroups(path: string): Promise<readonly ProcessIdentity[]> {
  const names = (await readNames(groupsOf(path))) ?? [];
  const claims = await Promise.all(names.map((name) => readText(join(groupsOf(path), name))));
  return claims.flatMap((claim) => (claim && parseBootClaim(claim)) || []);
}

async function anyAlive(processes: readonly ProcessIdentity[]): Promise<boolean> {
  for (const process of processes) if (await isAlive(process)) return true;
  return false;
}

/** The machine as it is now; `undefined` when there is no such machine. */
export async function viewMachine(path: string, id: string): Promise<MachineView | undefined> {
  const names = await readNames(path);
  if (names === undefined || !names.includes("machine.json")) return undefined;
  const generation = generationIn(names);
  const [json, claim, groups] = await Promise.all([
    readText(recordOf(path)),
    names.includes(`boot-${generation}`) ? readText(bootOf(path, generation)) : undefined,
    names.includes("groups") ? readGroups(path) : [],
  ]);
  if (json === undefined) return undefined;
  const record = parseMachineRecord(json);
  const process = claim === undefined ? undefined : parseBootClaim(claim);
  const alive = process !== undefined && (await isAlive(process));
  const terminated = names.includes("terminated");
  let state: ObservedState;
  if (terminated) {
    state = alive || (await anyAlive(groups)) ? "shutting-down" : "terminated";
  } else if (names.includes(`stop-${generation}`)) {
    state = alive ? "stopping" : "stopped";
  } else if (process === undefined) {
    state = "pending";
  } else {
    state = alive ? "running" : "terminated";
  }
  return {
    id,
    path,
    ...(record && { record }),
    state,
    generation,
    ...(process && { process }),
    groups,
    endedByItself: state === "terminated" && !terminated,
  };
}

/** When and why a machine ended. */
export interface Ending {
  readonly atMs: number;
  readonly reason: string;
}

/** The machine never runs again; the first ending written is the one that counts. */
export async function markTerminated(path: string, ending: Ending): Promise<void> {
  await createMarker(terminatedOf(path), JSON.stringify(ending));
}

/** When the machine ended, epoch milliseconds; `undefined` when it has not, or nobody knows. */
export async function endedAtMs(path: string): Promise<number | undefined> {
  const value = parseJson((await readText(terminatedOf(path))) ?? "");
  return typeof value === "object" && value !== null && "atMs" in value
    ? typeof value.atMs === "number"
      ? value.atMs
      : undefined
    : undefined;
}

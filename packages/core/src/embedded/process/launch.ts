import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { FleetError } from "../../ports/failure.ts";
import type { LaunchAttempt, LaunchFailure } from "../../ports/machine-provider.ts";
import { launchFingerprint, tokenReused } from "../launch-fingerprint.ts";
import { codeOf, createDurably, makeDirectory, parseJson, readNames, readText } from "./files.ts";
import {
  assignmentsOf,
  attemptsIn,
  endedIn,
  eventsOf,
  fileNameFor,
  groupsOf,
  recordOf,
} from "./layout.ts";
import type { MachineRecord } from "./machine-record.ts";

const attemptPath = (directory: string, token: string): string =>
  join(attemptsIn(directory), `${fileNameFor(token)}.json`);
const resultPath = (directory: string, token: string): string =>
  join(attemptsIn(directory), `${fileNameFor(token)}.result.json`);

/**
 * The attempt is on disk before anything is bought for it. Sent again, by any host, it finds its record.
 *
 * @throws A {@link FleetError} `config` when the token was used with other fields.
 */
export async function recordAttempt(directory: string, attempt: LaunchAttempt): Promise<void> {
  await makeDirectory(attemptsIn(directory));
  const path = attemptPath(directory, attempt.token);
  const text = launchFingerprint(attempt);
  if (await createDurably(path, text)) return;
  if ((await readText(path)) === text) return;
  throw tokenReused(attempt);
}

/** What a launch bought in all; nothing more is bought for its token. */
export interface SettledLaunch {
  readonly machineIds: readonly string[];
  readonly failures: readonly LaunchFailure[];
}

const text = v.string();
const settledSchema = v.object({
  machineIds: v.array(text),
  failures: v.array(
    v.object({
      kind: v.picklist([
        "capacity",
        "quota",
        "throttled",
        "auth",
        "config",
        "not-found",
        "conflict",
        "unavailable",
        "unknown",
      ]),
      offering: v.exactOptional(text),
      message: text,
    }),
  ),
});

/** What the token bought, when its launch ran to its end before; else `undefined`. */
export async function readSettled(
  directory: string,
  token: string,
): Promise<SettledLaunch | undefined> {
  const json = await readText(resultPath(directory, token));
  if (json === undefined) return undefined;
  const result = v.safeParse(settledSchema, parseJson(json));
  if (result.success) return result.output;
  throw new FleetError({
    kind: "unknown",
    message: `The result of launch ${token} on disk cannot be read; list by attempt instead`,
  });
}

/** The launch is over. The first host to say so is believed. */
export async function settle(
  directory: string,
  token: string,
  settled: SettledLaunch,
): Promise<void> {
  await createDurably(resultPath(directory, token), JSON.stringify(settled));
}

/**
 * Buys the machine unless its slot was taken: the directory appears whole and exactly once, whoever else tries.
 *
 * @returns `ended` when the machine was bought, ran and was cleared away.
 */
export async function claimSlot(
  directory: string,
  record: MachineRecord,
): Promise<"bought" | "taken" | "ended"> {
  const path = join(directory, record.id);
  const draft = join(directory, "attempts", `draft-${randomUUID()}`);
  await mkdir(draft, { mode: 0o700 });
  try {
    await Promise.all([
      mkdir(eventsOf(draft)),
      mkdir(assignmentsOf(draft)),
      mkdir(groupsOf(draft)),
      writeFile(recordOf(draft), JSON.stringify(record), { mode: 0o600 }),
    ]);
    await rename(draft, path);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOTEMPTY" || code === "EEXIST") return "taken";
    throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  // Looked at afterwards: a machine that was cleared away meanwhile was moved there before our name became free.
  if ((await readNames(join(endedIn(directory), record.id))) === undefined) return "bought";
  await rm(path, { recursive: true, force: true });
  return "ended";
}

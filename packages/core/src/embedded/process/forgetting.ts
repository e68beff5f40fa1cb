import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { isAbsent, parseJson, readNames, readText } from "./files.ts";
import { attemptsIn, endedIn, recordOf } from "./layout.ts";

/** How long past its deadline a machine, and the launch that bought it, is remembered, milliseconds. */
export const rememberMs = 3_600_000;

async function deadlineIn(path: string): Promise<number | undefined> {
  const value = parseJson((await readText(path)) ?? "");
  return typeof value === "object" && value !== null && "deadlineMs" in value
    ? Number(value.deadlineMs)
    : undefined;
}

async function isOldFile(path: string, beforeMs: number): Promise<boolean> {
  try {
    return (await stat(path)).mtimeMs < beforeMs;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

/**
 * Removes launches and ended machines whose deadline passed long ago, and drafts that a killed host left. A launch
 * sent again after its deadline buys nothing anyway, so its record is not needed any more.
 */
export async function forgetOldLaunches(directory: string, nowMs: number): Promise<void> {
  const beforeMs = nowMs - rememberMs;
  const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true });
  const ended = endedIn(directory);
  for (const name of (await readNames(ended)) ?? []) {
    const deadlineMs = await deadlineIn(recordOf(join(ended, name)));
    if (deadlineMs !== undefined && deadlineMs < beforeMs) await remove(join(ended, name));
  }
  const attempts = attemptsIn(directory);
  for (const name of (await readNames(attempts)) ?? []) {
    const path = join(attempts, name);
    if (name.endsWith(".result.json")) continue;
    if (name.endsWith(".json")) {
      const deadlineMs = await deadlineIn(path);
      if (deadlineMs === undefined || deadlineMs >= beforeMs) continue;
      await remove(`${path.slice(0, -".json".length)}.result.json`);
      await remove(path);
    } else if (await isOldFile(path, beforeMs)) {
      await remove(path);
    }
  }
}

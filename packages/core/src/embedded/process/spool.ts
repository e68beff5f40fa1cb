import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAbsent } from "./files.ts";
import { deadLettersIn, eventsOf, isMachineName } from "./layout.ts";

/** An event file that was seen and is not acknowledged. */
export interface SpooledFile {
  /** Names the event: machine and file. */
  readonly id: string;
  readonly machineId: string;
  readonly name: string;
  receipt: string;
  /** Monotonic milliseconds until which it is hidden. */
  hiddenUntilMs: number;
  attempts: number;
}

/**
 * The event files of all machines, as far as they were seen, oldest first within a machine.
 *
 * Reads and removes synchronously: these are many tiny calls, each far cheaper than its detour through a thread.
 */
export interface Spool {
  /** Looks into every machine's directory. */
  scanAll(): void;
  /** Looks into one machine's directory. */
  scan(machineId: string): void;
  /** Hides the next file that is visible and answers it, as received once more. */
  take(nowMs: number, visibilityMs: number): SpooledFile | undefined;
  /** When the next hidden file becomes visible, monotonic milliseconds. */
  nextVisibleMs(): number | undefined;
  /** The file, when that receipt is its last one. */
  find(id: string, receipt: string): SpooledFile | undefined;
  /** What the file holds; `undefined`: another host removed it, and it is forgotten here too. */
  read(file: SpooledFile): string | undefined;
  /** The file is gone. */
  remove(file: SpooledFile): void;
  /** The file lies in `dead-letters/`, with the cause beside it. */
  bury(file: SpooledFile, cause: object): void;
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

/** A spool over the directory; it looks at nothing until it is told to. */
export function createSpool(directory: string): Spool {
  const files = new Map<string, SpooledFile>();
  const pathOf = (file: SpooledFile): string =>
    join(eventsOf(join(directory, file.machineId)), file.name);

  function scan(machineId: string): void {
    const names = namesIn(eventsOf(join(directory, machineId)));
    for (const name of names.filter((name) => name.endsWith(".json")).sort()) {
      const id = `${machineId}/${name}`;
      if (files.has(id)) continue;
      files.set(id, { id, machineId, name, receipt: "", hiddenUntilMs: 0, attempts: 0 });
    }
  }

  return {
    scan,
    scanAll: () => {
      for (const name of namesIn(directory)) if (isMachineName(name)) scan(name);
    },
    take: (nowMs, visibilityMs) => {
      for (const file of files.values()) {
        if (file.hiddenUntilMs > nowMs) continue;
        file.hiddenUntilMs = nowMs + visibilityMs;
        file.receipt = randomUUID();
        file.attempts += 1;
        return file;
      }
      return undefined;
    },
    nextVisibleMs: () => {
      let next: number | undefined;
      for (const { hiddenUntilMs } of files.values()) {
        if (next === undefined || hiddenUntilMs < next) next = hiddenUntilMs;
      }
      return next;
    },
    find: (id, receipt) => {
      const file = files.get(id);
      return file?.receipt === receipt ? file : undefined;
    },
    read: (file) => {
      try {
        return readFileSync(pathOf(file), "utf8");
      } catch (error) {
        if (!isAbsent(error)) throw error;
        files.delete(file.id);
        return undefined;
      }
    },
    remove: (file) => {
      rmSync(pathOf(file), { force: true });
      files.delete(file.id);
    },
    bury: (file, cause) => {
      const letters = deadLettersIn(directory);
      const name = `${file.machineId}-${file.name}`;
      mkdirSync(letters, { recursive: true, mode: 0o700 });
      writeFileSync(join(letters, `${name}.cause`), JSON.stringify(cause), { mode: 0o600 });
      try {
        renameSync(pathOf(file), join(letters, name));
      } catch (error) {
        if (!isAbsent(error)) throw error;
      }
      files.delete(file.id);
    },
  };
}

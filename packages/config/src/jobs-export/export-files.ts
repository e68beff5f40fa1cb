import { constants } from "node:fs";
import { type FileHandle, mkdir, open, readFile, rename, rm, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import process from "node:process";
import { exportError } from "./problems.ts";

/** The files of an export: the output, the plan (runs whose jobs are to be read) and the state. */
export type ExportFile = "output" | "plan" | "state";

/** Where an export is kept. What a call has resolved for outlives the process and the power. */
export interface ExportFiles extends AsyncDisposable {
  /** The first `bytes` of a file, all of it without; `undefined` when there is none. */
  read(file: ExportFile, bytes?: number): Promise<string | undefined>;
  /** Length in bytes; `undefined` when there is no such file. */
  size(file: ExportFile): Promise<number | undefined>;
  /** Cuts a file down to its first `bytes`, and makes it when there is none. */
  cut(file: ExportFile, bytes: number): Promise<void>;
  append(file: ExportFile, text: string): Promise<void>;
  /** All of the new text or all of the old, whenever one looks. */
  replace(file: ExportFile, text: string): Promise<void>;
  remove(file: ExportFile): Promise<void>;
}

async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

async function written(path: string, flags: string, text: string): Promise<void> {
  const handle = await open(path, flags, 0o600);
  try {
    await handle.writeFile(text);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** A rename is durable when its directory is. */
async function settleDirectory(path: string): Promise<void> {
  const handle = await open(dirname(path), constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Whether a process of that id is there. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Takes the lock, also from a process that has died. */
async function takeLock(path: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      const handle: FileHandle = await open(path, "wx", 0o600);
      await handle.writeFile(`${process.pid}\n`);
      await handle.close();
      return;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    const holder = Number(await ifThere(readFile(path, "utf8")));
    const held =
      Number.isInteger(holder) && holder > 0 && holder !== process.pid && isAlive(holder);
    if (held || tries >= 3) {
      throw exportError(
        "locked",
        `Another export (process ${holder}) is writing there: wait for it, or choose another --output. If there is none, delete ${path}`,
      );
    }
    await rm(path, { force: true });
  }
}

/**
 * The files beside `output`: `<output>.state.json`, `<output>.runs.ndjson` and, while it is open, `<output>.lock`.
 *
 * @throws A `FleetError` with the code `locked` when another process that lives has them open.
 */
export async function openExportFiles(output: string): Promise<ExportFiles> {
  const paths: Readonly<Record<ExportFile, string>> = {
    output,
    plan: `${output}.runs.ndjson`,
    state: `${output}.state.json`,
  };
  const lock = `${output}.lock`;
  await mkdir(dirname(output), { recursive: true });
  await takeLock(lock);
  return {
    read: async (file, bytes) => {
      const whole = await ifThere(readFile(paths[file]));
      return whole?.subarray(0, bytes ?? whole.length).toString("utf8");
    },
    size: async (file) => {
      const handle = await ifThere(open(paths[file], "r"));
      if (handle === undefined) return undefined;
      try {
        return (await handle.stat()).size;
      } finally {
        await handle.close();
      }
    },
    cut: async (file, bytes) => {
      await written(paths[file], "a", "");
      await truncate(paths[file], bytes);
    },
    append: (file, text) => written(paths[file], "a", text),
    replace: async (file, text) => {
      const fresh = `${paths[file]}.new`;
      await written(fresh, "w", text);
      await rename(fresh, paths[file]);
      await settleDirectory(paths[file]);
    },
    remove: (file) => rm(paths[file], { force: true }),
    [Symbol.asyncDispose]: () => rm(lock, { force: true }),
  };
}

import { appendFileSync, mkdirSync, writeSync } from "node:fs";
import { join } from "node:path";

/** What the listener says: on its standard output, and to `_diag`. */
export interface Output {
  /** A line as it is. */
  print(line: string): void;
  /** A line behind the time, as the runner prints what it does. */
  printTimed(line: string): void;
  /** A line of the worker's diagnostics. */
  diagnose(line: string): void;
}

/** The time as the runner prints it, to the second. */
const timeOf = (ms: number): string =>
  `${new Date(ms).toISOString().slice(0, 19)}Z`.replace("T", " ");

/** An output under the runner's root. */
export function createOutput(root: string): Output {
  const folder = join(root, "_diag");
  const stamp = timeOf(Date.now()).replace(/\D/g, "");
  mkdirSync(folder, { recursive: true });
  const note = (file: string, line: string): void =>
    appendFileSync(join(folder, file), `[${timeOf(Date.now())} INFO Fake] ${line}\n`);
  const print = (line: string): void => {
    note(`Runner_${stamp}-utc.log`, line);
    try {
      writeSync(1, `${line}\n`);
    } catch {
      // Whoever read it is gone.
    }
  };
  return {
    print,
    printTimed: (line) => print(`${timeOf(Date.now())}: ${line}`),
    diagnose: (line) => note(`Worker_${stamp}-utc.log`, line),
  };
}

import { spawn } from "node:child_process";

/** Whole and tenths of seconds, as shown everywhere. */
export const seconds = (/** @type {number} */ ms) => `${(ms / 1000).toFixed(1)} s`;

/** A failure whose message is for the person at the keyboard; no stack is shown. */
export class Stop extends Error {}

/**
 * Runs a program and gathers what it prints.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, limitMs?: number, onLine?: (line: string) => void }} [options]
 *   `limitMs`: when to kill it and all it started, which then also happens when we are told to end; no limit when absent.
 *   `onLine` sees what it prints, while it runs.
 * @returns {Promise<{ code: number, output: string }>} `code` is 127 when the program cannot be started.
 */
export function run(program, args, { limitMs, onLine, ...options } = {}) {
  return new Promise((resolve) => {
    // A group of its own can be ended with its children; one that hangs in a loop hears nothing but SIGKILL.
    const grouped = limitMs !== undefined && process.platform !== "win32";
    const child = spawn(program, args, {
      ...options,
      stdio: ["ignore", "pipe", "pipe"],
      detached: grouped,
    });
    let output = "";
    const kill = () => {
      if (grouped && child.pid) process.kill(-child.pid, "SIGKILL");
      else child.kill("SIGKILL");
    };
    const stopped = () => {
      kill();
      process.exit(1);
    };
    const tooLong = () => {
      output += `\nended after ${seconds(limitMs ?? 0)}: it took too long\n`;
      kill();
    };
    const timer = limitMs === undefined ? undefined : setTimeout(tooLong, limitMs);
    if (grouped) for (const signal of endings) process.once(signal, stopped);
    const finish = (/** @type {number} */ code) => {
      clearTimeout(timer);
      for (const signal of endings) process.off(signal, stopped);
      resolve({ code, output });
    };
    const take = (/** @type {Buffer} */ chunk) => {
      output += chunk;
      if (onLine) for (const line of String(chunk).split("\n")) onLine(line);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", (error) => {
      output += `${error.message}\n`;
      finish(127);
    });
    child.on("close", (code) => finish(code ?? 1));
  });
}

const endings = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

/**
 * Runs a program in the foreground: its terminal is ours, signals reach it, its exit code is returned.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions} [options]
 * @returns {Promise<number>} 128 + the signal's number when a signal ended it.
 */
export function foreground(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: "inherit" });
    // A terminal sends SIGINT to the whole group: the child decides, we only must not die before it.
    const forward = (/** @type {NodeJS.Signals} */ signal) => () => {
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    };
    const handlers = endings.map((signal) => {
      const handler = forward(signal);
      process.on(signal, handler);
      return () => process.off(signal, handler);
    });
    const done = () => {
      for (const remove of handlers) remove();
    };
    child.on("error", (error) => {
      done();
      reject(error);
    });
    child.on("close", (code, signal) => {
      done();
      resolve(code ?? 128 + (signal ? (signalNumbers[signal] ?? 0) : 0));
    });
  });
}

/** @type {Readonly<Record<string, number>>} */
const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/**
 * Shows a step while it runs and the seconds it took.
 *
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const begin = Date.now();
  process.stderr.write(`· ${title}\n`);
  const result = await work();
  process.stderr.write(`  done in ${seconds(Date.now() - begin)}\n`);
  return result;
}

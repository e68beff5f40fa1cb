import { type ChildProcess, spawn } from "node:child_process";
import { access, rm } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import type { Clock } from "@runs-fleet/core/wire";
import type { ListenerExit, ListenerLauncher, ListenerProcess, ListenerStart } from "./listener.ts";

/** Longest line that is looked at, characters; the listener's own lines are far shorter. */
const longestLine = 8_192;

/** How long the rest of the output of an ended listener is waited for, milliseconds. */
const drainMs = 500;

/** How the file that the runner's update leaves behind is called. */
const updateDone = "update.finished";

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The listener's program in the runner's directory: the runner's own, or a script in its place. */
async function programOf(runnerDirectory: string): Promise<readonly [string, ...string[]]> {
  const base = join(runnerDirectory, "bin", "Runner.Listener");
  if (process.platform === "win32") {
    if (await exists(`${base}.exe`)) return [`${base}.exe`];
  } else if (await exists(base)) {
    return [base];
  }
  if (await exists(`${base}.mjs`)) return [process.execPath, `${base}.mjs`];
  throw new Error(`There is no bin/Runner.Listener in the runner's directory ${runnerDirectory}`);
}

/** Hands each whole line to the receiver. */
function readLines(child: ChildProcess, onLine: (line: string) => void): Promise<void> {
  const { stdout } = child;
  if (stdout === null) return Promise.resolve();
  let rest = "";
  stdout.setEncoding("utf8");
  stdout.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = (lines.pop() ?? "").slice(0, longestLine);
    for (const line of lines) onLine(line.slice(0, longestLine).replace(/\r$/, ""));
  });
  return new Promise((resolve) => {
    stdout.once("close", () => {
      if (rest !== "") onLine(rest);
      resolve();
    });
    stdout.on("error", () => undefined);
  });
}

function exitOf(child: ChildProcess): Promise<ListenerExit> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      resolve({ ...(code !== null && { code }), ...(signal !== null && { signal }) });
    });
  });
}

/**
 * Starts the listener as a child process at the head of its own process group, with an environment made from nothing.
 *
 * @param onStarted - Told the listener's pid, which is also its group's, before anything else happens.
 */
export function createChildProcessLauncher(
  clock: Clock,
  onStarted: (pid: number) => void = () => undefined,
): ListenerLauncher {
  async function start(options: ListenerStart): Promise<ListenerProcess> {
    const [program, ...prefix] = await programOf(options.runnerDirectory);
    const child = spawn(program, [...prefix, "run"], {
      cwd: options.runnerDirectory,
      detached: process.platform !== "win32",
      env: {
        ...options.environment,
        ACTIONS_RUNNER_INPUT_JITCONFIG: options.jitConfig,
        ACTIONS_RUNNER_RETURN_VERSION_DEPRECATED_EXIT_CODE: "1",
        ACTIONS_RUNNER_RETURN_JOB_RESULT_FOR_HOSTED: "1",
      },
      stdio: ["ignore", "pipe", "ignore"],
      windowsHide: true,
    });
    const { pid } = child;
    if (pid === undefined) {
      throw await new Promise((resolve) => {
        child.once("error", resolve);
      });
    }
    onStarted(pid);
    child.on("error", () => undefined);

    const signalTo = (target: number, signal: NodeJS.Signals): void => {
      try {
        process.kill(target, signal);
      } catch {
        // It has ended meanwhile.
      }
    };
    const killAll = (): void =>
      process.platform === "win32" ? void child.kill("SIGKILL") : signalTo(-pid, "SIGKILL");

    const lines = readLines(child, options.onLine);
    const ended = exitOf(child).then(async (exit) => {
      // What the job left running would hold the output open, and outlive the machine.
      killAll();
      const drained = new AbortController();
      await Promise.race([lines, clock.sleep(drainMs, drained.signal).catch(() => undefined)]);
      drained.abort();
      return exit;
    });
    return {
      interrupt: () => signalTo(pid, "SIGINT"),
      kill: killAll,
      ended,
    };
  }

  return {
    start,
    updated: async (runnerDirectory, limitMs) => {
      const path = join(runnerDirectory, updateDone);
      const untilMs = clock.monotonicMs() + limitMs;
      while (!(await exists(path))) {
        const leftMs = untilMs - clock.monotonicMs();
        if (leftMs <= 0) return;
        await clock.sleep(Math.min(500, leftMs));
      }
      await rm(path, { force: true });
    },
  };
}

import { type ChildProcess, fork } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { FleetStatus } from "@runs-fleet/core";

/** A host as a process of its own. */
export interface HostProcess {
  /** Its id at the operating system. */
  readonly pid: number;
  /** Resolves when it serves; rejects with what it said when it ends before. */
  readonly ready: Promise<{ readonly url: string; readonly statusUrl?: string }>;
  /** What it wrote, the last lines. */
  readonly lines: readonly string[];
  /** Its state, when it answers. */
  status(): Promise<FleetStatus | undefined>;
  /** Stops time for it, with SIGSTOP, and lets it go on. */
  pause(): void;
  resume(): void;
  /** Ends it with SIGKILL. */
  kill(): Promise<void>;
  /** Ends it with SIGTERM, and answers its exit code. */
  drain(): Promise<number | null>;
}

/** The built host: what users run. */
const program = fileURLToPath(new URL("../main.js", import.meta.url));
const mostLines = 5_000;
const patienceMs = 2_000;

/** Starts a host with these variables and nothing else of our environment but PATH. */
export function startHostProcess(options: {
  readonly role: "intake" | "controller" | "both";
  readonly variables: Readonly<Record<string, string>>;
  /** @defaultValue the built host beside this file */
  readonly program?: string;
}): HostProcess {
  const child: ChildProcess = fork(options.program ?? program, ["--role", options.role], {
    // The test runner's own flags would make the host read sources instead of what was built.
    execArgv: [],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { PATH: process.env["PATH"], ...options.variables },
  });
  const lines: string[] = [];
  const take = (data: Buffer): void => {
    lines.push(...data.toString("utf8").split("\n").filter(Boolean));
    lines.splice(0, Math.max(0, lines.length - mostLines));
  };
  child.stdout?.on("data", take);
  child.stderr?.on("data", take);
  const gone = new Promise<number | null>((resolve) => child.once("close", resolve));
  const ready = new Promise<{ url: string; statusUrl?: string }>((resolve, reject) => {
    child.once("message", (message) => resolve(message as { url: string; statusUrl?: string }));
    gone.then(
      (code) => reject(new Error(`The host ended with ${code}:\n${lines.slice(-20).join("\n")}`)),
      reject,
    );
  });
  ready.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    ready,
    lines,
    status: async () => {
      try {
        const { statusUrl } = await ready;
        const signal = AbortSignal.timeout(patienceMs);
        const response = await fetch(`${statusUrl}/status`, { signal });
        return response.ok ? ((await response.json()) as FleetStatus) : undefined;
      } catch {
        return undefined;
      }
    },
    pause: () => void child.kill("SIGSTOP"),
    resume: () => void child.kill("SIGCONT"),
    kill: async () => {
      child.kill("SIGCONT");
      child.kill("SIGKILL");
      await gone;
    },
    drain: () => {
      child.kill("SIGTERM");
      return gone;
    },
  };
}

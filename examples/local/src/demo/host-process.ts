import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The host as a child process that can be killed and comes back. */
export interface HostProcess {
  /** Where it serves; waits for it while it starts. */
  url(): Promise<string>;
  /** Kills it with SIGKILL and starts it again on the same data. */
  kill(): Promise<void>;
  /** Sends SIGTERM and waits for its end. */
  drain(): Promise<number | null>;
  readonly restarts: () => number;
}

const program = fileURLToPath(new URL("../serve.js", import.meta.url));

/** Starts the host. Its port is kept over restarts. `onExit` is told when it ends without having been asked to. */
export function startHostProcess(options: {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly onExit: (code: number | null) => void;
}): HostProcess {
  let child: ChildProcess;
  let ready: Promise<string>;
  let expected = false;
  let restarts = 0;

  const start = (port: string | undefined): void => {
    const environment = { ...options.environment, ...(port === undefined ? {} : { PORT: port }) };
    const started = fork(program, [], {
      env: environment,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    child = started;
    expected = false;
    ready = new Promise((resolve, reject) => {
      started.once("message", (message) => resolve((message as { url: string }).url));
      started.once("exit", (code) => {
        reject(new Error(`The host ended with ${code}`));
        if (!expected && child === started) options.onExit(code);
      });
    });
    ready.catch(() => undefined);
  };
  const ended = (): Promise<number | null> =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
      else child.once("exit", resolve);
    });

  start(undefined);
  return {
    url: () => ready,
    restarts: () => restarts,
    kill: async () => {
      const url = await ready.catch(() => undefined);
      expected = true;
      const gone = ended();
      child.kill("SIGKILL");
      await gone;
      restarts += 1;
      start(url === undefined ? undefined : new URL(url).port);
    },
    drain: async () => {
      expected = true;
      const gone = ended();
      child.kill("SIGTERM");
      return gone;
    },
  };
}

/** How a listener process ended. */
export interface ListenerExit {
  /** Absent when a signal ended it. */
  readonly code?: number;
  /** Name of the signal that ended it, such as `SIGKILL`. */
  readonly signal?: string;
}

/** A listener that runs. */
export interface ListenerProcess {
  /** Asks it to end: it cancels its job and says so to GitHub. Reaches the listener alone. */
  interrupt(): void;
  /** Kills it with everything that it started. */
  kill(): void;
  /** Resolves after its last line, when it has ended and nothing that it started is left. */
  readonly ended: Promise<ListenerExit>;
}

/** What a listener is started with. */
export interface ListenerStart {
  /** Directory of the runner, which holds `bin/Runner.Listener`. */
  readonly runnerDirectory: string;
  /** The credential; reaches the listener by its environment alone. */
  readonly jitConfig: string;
  /** Whole environment of the listener, the credential aside. */
  readonly environment: Readonly<Record<string, string>>;
  /** Receives each line of its standard output. */
  readonly onLine: (line: string) => void;
}

/** Starts listeners. */
export interface ListenerLauncher {
  /** Rejects when there is no listener or the system cannot start it. */
  start(start: ListenerStart): Promise<ListenerProcess>;
  /** Resolves when the runner's update of itself is done, or after `limitMs`. */
  updated(runnerDirectory: string, limitMs: number): Promise<void>;
}

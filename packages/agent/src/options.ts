import type {
  AgentEvent,
  AgentResult,
  Assignment,
  CallOptions,
  Clock,
  Entropy,
} from "@runs-fleet/core/wire";
import type { ListenerLauncher } from "./listener.ts";

/** How long the agent waits for what, milliseconds. */
export interface AgentTimings {
  /** Pause between looks at the assignment at first. */
  readonly fastPollMs: number;
  /** For how long it looks that often. */
  readonly fastPollForMs: number;
  /** Shortest pause between looks afterwards; the longest is a quarter more. */
  readonly slowPollMs: number;
  /** Longest wait from the start of the listener to "Listening for Jobs". */
  readonly registrationTimeoutMs: number;
  /** Longest wait from there to "Running job". */
  readonly idleTimeoutMs: number;
  /** Longest life of the listener. */
  readonly maxRuntimeMs: number;
  /** From asking the listener to end until it is killed. */
  readonly interruptGraceMs: number;
  /** How long before an announced interruption the listener is asked to end. */
  readonly noticeLeadMs: number;
  /** Pause before a listener that asked for it is started again. */
  readonly relaunchDelayMs: number;
  /** Longest wait for the runner's own update. */
  readonly updateWaitMs: number;
  /** Longest time that is spent on sending the last report before the machine goes off. */
  readonly finishReportMs: number;
}

/** What the agent waits when nobody says otherwise. */
export const defaultAgentTimings: AgentTimings = Object.freeze({
  fastPollMs: 2_000,
  fastPollForMs: 120_000,
  slowPollMs: 30_000,
  registrationTimeoutMs: 120_000,
  idleTimeoutMs: 300_000,
  maxRuntimeMs: 21_600_000,
  interruptGraceMs: 90_000,
  noticeLeadMs: 45_000,
  relaunchDelayMs: 5_000,
  updateWaitMs: 30_000,
  finishReportMs: 60_000,
});

/** Options of {@link runAgent}. */
export interface AgentOptions {
  /** This machine, as its provider names it. */
  readonly machineId: string;
  /** Directory of this machine's runner; the listener writes into it. */
  readonly runnerDirectory: string;
  /** Source of time. @defaultValue the system's clock */
  readonly clock?: Clock;
  /** Source of event ids and jitter. @defaultValue the system's randomness */
  readonly entropy?: Entropy;
  /** The switch of the machine. */
  readonly power: {
    /** Ends the machine for good. Called once, last. */
    off(reason: string): Promise<void>;
  };
  /** Where the controller hears of this machine. */
  readonly events: {
    /** Sends one report. Repeated until it resolves. */
    send(event: AgentEvent, options?: CallOptions): Promise<void>;
  };
  /** What the controller says to this machine. */
  readonly assignments: {
    /** The document that waits for this machine. */
    read(machineId: string, options?: CallOptions): Promise<Assignment | undefined>;
    /**
     * Takes the assignment, so that nobody reads its credential again. `false`: the controller took it back before.
     * Must answer `true` again when it is repeated.
     */
    blank(assignment: Assignment, options?: CallOptions): Promise<boolean>;
    /** Resolves when the machine is told to look. Rejects with `signal.reason`. */
    rung(signal: AbortSignal): Promise<void>;
  };
  /** Hard deadline of the machine, epoch milliseconds; the agent ends everything before it. */
  readonly deadlineMs?: number;
  /** When the machine was launched or started, epoch milliseconds; for the reported timings. */
  readonly bootedAtMs?: number;
  /** Spans of time that differ from {@link defaultAgentTimings}, milliseconds. */
  readonly timings?: Partial<AgentTimings>;
  /** Whole environment of the listener besides what the agent sets. @defaultValue a standard `PATH` alone */
  readonly environment?: Readonly<Record<string, string>>;
  /** Resolves when the machine's owner announces its end. */
  readonly interruption?: (signal: AbortSignal) => Promise<{ readonly endsAtMs: number }>;
  /** Aborted: an idle agent rejects with the reason, one with a job ends it as for an interruption. */
  readonly signal?: AbortSignal;
  /** How the listener is started. @defaultValue as a child process */
  readonly launcher?: ListenerLauncher;
  /** Told one line per phase; holds no secret. */
  readonly log?: (line: string) => void;
}

/** How the machine's life ended. */
export interface AgentOutcome {
  /** What the last report said. */
  readonly result: AgentResult;
  /** Exit code of the listener, when it ran and was not killed. */
  readonly exitCode?: number;
}

/**
 * The timings with the defaults filled in.
 *
 * @throws A `RangeError` that names the timing.
 */
export function agentTimings(timings: Partial<AgentTimings> = {}): AgentTimings {
  const all = { ...defaultAgentTimings, ...timings };
  for (const [name, value] of Object.entries(all)) {
    if (!Number.isFinite(value) || value < 0) {
      throw new RangeError(`${name} must be a number of milliseconds, 0 or more, got ${value}`);
    }
  }
  return all;
}

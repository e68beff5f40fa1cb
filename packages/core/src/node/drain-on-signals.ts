import type { Clock } from "../ports/clock.ts";
import { systemClock } from "../ports/system-clock.ts";

/** Signals that ask a process to end. */
export type EndSignal = "SIGTERM" | "SIGINT" | "SIGHUP";

/** Exit codes of processes that a signal ended: 128 and the signal's number. */
const forcedExitCodes: Readonly<Record<EndSignal, number>> = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
};

/** Where signals come from: `process`, or a double of it. */
export interface SignalSource {
  /** Calls the listener on each such signal from now on. */
  on(signal: EndSignal, listener: () => void): unknown;
  /** Calls it no more. */
  off(signal: EndSignal, listener: () => void): unknown;
}

/** How a host ends, in the order in which it happens. */
export interface DrainOptions {
  /** First: readiness fails, so that load balancers look elsewhere. Everything still works. */
  readonly unready: () => void;
  /** How long load balancers get to notice, milliseconds. @defaultValue 0, for hosts without one */
  readonly noticeMs?: number;
  /** Second: the listener closes and the requests in hand are answered. */
  readonly closeListener: () => Promise<void>;
  /** Last: the work in hand finishes and the lease is released; the orchestrator's `stop`. */
  readonly finishWork: () => Promise<void>;
  /** Signals that begin the drain. @defaultValue SIGTERM and SIGINT */
  readonly signals?: readonly EndSignal[];
  /** Told of each signal: `forced` is the second one, after which the process ends at once. */
  readonly onSignal?: (signal: EndSignal, kind: "drain" | "forced") => void;
  /** Told what failed on the way; the steps after it are still taken. */
  readonly onError?: (error: unknown) => void;
  /** Ends the process with the code. @defaultValue `process.exit` */
  readonly exit?: (code: number) => void;
  /** Where signals come from. @defaultValue `process` */
  readonly source?: SignalSource;
  /** Source of time. @defaultValue {@link systemClock} */
  readonly clock?: Clock;
}

/** A host that drains when it is told to. */
export interface Drain extends Disposable {
  /** Drains as a signal would, and resolves when it is done; asked again, it is the same drain. */
  drain(): Promise<void>;
  /** Resolves with the exit code when a drain, however begun, is over. */
  readonly finished: Promise<number>;
}

/** Takes the steps in order; each is taken even when one before it failed. Answers whether all went well. */
async function takeSteps(options: DrainOptions): Promise<boolean> {
  const { noticeMs = 0, clock = systemClock, onError = () => undefined } = options;
  const steps = [
    async () => options.unready(),
    async () => (noticeMs > 0 ? clock.sleep(noticeMs) : undefined),
    () => options.closeListener(),
    () => options.finishWork(),
  ];
  let fine = true;
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      fine = false;
      onError(error);
    }
  }
  return fine;
}

/**
 * Drains the host at the first signal and then exits: readiness first, then the listener, then the work. Exit code 0, or 1
 * when a step failed. A second signal exits at once with 128 and its number. Disposing stops listening for signals.
 */
export function drainOnSignals(options: DrainOptions): Drain {
  const { signals = ["SIGTERM", "SIGINT"], source = process } = options;
  const { exit = (code) => process.exit(code) } = options;
  let report: (code: number) => void = () => undefined;
  const finished = new Promise<number>((resolve) => {
    report = resolve;
  });
  let draining: Promise<number> | undefined;
  const drain = (): Promise<number> => {
    draining ??= takeSteps(options).then((fine) => {
      const code = fine ? 0 : 1;
      report(code);
      return code;
    });
    return draining;
  };
  const listeners = signals.map((signal) => {
    const listener = (): void => {
      const kind = draining === undefined ? "drain" : "forced";
      options.onSignal?.(signal, kind);
      if (kind === "forced") exit(forcedExitCodes[signal]);
      else drain().then(exit, options.onError);
    };
    source.on(signal, listener);
    return { signal, listener };
  });
  return {
    finished,
    drain: async () => void (await drain()),
    [Symbol.dispose]: () => {
      for (const { signal, listener } of listeners) source.off(signal, listener);
    },
  };
}

import type { Clock } from "@runs-fleet/core/wire";
import type { ListenerLauncher, ListenerProcess } from "./listener.ts";
import { parseListenerLine } from "./listener-line.ts";
import {
  beginSupervision,
  dueMs,
  type Supervision,
  type SupervisionEffect,
  type SupervisionInput,
  type SupervisionLimits,
  type SupervisionStep,
  superviseStep,
} from "./supervision.ts";

/** What runs around the pure {@link superviseStep}. */
export interface ListenerRun {
  readonly launcher: ListenerLauncher;
  readonly runnerDirectory: string;
  readonly jitConfig: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly limits: SupervisionLimits;
  readonly updateWaitMs: number;
  readonly onReport: (what: "registered" | "job-started") => void;
  readonly log: (line: string) => void;
}

/** A listener that is being looked after. */
export interface RunningListener {
  /** Asks the listener to end, for a reason from outside. */
  stop(reason: "interruption" | "signal"): void;
  /** Resolves with the whole story when the listener has ended for good; never rejects. */
  readonly done: Promise<Supervision>;
}

/** Starts the listener and looks after it until its end. */
export function runListener(run: ListenerRun): RunningListener {
  const { clock, limits, log } = run;
  const inputs: SupervisionInput[] = [];
  let wake: (() => void) | undefined;
  let listener: ListenerProcess | undefined;

  const give = (input: SupervisionInput): void => {
    inputs.push(input);
    wake?.();
  };

  async function launch(after?: "retry" | "update"): Promise<void> {
    if (after === "update") await run.launcher.updated(run.runnerDirectory, run.updateWaitMs);
    try {
      listener = await run.launcher.start({
        runnerDirectory: run.runnerDirectory,
        jitConfig: run.jitConfig,
        environment: run.environment,
        onLine: (text) => {
          const line = parseListenerLine(text);
          if (line) give({ kind: "line", line });
        },
      });
    } catch (error) {
      log(`the listener could not be started: ${error instanceof Error ? error.message : "error"}`);
      give({ kind: "ended", exit: {} });
      return;
    }
    listener.ended.then(
      (exit) => give({ kind: "ended", exit }),
      () => give({ kind: "ended", exit: {} }),
    );
  }

  async function perform(effect: SupervisionEffect, state: Supervision): Promise<void> {
    switch (effect.kind) {
      case "launch":
        log(
          effect.after ? `starting the listener again (${effect.after})` : "starting the listener",
        );
        return launch(effect.after);
      case "interrupt":
        log(`asking the listener to end: ${state.stop?.reason}`);
        return listener?.interrupt();
      case "kill":
        log("killing the listener");
        return listener?.kill();
      case "report":
        log(effect.what);
        return run.onReport(effect.what);
    }
  }

  /** The next input; `time` when nothing came before it mattered. */
  async function next(state: Supervision): Promise<SupervisionInput> {
    const due = dueMs(state, limits);
    if (inputs.length === 0) {
      const woken = new AbortController();
      const arrival = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const time =
        due === undefined
          ? arrival
          : clock
              .sleep(Math.max(0, due - clock.monotonicMs()), woken.signal)
              .catch(() => undefined);
      await Promise.race([arrival, time]);
      wake = undefined;
      woken.abort();
    }
    return inputs.shift() ?? { kind: "time" };
  }

  async function supervise(): Promise<Supervision> {
    let step: SupervisionStep = beginSupervision(clock.monotonicMs());
    for (;;) {
      for (const effect of step.effects) await perform(effect, step.state);
      if (step.state.end) return step.state;
      const input = await next(step.state);
      step = superviseStep(step.state, input, clock.monotonicMs(), limits);
    }
  }

  return { stop: (reason) => give({ kind: "stop", reason }), done: supervise() };
}

import type { Clock } from "@runs-fleet/core";
import type { VirtualClock } from "@runs-fleet/core/testing";
import type { Speed } from "../arguments.ts";

/** How fast simulated time runs. */
export interface Pace {
  readonly asked: Speed;
  /** Simulated milliseconds per real one over the last seconds. `undefined`: not known yet, or paused. */
  readonly actual: number | undefined;
  /** Whether this computer is too slow for the speed that was asked for. */
  readonly tooSlow: boolean;
  readonly paused: boolean;
}

/** Moves a virtual clock along with real time. */
export interface Pacer {
  /**
   * Runs simulated time until `untilMs`, at which it stops exactly, or soon after the signal aborts. Never rejects for
   * the signal, skips nothing and never goes back.
   */
  run(untilMs: number, signal: AbortSignal): Promise<void>;
  pace(): Pace;
  /** Stops time, or lets it go on from where it was. */
  pause(paused: boolean): void;
}

/** What a pacer moves, and by what. */
export interface PacerOptions {
  /** The simulated time. */
  readonly clock: Pick<VirtualClock, "now" | "runUntil">;
  /** The real time. */
  readonly real: Pick<Clock, "monotonicMs" | "sleep">;
  readonly speed: Speed;
  /** Told after each step, for what must happen in real time. */
  readonly onStep?: () => void;
}

/** Real time between two steps, milliseconds. */
const stepMs = 50;
/** Longest step, simulated milliseconds: between two of them the pacer sees that it is to end or to pause. */
const longestStepMs = 60_000;
/** Lag that is caught up with, real milliseconds. What is beyond is let go: after a sleep of the computer, time does not race for hours. */
const longestLagMs = 5_000;
/** Over which the actual speed is measured, real milliseconds. */
const windowMs = 5_000;
/** Slower than this share of what was asked, and this far behind, is too slow; and so is whoever lags the longest. */
const slowShare = 0.95;
const slowLagMs = 2_500;
/** With less lag than this, real milliseconds, it is well again. */
const wellLagMs = 500;

interface Mark {
  readonly realMs: number;
  readonly simulatedMs: number;
}

/** Makes a pacer that does nothing until `run`. */
export function createPacer(options: PacerOptions): Pacer {
  const { clock, real, speed, onStep = () => undefined } = options;
  let paused = false;
  let tooSlow = false;
  /** One mark a second, the oldest one `windowMs` ago. */
  let marks: readonly Mark[] = [];
  let anchor: Mark = { realMs: 0, simulatedMs: 0 };
  let lagMs = 0;
  let lookedAtMs = 0;

  const here = (): Mark => ({ realMs: real.monotonicMs(), simulatedMs: clock.now() });
  const begin = (): void => {
    anchor = here();
    marks = [anchor];
    lookedAtMs = anchor.realMs;
  };

  const speedSince = (mark: Mark | undefined, now: Mark): number | undefined => {
    const tookMs = mark === undefined ? 0 : now.realMs - mark.realMs;
    return mark === undefined || tookMs < 500
      ? undefined
      : (now.simulatedMs - mark.simulatedMs) / tookMs;
  };

  const measure = (): void => {
    const now = here();
    const isGap = now.realMs - lookedAtMs > longestLagMs;
    lookedAtMs = now.realMs;
    // The computer slept: that says nothing about how fast it is.
    if (isGap) marks = [now];
    const last = marks.at(-1);
    if (last !== undefined && now.realMs - last.realMs < 1_000) return;
    marks = [...marks.filter(({ realMs }) => now.realMs - realMs <= windowMs), now];
    const oldest = marks[0];
    const full = oldest !== undefined && now.realMs - oldest.realMs > windowMs - 1_500;
    const actual = speedSince(oldest, now);
    if (speed === "max" || !full || actual === undefined) return;
    const isSlow = lagMs > slowLagMs && actual < speed * slowShare;
    if (lagMs < wellLagMs) tooSlow = false;
    else if (isSlow || lagMs >= longestLagMs) tooSlow = true;
  };

  /** Where simulated time should be by now. */
  const due = (): number => {
    const nowMs = clock.now();
    if (speed === "max") return Number.POSITIVE_INFINITY;
    const realMs = real.monotonicMs();
    const dueMs = anchor.simulatedMs + Math.floor((realMs - anchor.realMs) * speed);
    lagMs = Math.min(longestLagMs, (dueMs - nowMs) / speed);
    if (lagMs < longestLagMs) return dueMs;
    anchor = { realMs, simulatedMs: nowMs + longestLagMs * speed };
    return anchor.simulatedMs;
  };

  return {
    run: async (untilMs, signal) => {
      begin();
      while (!signal.aborted && clock.now() < untilMs) {
        const dueMs = paused ? clock.now() : due();
        const nowMs = clock.now();
        const toMs = Math.min(dueMs, untilMs, nowMs + longestStepMs);
        if (toMs > nowMs) await clock.runUntil(toMs);
        measure();
        onStep();
        if (toMs >= dueMs) await real.sleep(stepMs, signal).catch(() => undefined);
        if (paused) begin();
      }
    },
    pace: () => ({
      asked: speed,
      actual: paused ? undefined : speedSince(marks[0], here()),
      tooSlow,
      paused,
    }),
    pause: (value) => {
      paused = value;
    },
  };
}

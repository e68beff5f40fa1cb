import { type Compiled, target } from "@runs-fleet/scheduling";
import { createStepCurve, type StepCurve } from "./step-curve.ts";

/** What a pool wants over time. */
export interface TargetCurves {
  readonly hot: StepCurve;
  readonly stopped: StepCurve;
}

/** The targets of schedules that come into force one after the other, from `fromMs` to `toMs`. */
export function targetCurves(
  schedules: readonly { readonly atMs: number; readonly compiled: Compiled }[],
  fromMs: number,
  toMs: number,
): TargetCurves {
  const hot = createStepCurve();
  const stopped = createStepCurve();
  for (const [index, { atMs, compiled }] of schedules.entries()) {
    const endMs = Math.min(toMs, schedules[index + 1]?.atMs ?? toMs);
    for (let now = Math.max(fromMs, atMs); now < endMs; ) {
      const wanted = target(compiled, now);
      hot.set(now, wanted.hot);
      stopped.set(now, wanted.stopped);
      now = Math.max(now + 1, Math.min(endMs, wanted.untilMs ?? endMs));
    }
  }
  return { hot, stopped };
}

import type { Clock } from "../../ports/clock.ts";
import type { Life } from "./life.ts";
import type { Slot } from "./slot.ts";

/** Most readings of the clock at one instant: more is a loop that waits for nothing. */
const mostReadings = 500_000;

/** The clock, unless somebody reads it without end. */
function watched(inner: Clock): Clock {
  let atMs = Number.NaN;
  let readings = 0;
  return {
    ...inner,
    now: () => {
      const nowMs = inner.now();
      readings = nowMs === atMs ? readings + 1 : 0;
      atMs = nowMs;
      if (readings > mostReadings) throw new Error(`A busy loop at ${nowMs}`);
      return nowMs;
    },
  };
}

/** The time of a place whose clock may be off. How time passes it knows all the same. */
function skewed(inner: Clock, slot: Slot): Clock {
  return {
    ...inner,
    now: () => {
      const { skew } = slot;
      const nowMs = inner.now();
      if (skew === undefined) return nowMs;
      const part = (nowMs - skew.sinceMs) / (skew.untilMs - skew.sinceMs);
      return nowMs + Math.round(skew.offsetMs + skew.driftMs * Math.min(1, part));
    },
  };
}

/** Lets the process die around its next alarm when that is in store for it. */
function fatal(inner: Clock, slot: Slot, life: Life): Clock {
  return {
    ...inner,
    sleep: (delayMs, signal) => {
      const when = slot.alarm;
      if (when === undefined || delayMs <= 0) return inner.sleep(delayMs, signal);
      slot.alarm = undefined;
      return inner.sleep(delayMs, signal).then(() => {
        if (when === "before") life.kill();
        // What the alarm wakes gets to its next wait.
        else void Promise.resolve().then(life.kill);
        return when === "before" ? new Promise<void>(() => undefined) : undefined;
      });
    },
  };
}

/** The clock as a process reads it: it freezes and dies with it, may be off, and its alarms may be deadly. */
export function processClock(clock: Clock, slot: Slot, life: Life): Clock {
  return watched(skewed(fatal(life.ownClock(clock), slot, life), slot));
}

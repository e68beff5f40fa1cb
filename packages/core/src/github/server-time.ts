import type { Clock } from "../ports/clock.ts";
import { parseHttpDate } from "./instants.ts";

/** GitHub's time, as far as its answers told. */
export interface ServerTime {
  now(): number;
  /** Learns from a `Date` header; answers whether the clocks turned out to differ. */
  learn(date: string | undefined): boolean;
}

/** Smaller differences are the way there and the whole second of the header, milliseconds. */
const toleratedMs = 5_000;

/** The local clock, corrected by what GitHub's `Date` headers say. */
export function createServerTime(clock: Clock): ServerTime {
  let skewMs = 0;
  return {
    now: () => clock.now() + skewMs,
    learn: (date) => {
      const atMs = date === undefined ? undefined : parseHttpDate(date);
      if (atMs === undefined) return false;
      const differenceMs = atMs - clock.now();
      const nextMs = Math.abs(differenceMs) < toleratedMs ? 0 : differenceMs;
      const changed = Math.abs(nextMs - skewMs) >= toleratedMs;
      if (changed) skewMs = nextMs;
      return changed;
    },
  };
}

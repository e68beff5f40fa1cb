import { flawCount } from "../bad-catalogs.ts";
import type { ProcessDeed } from "../faults.ts";
import { aim, around, type Makers, minutes, seconds, whom } from "./maker.ts";

/** What happens to processes, their clocks and their configuration. */
export const processFaults: Makers<ProcessDeed["kind"]> = {
  kill: (dice, options) => ({
    kind: "kill",
    process: whom(dice, options),
    downMs: dice.whole(1, 120) * seconds,
  }),
  crash: (dice, options) => ({
    kind: "crash",
    process: whom(dice, options),
    ...(dice.chance(0.15) ? { port: "alarm" } : aim(dice)),
    when: around(dice),
    downMs: dice.whole(1, 90) * seconds,
  }),
  pause: (dice, options) => ({
    kind: "pause",
    process: whom(dice, options),
    forMs: dice.whole(3, 60) * seconds,
  }),
  restart: (dice, options) => ({ kind: "restart", process: whom(dice, options) }),
  deploy: (dice, { processes }) => {
    const stepMs = dice.whole(20, 90) * seconds;
    const freezeMs = dice.chance(0.5) ? minutes : 0;
    return {
      kind: "deploy",
      stepMs,
      freezeMs,
      outdates: dice.chance(0.5),
      forMs: processes * stepMs + minutes,
    };
  },
  "clock-skew": (dice, { processes }) => {
    const offsetMs = dice.pick([-5, -3, -1, 0, 1, 3, 5]) * seconds;
    const room = 5 * seconds - Math.abs(offsetMs);
    return {
      kind: "clock-skew",
      process: dice.whole(0, processes - 1),
      offsetMs,
      driftMs: dice.whole(-room, room),
      forMs: dice.whole(5, 60) * minutes,
    };
  },
  "catalog-bad": (dice) => ({
    kind: "catalog-bad",
    flaw: dice.whole(0, flawCount - 1),
    forMs: dice.whole(2, 40) * minutes,
  }),
  "catalog-unreadable": (dice) => ({
    kind: "catalog-unreadable",
    forMs: dice.whole(2, 15) * minutes,
  }),
};

import { createDice, createStream } from "./dice.ts";
import { drawFault, drawTakeoverFault, faultMakers } from "./fault-makers/draw-fault.ts";
import type { Fault, FaultDeed } from "./faults.ts";

const seconds = 1_000;
const minutes = 60 * seconds;
const hours = 60 * minutes;

/** The first minutes are quiet, so that the fleet has met every repository before a webhook can vanish. */
const quietStartMs: number = 15 * minutes;

/** Hours whose trouble is aimed at a rise of a pool's target, where there is one. */
const aimedAtRise = 0.3;
/** Hours whose trouble is that the controller goes and more happens as the next one takes over. */
const aimedAtTakeover = 0.15;

/**
 * What goes wrong in a simulation of so many hours: at least a fault an hour, 20 or more a day. Most come alone, some in
 * clusters, some at one instant; some are aimed at the minute in which a window opens, or at a takeover.
 *
 * Each hour has dice of its own: a longer plan begins with the shorter one.
 */
export function planFaults(options: {
  readonly seed: number;
  readonly hours: number;
  readonly processes: number;
  /** When targets rise, milliseconds after the start. */
  readonly risesMs?: readonly number[];
}): readonly Fault[] {
  const { seed, risesMs = [] } = options;
  const endMs = options.hours * hours;
  const faults: Fault[] = [];
  for (let slot = quietStartMs, hour = 1; slot < endMs; slot += hours, hour += 1) {
    const dice = createDice(createStream(seed, `faults of hour ${hour}`));
    const add = (atMs: number, deed: FaultDeed, afterTakeoverMs?: number): void => {
      const fault = { id: `f${faults.length + 1}`, atMs: Math.min(atMs, endMs - 1), ...deed };
      faults.push(afterTakeoverMs === undefined ? fault : { ...fault, afterTakeoverMs });
    };
    const lengthMs = Math.min(hours, endMs - slot);
    const anyMs = slot + dice.whole(0, lengthMs - 1);
    const rises = risesMs.filter((atMs) => atMs >= slot && atMs < slot + lengthMs);
    const riseMs = rises[dice.whole(0, Math.max(0, rises.length - 1))];
    const isAimed = dice.chance(aimedAtRise);
    const atMs =
      isAimed && riseMs !== undefined
        ? Math.max(slot, riseMs + dice.pick([-5 * minutes, -60 * seconds, 0, 0, 20 * seconds]))
        : anyMs;
    if (dice.chance(aimedAtTakeover)) {
      const gone = dice.pick(["kill", "pause", "renewals-lost", "deploy"] as const);
      add(atMs, {
        ...faultMakers[gone](dice, options),
        ...(gone === "kill" ? { process: "controller" } : {}),
      });
      do {
        add(atMs, drawTakeoverFault(dice, options), dice.pick([0, 0, 20, 300, 3_000]));
      } while (dice.chance(0.3));
    } else add(atMs, drawFault(dice, options));
    // Troubles rarely come alone, and some come together.
    while (dice.chance(0.25))
      add(atMs + (dice.chance(0.3) ? 0 : dice.wait(2 * minutes)), drawFault(dice, options));
  }
  return faults.sort((left, right) => left.atMs - right.atMs);
}

import type { FailureKind } from "../../ports/failure.ts";
import { createDice, createStream, type Dice } from "./dice.ts";
import type { Fault, FaultDeed, FaultyPort } from "./faults.ts";

const seconds = 1_000;
const minutes = 60 * seconds;
const hours = 60 * minutes;

const ports: readonly [FaultyPort, ...FaultyPort[]] = [
  "store",
  "demand",
  "reports",
  "provider",
  "github",
];
const failures: readonly [FailureKind, ...FailureKind[]] = ["throttled", "unavailable", "unknown"];

type Maker = (dice: Dice, processes: number) => FaultDeed;

/** One maker per kind; those that hurt most in production come more often. */
const makers: readonly [Maker, ...Maker[]] = [
  (dice, processes) => ({
    kind: "kill",
    process: dice.whole(0, processes - 1),
    downMs: dice.whole(1, 120) * seconds,
  }),
  ...Array.from(
    { length: 4 },
    (): Maker => (dice, processes) => ({
      kind: "crash",
      process: dice.whole(0, processes - 1),
      port: dice.pick(ports),
      when: dice.chance(0.5) ? "before" : "after",
      downMs: dice.whole(1, 90) * seconds,
    }),
  ),
  ...Array.from(
    { length: 2 },
    (): Maker => (dice, processes) => ({
      kind: "pause",
      process: dice.whole(0, processes - 1),
      forMs: dice.whole(3, 60) * seconds,
    }),
  ),
  (dice, processes) => ({ kind: "restart", process: dice.whole(0, processes - 1) }),
  ...Array.from(
    { length: 4 },
    (): Maker => (dice) => ({
      kind: "calls-fail",
      port: dice.pick(ports),
      when: dice.chance(0.5) ? "before" : "after",
      failure: dice.pick(failures),
      rate: dice.pick([0.1, 0.3, 0.7]),
      forMs: dice.whole(10, 180) * seconds,
    }),
  ),
  (dice) => ({ kind: "capacity-gone", forMs: dice.whole(1, 12) * minutes }),
  (dice) => ({ kind: "listing-lags", forMs: dice.whole(5, 40) * minutes }),
  (dice) => ({ kind: "never-boots", forMs: dice.whole(10, 240) * seconds }),
  (dice) => ({
    kind: "slow-boots",
    factor: dice.whole(2, 5),
    forMs: dice.whole(2, 20) * minutes,
  }),
  (dice) => ({ kind: "machines-die", count: dice.whole(1, 3) }),
  (dice) => ({ kind: "queue-duplicates", forMs: dice.whole(2, 15) * minutes }),
  (dice) => ({
    kind: "queue-late",
    delayMs: dice.whole(5, 90) * seconds,
    forMs: dice.whole(2, 10) * minutes,
  }),
  ...Array.from(
    { length: 2 },
    (): Maker => (dice) => ({
      kind: "webhooks",
      loss: dice.pick([0, 0.3, 0.8]),
      vanish: dice.pick([0, 0.2, 1]),
      duplicate: dice.pick([0, 0.3]),
      reorder: dice.pick([0, 0.5]),
      delayMs: dice.pick([0, 0, 20 * seconds]),
      forMs: dice.whole(2, 20) * minutes,
    }),
  ),
  (dice) => ({
    kind: "github-down",
    api: dice.chance(0.5) ? "unavailable" : "broken",
    runners: dice.chance(0.5),
    webhooks: dice.chance(0.5),
    forMs: dice.whole(1, 8) * minutes,
  }),
  (dice) => ({
    kind: "github-limits",
    rate: dice.pick([0.3, 1]),
    forMs: dice.whole(1, 6) * minutes,
  }),
  (dice) => ({ kind: "thief", label: dice.whole(0, 5) }),
  (dice) => ({ kind: "catalog-unreadable", forMs: dice.whole(2, 15) * minutes }),
];

/** The first minutes are quiet, so that the fleet has met every repository before a webhook can vanish. */
const quietStartMs: number = 15 * minutes;

/**
 * What goes wrong in a simulation of so many hours: at least a fault an hour, 20 or more a day, most of them alone and
 * some in clusters.
 */
export function planFaults(options: {
  readonly seed: number;
  readonly hours: number;
  readonly processes: number;
}): readonly Fault[] {
  const dice = createDice(createStream(options.seed, "faults"));
  const endMs = options.hours * hours;
  const faults: Fault[] = [];
  const add = (atMs: number): void => {
    const deed = dice.pick(makers)(dice, options.processes);
    faults.push({ id: `f${faults.length + 1}`, atMs, ...deed });
  };
  for (let slot = quietStartMs; slot < endMs; slot += hours) {
    const atMs = slot + dice.whole(0, Math.min(hours, endMs - slot) - 1);
    add(atMs);
    // Troubles rarely come alone.
    while (dice.chance(0.25)) add(Math.min(endMs - 1, atMs + dice.wait(2 * minutes)));
  }
  return faults.sort((left, right) => left.atMs - right.atMs);
}

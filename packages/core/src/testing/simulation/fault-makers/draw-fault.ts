import type { Dice } from "../dice.ts";
import type { CommonKind, FaultDeed } from "../faults.ts";
import { callFaults } from "./calls.ts";
import { githubFaults } from "./github.ts";
import { machineFaults } from "./machines.ts";
import type { MakerOptions, Makers } from "./maker.ts";
import { messageFaults } from "./messages.ts";
import { processFaults } from "./processes.ts";

/** How a fault of each kind is drawn that any world may meet. */
export const faultMakers: Makers<CommonKind> = {
  ...processFaults,
  ...callFaults,
  ...machineFaults,
  ...messageFaults,
  ...githubFaults,
};

/** Those that hurt most in production come more often than once in so many draws. */
const often: Readonly<Partial<Record<CommonKind, number>>> = {
  crash: 5,
  pause: 2,
  "calls-fail": 5,
  "calls-slow": 2,
  webhooks: 2,
  deploy: 2,
  "machines-die": 3,
  "spot-notices": 5,
};

const kinds = Object.keys(faultMakers).sort() as CommonKind[];
const lots = kinds.flatMap((kind) => Array.from({ length: often[kind] ?? 1 }, () => kind));

/** Draws one of all. */
export function drawFault(dice: Dice, options: MakerOptions): FaultDeed {
  const kind = lots[dice.whole(0, lots.length - 1)] ?? "kill";
  return faultMakers[kind](dice, options);
}

/** What is worst while a process takes over. */
const takeoverKinds: readonly [CommonKind, ...CommonKind[]] = [
  "loads-break",
  "loads-break",
  "renewals-lost",
  "calls-fail",
  "calls-slow",
  "crash",
  "crash",
  "kill",
  "pause",
  "listing-lags",
  "acks-lost",
  "queue-redelivers",
  "github-down",
  "github-limits",
  "region-down",
  "clock-skew",
];

/** Draws something to happen at a takeover. */
export function drawTakeoverFault(dice: Dice, options: MakerOptions): FaultDeed {
  return faultMakers[dice.pick(takeoverKinds)](dice, options);
}

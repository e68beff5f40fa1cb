import type { Ec2Action } from "../ec2-buckets.ts";
import type { MachineDeed } from "../faults.ts";
import { type Makers, minutes, seconds } from "./maker.ts";

const actions: readonly [Ec2Action, ...Ec2Action[]] = [
  "RunInstances",
  "RunInstances",
  "StartInstances",
  "StopInstances",
  "TerminateInstances",
  "CreateTags",
  "DescribeInstances",
];

/** What happens to machines and their provider. */
export const machineFaults: Makers<MachineDeed["kind"]> = {
  "capacity-gone": (dice) => ({ kind: "capacity-gone", forMs: dice.whole(1, 12) * minutes }),
  "offering-gone": (dice) => ({
    kind: "offering-gone",
    market: dice.chance(0.7) ? "spot" : "on-demand",
    ...(dice.chance(0.5) ? { cpu: dice.pick([2, 4, 8]) } : {}),
    forMs: dice.whole(3, 30) * minutes,
  }),
  "capacity-thin": (dice) => ({
    kind: "capacity-thin",
    most: dice.whole(1, 2),
    forMs: dice.whole(3, 20) * minutes,
  }),
  "quota-full": (dice) => ({ kind: "quota-full", forMs: dice.whole(1, 12) * minutes }),
  "launch-broken": (dice) => ({
    kind: "launch-broken",
    target: dice.whole(0, 11),
    forMs: dice.whole(5, 40) * minutes,
  }),
  "region-down": (dice) => ({ kind: "region-down", forMs: dice.whole(1, 10) * minutes }),
  "buckets-drained": (dice) => ({
    kind: "buckets-drained",
    action: dice.pick(actions),
    forMs: dice.whole(1, 10) * minutes,
  }),
  "listing-lags": (dice) => ({ kind: "listing-lags", forMs: dice.whole(5, 40) * minutes }),
  "rings-lost": (dice) => ({
    kind: "rings-lost",
    loss: dice.pick([0.3, 1]),
    delayMs: dice.pick([5, 60]) * seconds,
    forMs: dice.whole(10, 60) * minutes,
  }),
  "never-boots": (dice) => ({ kind: "never-boots", forMs: dice.whole(1, 10) * minutes }),
  "slow-boots": (dice) => ({
    kind: "slow-boots",
    factor: dice.whole(2, 5),
    forMs: dice.whole(2, 20) * minutes,
  }),
  "image-published": (dice) => ({ kind: "image-published", forMs: dice.whole(5, 60) * minutes }),
  "machines-die": (dice) => ({ kind: "machines-die", count: dice.whole(1, 3) }),
  "rebalance-notices": (dice) => ({ kind: "rebalance-notices", count: dice.whole(1, 4) }),
  "spot-notices": (dice) => ({
    kind: "spot-notices",
    count: dice.whole(1, 4),
    isTrue: dice.chance(0.8),
    forMs: 2 * minutes,
  }),
  "machines-hang": (dice) => ({ kind: "machines-hang", count: dice.whole(1, 2) }),
  "machines-lie": (dice) => ({ kind: "machines-lie", count: dice.whole(1, 3) }),
};

import type { FailureKind } from "../../ports/failure.ts";
import { flawCount } from "./bad-catalogs.ts";
import type { Dice } from "./dice.ts";
import type { Ec2Action } from "./ec2-buckets.ts";
import type { FaultDeed, FaultKind, FaultyPort, Whom } from "./faults.ts";

/** What makers know of the world. */
export interface MakerOptions {
  readonly processes: number;
}

type Maker<Kind extends FaultKind> = (
  dice: Dice,
  options: MakerOptions,
) => Extract<FaultDeed, { readonly kind: Kind }>;

const seconds = 1_000;
const minutes = 60 * seconds;

/** Calls that faults aim at, by port; they are where money and jobs get lost. */
const targets: Readonly<Record<FaultyPort, readonly [string | undefined, ...string[]]>> = {
  store: [undefined, "commit", "load", "get", "leases.acquire", "leases.renew"],
  demand: [undefined, "receive", "acknowledge", "send"],
  reports: [undefined, "receive", "acknowledge"],
  provider: [undefined, "launch", "launch", "start", "stop", "terminate", "ring", "list"],
  github: [undefined, "runners.mint", "runners.mint", "runners.remove", "jobs", "checks.report"],
};
const ports: readonly [FaultyPort, ...FaultyPort[]] = [
  "store",
  "demand",
  "reports",
  "provider",
  "github",
];
const failures: readonly [FailureKind, ...FailureKind[]] = ["throttled", "unavailable", "unknown"];
const actions: readonly [Ec2Action, ...Ec2Action[]] = [
  "RunInstances",
  "RunInstances",
  "StartInstances",
  "StopInstances",
  "TerminateInstances",
  "CreateTags",
  "DescribeInstances",
];

function whom(dice: Dice, { processes }: MakerOptions): Whom {
  const number = dice.whole(0, processes - 1);
  return dice.chance(0.6) ? "controller" : number;
}

/** A port, and sometimes one of its calls. */
function aim(dice: Dice): { readonly port: FaultyPort; readonly call?: string } {
  const port = dice.pick(ports);
  const call = dice.pick(targets[port]);
  return { port, ...(call === undefined ? {} : { call }) };
}

function around(dice: Dice): "before" | "after" {
  return dice.chance(0.5) ? "before" : "after";
}

/** How a fault of each kind is drawn. */
export const faultMakers: { readonly [Kind in FaultKind]: Maker<Kind> } = {
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
  "calls-fail": (dice) => ({
    kind: "calls-fail",
    ...aim(dice),
    when: around(dice),
    failure: dice.pick(failures),
    rate: dice.pick([0.1, 0.3, 0.7, 1]),
    forMs: dice.whole(10, 180) * seconds,
  }),
  "calls-slow": (dice) => ({
    kind: "calls-slow",
    ...aim(dice),
    delayMs: dice.pick([3, 10, 30]) * seconds,
    rate: dice.pick([0.1, 0.5]),
    forMs: dice.whole(20, 180) * seconds,
  }),
  "renewals-lost": (dice) => ({
    kind: "renewals-lost",
    when: around(dice),
    forMs: dice.whole(4, 30) * seconds,
  }),
  "loads-break": (dice) => ({
    kind: "loads-break",
    rate: dice.pick([0.5, 0.8]),
    forMs: dice.whole(30, 120) * seconds,
  }),
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
  "machines-die": (dice) => ({ kind: "machines-die", count: dice.whole(1, 3) }),
  "spot-notices": (dice) => ({
    kind: "spot-notices",
    count: dice.whole(1, 4),
    isTrue: dice.chance(0.8),
    forMs: 2 * minutes,
  }),
  "machines-hang": (dice) => ({ kind: "machines-hang", count: dice.whole(1, 2) }),
  "machines-lie": (dice) => ({ kind: "machines-lie", count: dice.whole(1, 3) }),
  "queue-duplicates": (dice) => ({ kind: "queue-duplicates", forMs: dice.whole(2, 15) * minutes }),
  "queue-late": (dice) => ({
    kind: "queue-late",
    delayMs: dice.whole(5, 90) * seconds,
    forMs: dice.whole(2, 10) * minutes,
  }),
  "queue-redelivers": (dice) => ({
    kind: "queue-redelivers",
    rate: dice.pick([0.2, 1]),
    forMs: dice.whole(2, 15) * minutes,
  }),
  "acks-lost": (dice) => ({
    kind: "acks-lost",
    rate: dice.pick([0.3, 1]),
    forMs: dice.whole(2, 10) * minutes,
  }),
  "reports-forged": (dice) => ({ kind: "reports-forged", count: dice.whole(1, 6) }),
  webhooks: (dice) => ({
    kind: "webhooks",
    loss: dice.pick([0, 0.3, 0.8]),
    vanish: dice.pick([0, 0.2, 1]),
    duplicate: dice.pick([0, 0.3]),
    reorder: dice.pick([0, 0.5]),
    delayMs: dice.pick([0, 0, 20 * seconds]),
    forMs: dice.whole(2, 20) * minutes,
  }),
  "webhooks-forged": (dice) => ({ kind: "webhooks-forged", count: dice.whole(1, 5) }),
  "webhooks-odd": (dice) => ({ kind: "webhooks-odd", count: dice.whole(1, 6) }),
  "jobs-vanished": (dice) => ({ kind: "jobs-vanished", count: dice.whole(1, 3) }),
  "jobs-cancelled": (dice) => ({ kind: "jobs-cancelled", count: dice.whole(1, 8) }),
  "jobs-rerun": (dice) => ({ kind: "jobs-rerun", count: dice.whole(1, 4) }),
  "github-down": (dice) => ({
    kind: "github-down",
    api: dice.chance(0.5) ? "unavailable" : "broken",
    runners: dice.chance(0.5),
    webhooks: dice.chance(0.5),
    forMs: dice.whole(1, 8) * minutes,
  }),
  "github-limits": (dice) => ({
    kind: "github-limits",
    rate: dice.pick([0.3, 1]),
    forMs: dice.whole(1, 6) * minutes,
  }),
  "runners-removed": (dice) => ({
    kind: "runners-removed",
    count: dice.whole(1, 4),
    forMs: 15 * minutes,
  }),
  "group-missing": (dice) => ({
    kind: "group-missing",
    isRenamed: dice.chance(0.5),
    forMs: dice.whole(2, 15) * minutes,
  }),
  thief: (dice) => ({ kind: "thief", label: dice.whole(0, 5) }),
};

/** Those that hurt most in production come more often than once in so many draws. */
const often: Readonly<Partial<Record<FaultKind, number>>> = {
  crash: 5,
  pause: 2,
  "calls-fail": 5,
  "calls-slow": 2,
  webhooks: 2,
  deploy: 2,
};

const kinds = Object.keys(faultMakers).sort() as FaultKind[];
const lots = kinds.flatMap((kind) => Array.from({ length: often[kind] ?? 1 }, () => kind));

/** Draws one of all. */
export function drawFault(dice: Dice, options: MakerOptions): FaultDeed {
  const kind = lots[dice.whole(0, lots.length - 1)] ?? "kill";
  return faultMakers[kind](dice, options);
}

/** What is worst while a process takes over. */
const takeoverKinds: readonly [FaultKind, ...FaultKind[]] = [
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

import type { Dice } from "../dice.ts";
import type { FaultDeed, FaultKind, FaultyPort, Whom } from "../faults.ts";

/** What makers know of the world. */
export interface MakerOptions {
  /** How many processes it has. */
  readonly processes: number;
}

/** Draws a fault of its kind. */
export type Maker<Kind extends FaultKind> = (
  dice: Dice,
  options: MakerOptions,
) => Extract<FaultDeed, { readonly kind: Kind }>;

/** One maker for each kind. */
export type Makers<Kinds extends FaultKind> = { readonly [Kind in Kinds]: Maker<Kind> };

/** Milliseconds. */
export const seconds = 1_000;
/** Milliseconds. */
export const minutes: number = 60 * seconds;

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

/** The controller, or some process. */
export function whom(dice: Dice, { processes }: MakerOptions): Whom {
  const number = dice.whole(0, processes - 1);
  return dice.chance(0.6) ? "controller" : number;
}

/** A port, and sometimes one of its calls. */
export function aim(dice: Dice): { readonly port: FaultyPort; readonly call?: string } {
  const port = dice.pick(ports);
  const call = dice.pick(targets[port]);
  return { port, ...(call === undefined ? {} : { call }) };
}

/** On which side of its effect a fault strikes a call. */
export function around(dice: Dice): "before" | "after" {
  return dice.chance(0.5) ? "before" : "after";
}

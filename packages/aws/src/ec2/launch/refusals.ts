import type { Clock, Market } from "@runs-fleet/core";
import type { Ec2Offerings, OfferingPlan } from "./plan-offerings.ts";

/** How long a refused way to buy is passed over, milliseconds. Source: Karpenter's cache of offerings without capacity. */
const passOverMs = 180_000;

/** Ways to buy that were refused a short while ago. */
export interface Refusals {
  /** Notes that a way to buy was refused. */
  note(key: string): void;
  /** Whether it was a short while ago. */
  isRecent(key: string): boolean;
}

/** Remembers refusals for as long as they matter; nobody else knows them, and nothing depends on it. */
export function createRefusals(clock: Clock): Refusals {
  const untilMs = new Map<string, number>();
  return {
    note(key) {
      const nowMs = clock.monotonicMs();
      for (const [old, endMs] of untilMs) if (endMs <= nowMs) untilMs.delete(old);
      untilMs.set(key, nowMs + passOverMs);
    },
    isRecent: (key) => clock.monotonicMs() < (untilMs.get(key) ?? Number.NEGATIVE_INFINITY),
  };
}

/** One market in which an attempt is tried, with what is offered there. */
export interface Try {
  /** The market. */
  readonly market: Market;
  /** One type where a zone is named, since that is what RunInstances launches; else all of them. */
  readonly offerings: Ec2Offerings;
}

/** What the refusal of a whole call is about: the types that were offered in a market, of a zone where one was named. */
export function refusalKey({ market, offerings }: Try, zone: string | undefined): string {
  const types = new Set(offerings.map(({ type }) => type));
  return `${[...types].join(",")}:${zone ?? "any"}:${market}`;
}

/**
 * The markets in which an attempt is tried, in order. What was refused a short while ago is passed over, unless nothing else is
 * left.
 */
export function planTries(
  plan: OfferingPlan,
  zone: string | undefined,
  refusals: Pick<Refusals, "isRecent">,
): readonly Try[] {
  const tries = [...plan].flatMap(([market, offerings]): readonly Try[] =>
    zone === undefined
      ? [{ market, offerings }]
      : offerings.map((offering) => ({ market, offerings: [offering] })),
  );
  const fresh = tries.filter((own) => !refusals.isRecent(refusalKey(own, zone)));
  return firstOfEachMarket(fresh.length > 0 ? fresh : tries);
}

/** The next type of a zone is the next attempt's. */
function firstOfEachMarket(tries: readonly Try[]): readonly Try[] {
  return tries.filter(
    ({ market }, index) => tries.findIndex((other) => other.market === market) === index,
  );
}

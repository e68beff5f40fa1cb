import type { CallBucket } from "../capacity/call-bucket.ts";
import {
  createMinuteBudget,
  lookupsPerMinute,
  type MinuteBudget,
} from "../capacity/minute-budget.ts";
import { createPurchasePace } from "../capacity/purchase-pace.ts";
import type { Entropy } from "../ports/clock.ts";
import type { CallRate } from "../ports/machine-provider.ts";
import type { Catalog } from "../routing/catalog.ts";
import { type BootFailures, createBootFailures } from "./boot-failures.ts";
import type { Gates } from "./gates.ts";
import type { Ledger } from "./ledger.ts";
import type { Asked } from "./plan-verifications.ts";
import type { Registrar } from "./registrar.ts";
import { createWordLane, type WordLane } from "./word-lane.ts";

const askedKept = 20_000;

/** What planning remembers between passes; none of it is lost with the process but patience. */
export interface PlanMemory {
  readonly gates: Gates;
  readonly mints: MinuteBudget;
  /** Purchases at the provider. */
  readonly purchases: CallBucket;
  /** Questions about single jobs. */
  readonly lookups: MinuteBudget;
  /** Words to developers. */
  readonly words: WordLane;
  /** Registrations a minute that GitHub grants. */
  readonly mintsPerMinute: number;
  /** By job key. */
  readonly asked: Map<string, Asked>;
  /** When GitHub was last looked at for the re-run of a job, by its key, epoch milliseconds. */
  readonly looks: Map<string, number>;
  readonly bootFailures: BootFailures;
  /** What each pool wanted ready in the last pass. */
  hotTargets: ReadonlyMap<string, number>;
  /** Pools whose schedule could not be read in the last pass, and why. */
  readonly problems: Map<string, string>;
  /** Whether a limit on machines left something unbought in the last plan. */
  isLimited: boolean;
  /**
   * That the last plan found nothing to do, and while that stays so: the same records, gates and catalog, and no moment
   * passed at which it asked to look again.
   */
  calm: Calm | undefined;
  /** When deadlines were last looked through, and when the next of them is. */
  readonly patrol: { lastMs: number; nextMs: number };
  readonly registrar: Registrar;
  readonly entropy: Entropy;
}

/** How long a plan that found nothing to do counts. */
export interface Calm {
  /** Of the ledger. */
  readonly revision: number;
  /** Of the gates. */
  readonly gates: number;
  readonly catalog: Catalog;
  readonly untilMs: number;
}

/**
 * A memory of nothing: what a new controller begins with.
 *
 * @param launches - Launches that the provider takes; absent: as many as there are.
 */
export function createPlanMemory(
  tools: Pick<PlanMemory, "gates" | "mintsPerMinute" | "registrar" | "entropy">,
  launches?: CallRate,
): PlanMemory {
  const mints = createMinuteBudget(tools.mintsPerMinute);
  return {
    ...tools,
    mints,
    words: createWordLane(mints),
    purchases: createPurchasePace(launches),
    lookups: createMinuteBudget(lookupsPerMinute),
    asked: new Map(),
    looks: new Map(),
    bootFailures: createBootFailures(),
    hotTargets: new Map(),
    problems: new Map(),
    isLimited: false,
    calm: undefined,
    patrol: { lastMs: Number.NEGATIVE_INFINITY, nextMs: Number.NEGATIVE_INFINITY },
  };
}

/** How far the clock of a predecessor may be from ours, milliseconds. */
const clocksApartMs = 10_000;

/**
 * Notes what a predecessor spent: GitHub counts registrations of the App, whoever asks for them, and a new controller that
 * began with a whole budget in the midst of a burst would be refused.
 */
export function noteClaims(mints: MinuteBudget, ledger: Ledger, nowMs: number): void {
  const claims: number[] = [];
  for (const { history } of ledger.machines.values()) {
    for (const { code, atMs } of history) {
      if (code === "claimed") claims.push(Math.min(nowMs, atMs + clocksApartMs));
    }
  }
  for (const atMs of claims.sort((left, right) => left - right)) mints.spend(atMs);
}

/** Notes what a predecessor has said to developers, as {@link noteClaims} does: of jobs that are still on the books. */
export function noteWords(words: WordLane, ledger: Ledger, nowMs: number): void {
  const said: number[] = [];
  for (const { told } of ledger.jobs.values()) {
    if (told !== undefined) said.push(Math.min(nowMs, told.atMs + clocksApartMs));
  }
  for (const atMs of said.sort((left, right) => left - right)) words.note(atMs);
}

/** Notes that GitHub was asked about a job. */
export function noteAsked(
  asked: Map<string, Asked>,
  ledger: Ledger,
  jobKey: string,
  nowMs: number,
): void {
  asked.set(jobKey, { atMs: nowMs, times: (asked.get(jobKey)?.times ?? 0) + 1 });
  if (asked.size <= askedKept) return;
  for (const key of asked.keys()) if (!ledger.jobs.has(key)) asked.delete(key);
}

import type { Observation } from "../observe-provider.ts";
import type { StoreFacts } from "../observe-store.ts";
import type { Trouble } from "../trouble.ts";
import type { Truth } from "../truth.ts";

const minutes = 60_000;
/** After so long without a job, a machine or a fault that moved, nothing may be written but leases. */
const steadyAfterMs = 20 * minutes;

/** How long nothing has moved and nobody has waited for a machine, milliseconds. */
function stillForMs(truth: Truth, trouble: Trouble, nowMs: number): number {
  const waits = [...truth.openJobs].some((id) => truth.jobs.get(id)?.arrival?.isWrong !== true);
  return waits ? 0 : Math.min(trouble.calmForMs(), nowMs - truth.movedAtMs);
}

/** call-budget: a fleet in which nothing happens writes nothing. */
export function judgeSteady(
  { truth, judge, clock }: Observation,
  trouble: Trouble,
  facts: StoreFacts,
): void {
  const stillMs = stillForMs(truth, trouble, clock.now());
  if (stillMs < steadyAfterMs) return;
  const nowMs = clock.now();
  // The newest are left for later: what they were for may be about to move.
  const idleMs = facts.commitsMs.find(
    (atMs) => atMs > nowMs - stillMs + steadyAfterMs && atMs < nowMs - 2 * minutes,
  );
  judge.check(
    "call-budget",
    `steady ${idleMs}`,
    idleMs === undefined
      ? undefined
      : `a commit ${Math.round((nowMs - idleMs) / 1_000)} s ago although nothing has moved for ${Math.round(stillMs / minutes)} min`,
  );
}

/** Listings of one process, the newest alone. */
export interface ListingFacts {
  readonly byProcess: Map<string, number[]>;
}

/** No listing yet. */
export function createListingFacts(): ListingFacts {
  return { byProcess: new Map() };
}

const listingsKept = 30;
/** One every 5 s while a limit binds; one more where a minute's edge cuts, and one for each of two takeovers. */
const mostListingsInMinute = 15;

/** call-budget: machines are listed once in each pass, and every 5 s at most. */
export function judgeListing(
  { judge, clock }: Observation,
  facts: ListingFacts,
  who: string,
): void {
  const nowMs = clock.now();
  const times = facts.byProcess.get(who) ?? [];
  times.push(nowMs);
  if (times.length > listingsKept) times.shift();
  facts.byProcess.set(who, times);
  const recent = times.filter((atMs) => nowMs - atMs < minutes).length;
  judge.check(
    "call-budget",
    `listings ${who} ${Math.floor(nowMs / minutes)}`,
    recent > mostListingsInMinute ? `${who} listed ${recent} times in a minute` : undefined,
  );
}

/** Looked at over so many minutes of a fleet in which nothing happens. */
const stillMinutes = 10;
/** The shortest time between two listings that any release of a simulation has, and one more where the edge cuts. */
const mostStillListings = Math.ceil((stillMinutes * minutes) / 45_000) + 1;

/** call-budget: a fleet in which nothing happens is listed once a minute, by one process. */
export function judgeSteadyListings(
  { truth, judge, clock }: Observation,
  trouble: Trouble,
  facts: ListingFacts,
): void {
  const nowMs = clock.now();
  const stillMs = stillForMs(truth, trouble, nowMs);
  if (stillMs < steadyAfterMs) return;
  let count = 0;
  for (const times of facts.byProcess.values()) {
    for (const atMs of times) if (nowMs - atMs < stillMinutes * minutes) count += 1;
  }
  // Fewer than a page of machines: one call a pass.
  judge.check(
    "call-budget",
    "steady listings",
    count > mostStillListings
      ? `${count} listings in ${stillMinutes} min although nothing has moved for ${Math.round(stillMs / minutes)} min`
      : undefined,
  );
}

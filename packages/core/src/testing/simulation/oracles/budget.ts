import type { Observation } from "../observe-provider.ts";
import type { StoreFacts } from "../observe-store.ts";
import type { Trouble } from "../trouble.ts";

const minutes = 60_000;
/** After so long without a job, a machine or a fault that moved, nothing may be written but leases. */
const steadyAfterMs = 20 * minutes;

/** call-budget: a fleet in which nothing happens writes nothing. */
export function judgeSteady(
  { truth, judge, clock }: Observation,
  trouble: Trouble,
  facts: StoreFacts,
): void {
  const stillMs = Math.min(trouble.calmForMs(), clock.now() - truth.movedAtMs);
  if (stillMs < steadyAfterMs || truth.openJobs.size > 0) return;
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

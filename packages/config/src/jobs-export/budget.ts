import type { HistoryBudget } from "@runs-fleet/core/github";

/** Part of the hourly budget that is left to the organisation's other users, where no number is given. */
const reservedPart = 0.2;

/** Calls a minute at most. GitHub allows 900 reads a minute; source: its page "Rate limits for the REST API", read 2026-11-24. */
export const callsPerMinute = 600;

/** Time for GitHub to see that the hour is over, milliseconds. */
const graceMs = 2_000;

/** Calls that are not ours to make. */
export function reserveOf(budget: HistoryBudget, asked: number | undefined): number {
  return asked ?? Math.ceil((budget.limit ?? 0) * reservedPart);
}

/** Until when the budget is used up but for the reserve, epoch milliseconds; `undefined` when a call may be made. */
export function spentUntilMs(
  budget: HistoryBudget | undefined,
  asked: number | undefined,
  nowMs: number,
): number | undefined {
  if (budget?.remaining === undefined || budget.resetMs === undefined) return undefined;
  if (budget.remaining > reserveOf(budget, asked)) return undefined;
  return budget.resetMs + graceMs > nowMs ? budget.resetMs + graceMs : undefined;
}

/**
 * How long `calls` will take, milliseconds: at the pace so far, and no more in an hour than the budget grants.
 *
 * @param perCallMs - How long a call took so far, on average, waits left out.
 */
export function timeForCallsMs(
  calls: number,
  perCallMs: number,
  budget: HistoryBudget | undefined,
  asked: number | undefined,
  nowMs: number,
): number {
  const workMs = calls * perCallMs;
  if (budget?.remaining === undefined || budget.resetMs === undefined) return workMs;
  const reserve = reserveOf(budget, asked);
  const now = Math.max(0, budget.remaining - reserve);
  const hourly = Math.max(1, (budget.limit ?? 5_000) - reserve);
  if (calls <= now) return workMs;
  const untilResetMs = Math.max(0, budget.resetMs - nowMs);
  const later = calls - now;
  const fullHours = Math.ceil(later / hourly) - 1;
  const last = later - fullHours * hourly;
  return Math.max(workMs, untilResetMs + fullHours * 3_600_000 + last * perCallMs);
}

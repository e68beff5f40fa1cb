import type { Clock } from "../ports/clock.ts";
import type { GitHubClient } from "../ports/github-client.ts";
import { systemClock } from "../ports/system-clock.ts";
import type { LabelCatalog } from "../routing/request.ts";
import { createRunChoice } from "./run-choice.ts";
import { passOverDeliveries } from "./sweep-deliveries.ts";
import { passOverQueuedJobs } from "./sweep-queued-jobs.ts";
import type { Sweep } from "./sweep-types.ts";

/** What {@link createSweep} needs. */
export interface SweepOptions {
  readonly github: {
    readonly jobs: Pick<GitHubClient["jobs"], "listQueued">;
    readonly deliveries: GitHubClient["deliveries"];
  };
  /** The labels in force, asked for each pass. @defaultValue the marker `runs-fleet` alone */
  readonly labels?: () => LabelCatalog;
  /** Most redeliveries that one pass tries. @defaultValue 25 */
  readonly redeliverPerPass?: number;
  /** How long a redelivered delivery is left alone, milliseconds. @defaultValue 600,000 */
  readonly redeliverAgainAfterMs?: number;
  /**
   * Most runs that one pass looks into, each a call: those never looked into first, then those longest ago.
   * @defaultValue 50
   */
  readonly runsPerPass?: number;
  /** Repositories asked at the same time. @defaultValue 4 */
  readonly concurrency?: number;
  /** @defaultValue {@link systemClock} */
  readonly clock?: Clock;
}

function wholeNumber(name: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new RangeError(`${name} must be a whole number of at least 1`);
  }
  return value;
}

/**
 * Makes the two sweeps of demand. They remember what was redelivered lately, and which repositories the last pass did
 * not come to: the next one begins with them.
 *
 * @throws A {@link RangeError} for a number below 1.
 */
export function createSweep(options: SweepOptions): Sweep {
  const { github, labels, clock = systemClock } = options;
  const limit = wholeNumber("redeliverPerPass", options.redeliverPerPass ?? 25);
  const concurrency = wholeNumber("concurrency", options.concurrency ?? 4);
  const leaveAloneMs = wholeNumber(
    "redeliverAgainAfterMs",
    options.redeliverAgainAfterMs ?? 600_000,
  );
  const runsPerPass = wholeNumber("runsPerPass", options.runsPerPass ?? 50);
  const leftAlone = new Map<string, number>();
  const lookedInto = new Map<string, number>();
  let skippedLast: readonly string[] = [];
  return {
    sweepDeliveries: (sinceMs, call = {}) =>
      passOverDeliveries(
        {
          deliveries: github.deliveries,
          nowMs: clock.now(),
          sinceMs,
          limit,
          leftAlone,
          leaveAloneMs,
        },
        call,
      ),
    async sweepQueuedJobs(repositories, call = {}) {
      const wanted = new Set(repositories);
      const order = new Set([...skippedLast.filter((name) => wanted.has(name)), ...wanted]);
      const swept = await passOverQueuedJobs(
        {
          jobs: github.jobs,
          repositories: [...order],
          concurrency,
          catalog: labels?.(),
          choose: createRunChoice(lookedInto, runsPerPass, clock.now()),
        },
        call,
      );
      skippedLast = swept.skipped;
      return swept;
    },
  };
}

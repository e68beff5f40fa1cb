import type { FleetStatus, JobStatus } from "@runs-fleet/core";
import type { FakeGitHub } from "@runs-fleet/core/testing";
import { seconds } from "./progress.ts";
import type { PayloadCounts } from "./real-payloads.ts";

/** How a demonstration ended. */
export interface Summary {
  readonly lines: readonly string[];
  /** Whether every job reached its end, none ran twice and no machine is left. */
  readonly fine: boolean;
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function counted(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
}

/** Compares what GitHub saw with what the host says. */
export function summarise(
  github: FakeGitHub,
  jobs: ReadonlyMap<string, JobStatus>,
  status: FleetStatus,
  payloads: PayloadCounts,
): Summary {
  const refused: Record<string, number> = {};
  let served = 0;
  let cancelled = 0;
  let lost = 0;
  let doubled = 0;
  const causes = new Map(
    github.checks().map(({ externalId, title }) => [externalId, title.replace("No runner: ", "")]),
  );
  for (const { id, attempt, state, starts, conclusion } of github.jobs()) {
    if (starts > 1) doubled += 1;
    const cause = causes.get(`${id}.${attempt}`);
    if (state === "completed" && starts > 0) served += 1;
    else if (conclusion === "cancelled") cancelled += 1;
    else if (cause !== undefined) refused[cause] = (refused[cause] ?? 0) + 1;
    else lost += 1;
  }
  const waits = [...jobs.values()]
    .filter(({ state }) => state === "completed")
    .map(({ waitsMs }) =>
      Object.entries(waitsMs).reduce((sum, [phase, ms]) => (phase === "run" ? sum : sum + ms), 0),
    )
    .sort((left, right) => left - right);
  const left = status.machines.filter(({ pool }) => pool === undefined).length;
  const fine =
    lost === 0 && doubled === 0 && left === 0 && Object.keys(payloads.failed).length === 0;
  const lines = [
    `served     ${served}`,
    `refused    ${Object.values(refused).reduce((sum, count) => sum + count, 0)}  (${counted(refused)})`,
    ...(cancelled > 0 ? [`cancelled  ${cancelled}`] : []),
    `webhooks   ${payloads.accepted} real bodies accepted; ignored: ${counted(payloads.ignored)}; failed: ${counted(payloads.failed) || "none"}`,
    `lost       ${lost}`,
    `doubled    ${doubled}`,
    `machines   ${left} left${status.machines.length > left ? ` (and ${status.machines.length - left} warm in pools)` : ""}`,
    `wait       p50 ${seconds(percentile(waits, 0.5))}, p95 ${seconds(percentile(waits, 0.95))}`,
  ];
  return { lines, fine };
}

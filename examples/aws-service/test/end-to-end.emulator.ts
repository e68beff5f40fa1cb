import process from "node:process";
import { expect, it } from "vitest";
import { givenEmulators } from "../../../packages/aws/testing/open-aws.ts";
import { percentile } from "../dev/outcome.ts";
import { type Blow, type CampaignReport, runCampaign } from "./campaign.ts";

const full = process.env["RUNS_FLEET_FULL"] === "1";
/** The slice of every run; the whole is 200 jobs, two kills and a pause. */
const jobs = full ? 200 : 20;
const blows: readonly Blow[] = full
  ? [
      { kind: "kill", afterJobs: 40 },
      { kind: "pause", afterJobs: 90 },
      { kind: "kill", afterJobs: 140 },
    ]
  : [{ kind: "kill", afterJobs: 6 }];
const limitMs = full ? 900_000 : 240_000;

const inSeconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

function told({ outcome, takeoversMs, look, tookMs, calls }: CampaignReport): string {
  const { served, lost, doubled, waitsMs } = outcome;
  const perJob = Object.entries(calls).map(
    ([name, count]) => `${name} ${(count.calls / jobs).toFixed(2)}`,
  );
  return [
    `${jobs} jobs by three processes in ${inSeconds(tookMs)}: ${served} served, ${lost} lost, ${doubled} doubled; waits p50 ${inSeconds(percentile(waitsMs, 0.5))}, p95 ${inSeconds(percentile(waitsMs, 0.95))}`,
    `takeovers after ${takeoversMs.map(inSeconds).join(", ")}`,
    `left: ${JSON.stringify(look)}`,
    `calls per job: ${perJob.join(", ")}`,
  ].join("\n");
}

it(
  "serves every job once while the controller is killed and paused, and leaves nothing behind",
  async () => {
    const report = await runCampaign({
      emulators: givenEmulators(),
      jobs,
      processes: 3,
      blows,
      limitMs,
    });
    console.log(told(report));
    expect(report.problems).toEqual([]);
    const { served, lost, doubled } = report.outcome;
    expect({ served, lost, doubled }).toEqual({ served: jobs, lost: 0, doubled: 0 });
    expect(report.takeoversMs).toHaveLength(blows.length);
    for (const takeoverMs of report.takeoversMs) expect(takeoverMs).toBeLessThanOrEqual(20_000);
    expect(report.look.instances).toMatchObject({ alive: 0, untagged: 0 });
    expect(Object.values(report.look.queues).filter((count) => count > 0)).toEqual([]);
  },
  limitMs + 240_000,
);

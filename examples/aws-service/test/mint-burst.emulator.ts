import process from "node:process";
import { type FleetStatus, systemClock } from "@runs-fleet/core";
import { expect, it } from "vitest";
import { givenEmulators } from "../../../packages/aws/testing/open-aws.ts";
import { outcomeOf, percentile } from "../dev/outcome.ts";
import { openWorld } from "../dev/world.ts";
import { program } from "./campaign.ts";

const full = process.env["RUNS_FLEET_FULL"] === "1";
/** All at once. GitHub grants 180 registrations a minute; the slice has a GitHub that grants fewer, so that it has to wait as well. */
const burst = full
  ? { jobs: 256, grants: 180, asks: 160, machines: 64 }
  : { jobs: 24, grants: 20, asks: 18, machines: 24 };
const limitMs = full ? 900_000 : 240_000;

it(
  "serves a burst within GitHub's grants, and no paid machine waits long for one",
  async () => {
    await using world = await openWorld({
      emulators: givenEmulators(),
      program,
      limits: { mintsPerMinute: burst.grants },
      timings: { reconcileMs: 15_000 },
      catalog: {
        version: "burst",
        defaultEnvironment: "ci",
        environments: [{ name: "ci", regions: ["us-east-1"], machines: burst.machines }],
        pools: [],
        images: [],
        policies: [{ name: "acme", repositories: ["acme/*"], allow: {} }],
      },
    });
    const host = await world.startHost({
      variables: { RUNS_FLEET_MINTS_PER_MINUTE: String(burst.asks) },
    });
    while ((await host.status())?.role !== "controller") await systemClock.sleep(100);
    const beganAtMs = systemClock.now();
    for (let index = 0; index < burst.jobs; index += 1) {
      world.github.queueJob({
        repository: `acme/app${index % 8}`,
        labels: ["runs-fleet/cpu=2"],
        durationMs: 500,
      });
    }
    const jobs = new Map<string, FleetStatus["jobs"][number]>();
    const isOver = () => world.github.jobs().every(({ state }) => state === "completed");
    while (!isOver() && systemClock.now() - beganAtMs < limitMs) {
      for (const job of (await host.status())?.jobs ?? []) jobs.set(job.id, job);
      await systemClock.sleep(500);
    }
    const tookMs = systemClock.now() - beganAtMs;
    await systemClock.sleep(2_000);
    for (const job of (await host.status())?.jobs ?? []) jobs.set(job.id, job);

    const { served, lost, doubled, waitsMs } = outcomeOf(world.github);
    const paidMs = [...jobs.values()].map(({ waitsMs: phases }) => phases["github"] ?? 0);
    const paidSeconds = paidMs.reduce((sum, ms) => sum + ms, 0) / 1_000;
    console.log(
      `${burst.jobs} jobs at once, ${burst.grants} registrations a minute: the last was served after ${(
        Math.max(0, ...waitsMs) / 1_000
      ).toFixed(
        0,
      )} s (median ${(percentile(waitsMs, 0.5) / 1_000).toFixed(0)} s), all in ${(tookMs / 1_000).toFixed(0)} s; ` +
        `${paidSeconds.toFixed(0)} machine-seconds waited for a registration, ${(paidSeconds / burst.jobs).toFixed(1)} s a job`,
    );
    expect({ served, lost, doubled }).toEqual({ served: burst.jobs, lost: 0, doubled: 0 });
    // A registration waits for its turn by design, a machine that is paid for should not: less than half a minute each.
    expect(paidSeconds / burst.jobs).toBeLessThan(30);
    await host.drain();
  },
  limitMs + 120_000,
);

import process from "node:process";
import { systemClock } from "@runs-fleet/core";
import { expect, it } from "vitest";
import { type Campaign, type CampaignHost, createCampaign, eventually } from "./campaign.ts";

const full = process.env["RUNS_FLEET_FULL"] === "1";
const jobs = full ? 1_000 : 60;
const kills = full ? 20 : 4;
const seed = Number(process.env["RUNS_FLEET_SLICE"] ?? 0) % 1_000_003;

it(`runs ${jobs} jobs exactly once while a third of the webhooks is lost and the host is killed ${kills} times`, {
  timeout: 1_800_000,
}, async () => {
  await using campaign = await createCampaign({ seed, loss: 1 / 3 });
  const begunMs = systemClock.now();
  let host = await campaign.startHost();
  campaign.queue(jobs);
  for (let kill = 0; kill < kills; kill++) {
    // Some moments fall into the quiet times between two bursts of work, most into the middle of it.
    await systemClock.sleep(500 + campaign.entropy.random() * (full ? 15_000 : 4_000));
    await campaign.kill(host);
    host = await campaign.startHost();
  }
  if (!(await campaign.finished(full ? 1_500_000 : 240_000))) {
    throw new Error(await whatIsLeft(campaign, host));
  }
  const tookMs = systemClock.now() - begunMs;
  const odd = campaign.github
    .jobs()
    .filter(({ starts, conclusion }) => starts !== 1 || conclusion !== "success");
  expect(odd).toEqual([]);
  // What was bought for nothing goes, and so does what served: nothing is left of a fleet without work.
  // A runner that listens for a job that another one took is waited for up to 6 minutes (idleRunnerMs), usually far less.
  await eventually(
    "the machines to go",
    async () => (await campaign.alive()).length === 0,
    420_000,
  );
  const status = await eventually(
    "the books to close",
    async () => {
      const seen = await host.status();
      const open = seen?.jobs.filter(
        ({ state }) => !["completed", "cancelled", "failed"].includes(state),
      );
      return seen && open?.length === 0 && seen.machines.length === 0 ? seen : undefined;
    },
    60_000,
  );
  expect(status.role).toBe("controller");
  // A host that was killed before it led has used up no epoch.
  expect(status.epoch).toBeGreaterThan(0);
  expect(status.epoch).toBeLessThanOrEqual(kills + 1);
  const counts = campaign.github.webhooks.counts();
  process.stdout.write(
    `campaign: ${jobs} jobs, ${kills} kills, webhooks ${JSON.stringify(counts)}, ${await campaign.purchases()} purchases, ${tookMs} ms, seed ${seed}\n`,
  );
});

/** All that helps to find out why a campaign does not end. */
async function whatIsLeft(campaign: Campaign, host: CampaignHost): Promise<string> {
  const jobs = campaign.github.jobs().filter(({ state }) => state !== "completed");
  const status = await host.status();
  const open = status?.jobs.filter(({ state }) => state !== "completed");
  const { machines, decisions, headline } = status ?? {};
  const runners = campaign.github.runners();
  return JSON.stringify({ jobs, headline, open, machines, decisions, runners }, null, 1);
}

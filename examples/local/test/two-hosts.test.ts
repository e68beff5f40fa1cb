import process from "node:process";
import { systemClock } from "@runs-fleet/core";
import { expect, it } from "vitest";
import { createCampaign, eventually } from "./campaign.ts";

const pauseMs = process.env["RUNS_FLEET_FULL"] === "1" ? 60_000 : 8_000;

it(`two hosts on one store, the active one paused for ${pauseMs} ms: one epoch wins and nothing launches twice`, {
  timeout: 600_000,
}, async () => {
  await using campaign = await createCampaign({ seed: 7, capacity: 40 });
  const active = await campaign.startHost();
  await eventually(
    "a controller",
    async () => (await active.status())?.role === "controller",
    20_000,
  );
  const standby = await campaign.startHost();
  expect((await standby.status())?.role).toBe("standby");

  // Webhooks go to the standby, whose intake works as well; the pause hits the active one in the middle of its launches.
  campaign.queue(20);
  await systemClock.sleep(250);
  active.process.kill("SIGSTOP");
  const pausedMs = systemClock.now();
  await eventually(
    "the takeover",
    async () => (await standby.status())?.role === "controller",
    20_000,
  );
  const takeoverMs = systemClock.now() - pausedMs;
  await systemClock.sleep(Math.max(0, pauseMs - takeoverMs));
  active.process.kill("SIGCONT");

  expect(await campaign.finished(120_000)).toBe(true);
  const odd = campaign.github.jobs().filter(({ starts }) => starts !== 1);
  expect(odd).toEqual([]);
  const [first, second] = await Promise.all([
    eventually(
      "the paused one to stand by",
      async () => {
        const status = await active.status();
        return status?.role === "standby" ? status : undefined;
      },
      20_000,
    ),
    standby.status(),
  ]);
  expect(first.epoch).toBe(undefined);
  expect(second).toMatchObject({ role: "controller", epoch: 2 });
  // A runner whose job another one took listens for a while before it gives up.
  await eventually(
    "the machines to go",
    async () => (await campaign.alive()).length === 0,
    180_000,
  );
  expect(takeoverMs).toBeLessThan(20_000);
  process.stdout.write(
    `two hosts: takeover after ${takeoverMs} ms, ${await campaign.purchases()} purchases\n`,
  );
});

import { type FleetStatus, systemClock } from "@runs-fleet/core";
import { expect, it } from "vitest";
import { givenEmulators } from "../../../packages/aws/testing/open-aws.ts";
import type { HostProcess } from "../dev/host-process.ts";
import { openWorld } from "../dev/world.ts";
import { program } from "./campaign.ts";

const repository = "acme/.github-private";
const path = ".github/runs-fleet.yml";
const gitops = { RUNS_FLEET_CATALOG: "", RUNS_FLEET_CONFIG_REPOSITORY: repository };

const fileOf = (hot: number, regions = "us-east-1"): string => `version: 1
include: [web.yml]
environments: { ci: { regions: [${regions}], limits: { machines: 9 } } }
pools: { linux: { default: { hot: ${hot} }, limits: { machines: 8 } } }
policies: [{ name: all, repositories: ["acme/*"], allow: {} }]
`;

async function statusOf(host: HostProcess): Promise<FleetStatus> {
  const { statusUrl } = await host.ready;
  const response = await fetch(`${statusUrl}/status`);
  if (!response.ok) throw new Error(`The status was answered ${response.status}`);
  return (await response.json()) as FleetStatus;
}

async function until(what: string, host: HostProcess, look: (status: FleetStatus) => boolean) {
  const sinceMs = systemClock.now();
  while (!look(await statusOf(host))) {
    if (systemClock.now() - sinceMs > 60_000) throw new Error(`Waited a minute for ${what}`);
    await systemClock.sleep(100);
  }
  return systemClock.now() - sinceMs;
}

it("follows runs-fleet.yml of a repository, by DynamoDB and SQS; an intake without credentials of GitHub's reads what is in force", async () => {
  await using world = await openWorld({ emulators: givenEmulators(), program });
  const { github } = world;
  const commit = (name: string, text: string, push = true): string =>
    github.commitFile({ repository, path: `.github/${name}`, text, push });
  commit("web.yml", "pools: { web: { default: { hot: 0 }, limits: { machines: 2 } } }\n", false);
  commit("runs-fleet.yml", fileOf(0), false);
  const controller = await world.startHost({ role: "controller", variables: gitops });
  const first = await statusOf(controller);
  expect(first.pools.map(({ name }) => name)).toEqual(["linux", "web"]);
  await until("a controller", controller, ({ role }) => role === "controller");
  const intake = await world.startHost({ role: "intake", variables: gitops });
  expect((await intake.ready).url).toMatch(/^http/);

  const good = commit("runs-fleet.yml", fileOf(1));
  const goodMs = await until("the push", controller, ({ pools }) => pools[0]?.target.hot === 1);
  const checks = () => github.checks().filter(({ name }) => name.startsWith("runs-fleet/config"));
  await until("its check", controller, () => checks().at(-1)?.sha === good);
  expect(checks().at(-1)).toMatchObject({
    name: "runs-fleet/config (ci, us-east-1)",
    conclusion: "success",
  });

  // Sound in itself, and not for this host.
  const elsewhere = commit("runs-fleet.yml", fileOf(2, "eu-west-1"));
  await until(
    "the refusal",
    controller,
    ({ configuration }) => configuration?.rejected?.commit === elsewhere,
  );
  const { pools, configuration } = await statusOf(controller);
  expect(pools[0]?.target.hot).toBe(1);
  expect(configuration?.rejected?.problems).toEqual([
    `${path}:1:1: The file does not have ci in us-east-1, only in eu-west-1`,
  ]);

  // A repository narrows what its jobs may use: what DynamoDB has of it counts for its next job.
  const own = github.commitFile({
    repository: "acme/app",
    path,
    text: "version: 1\nnarrow: { maxCpu: 2 }\n",
    push: true,
  });
  await until("its check", controller, () => checks().some(({ sha }) => sha === own));
  expect(checks().find(({ sha }) => sha === own)).toMatchObject({
    conclusion: "success",
    title: "Narrowed: at most 2 vCPUs a job",
  });
  github.queueJob({ repository: "acme/app", labels: ["runs-fleet/cpu=4"], durationMs: 100 });
  const refusal = () => github.checks().find(({ summary }) => summary.includes("allows itself"));
  await until("the refusal of its job", controller, () => refusal() !== undefined);
  expect(refusal()?.summary).toContain("acme/app allows itself at most 2 vCPUs");
  console.log(`gitops on AWS: a push was in force after ${goodMs} ms`);
}, 240_000);

import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { type FleetStatus, systemClock } from "@runs-fleet/core";
import { describe, expect, it } from "vitest";
import { type CampaignHost, createCampaign, eventually } from "./campaign.ts";

const repository = "acme/.github-private";
const path = ".github/runs-fleet.yml";

const fileOf = (hot: number, more = ""): string => `version: 1
environments: { local: { regions: [local], limits: { machines: 9 } } }
pools: { linux: { default: { hot: ${hot} }, limits: { machines: 8 } } }
policies: [{ name: all, repositories: ["acme/*"], allow: {} }]
${more}`;

const page = async ({ url }: CampaignHost): Promise<string> => (await fetch(url)).text();

/** How long it took until the status says so, milliseconds. */
async function took(
  host: CampaignHost,
  what: string,
  look: (status: FleetStatus) => boolean,
): Promise<number> {
  const sinceMs = systemClock.now();
  await eventually(
    what,
    async () => {
      const status = await host.status();
      return status !== undefined && look(status);
    },
    20_000,
  );
  return systemClock.now() - sinceMs;
}

const wants = (hot: number) => (status: FleetStatus) => status.pools[0]?.target.hot === hot;

describe("the configuration of the local host", { timeout: 120_000 }, () => {
  it("follows pushes: good ones at once, broken, deleted and late ones not at all; a killed host comes back with it", async () => {
    await using campaign = await createCampaign({
      seed: 11,
      environment: { RUNS_FLEET_CONFIG_REPOSITORY: repository },
    });
    const { github } = campaign;
    github.webhooks.faults({ loss: 0, vanish: 0, duplicate: 0, reorder: 0 });
    const commit = (text: string | undefined, push = true): string =>
      github.commitFile({ repository, path, ...(text === undefined ? {} : { text }), push });
    commit(fileOf(1), false);
    const host = await campaign.startHost();
    await took(host, "the first configuration", wants(1));
    await took(host, "a controller", ({ role }) => role === "controller");

    const good = commit(fileOf(2));
    const goodMs = await took(host, "the push to be in force", wants(2));
    expect(goodMs).toBeLessThan(20_000);
    const told = () => github.checks().filter(({ name }) => name === "runs-fleet/config");
    await eventually("its check", async () => told().at(-1)?.sha === good, 5_000);
    expect(told().at(-1)?.conclusion).toBe("success");
    const version = (await host.status())?.catalogVersion;
    expect((await host.status())?.pools[0]?.version).toBe(version);

    const bad = commit(fileOf(3, "poolz: 1\n"));
    const badMs = await took(
      host,
      "the refusal",
      ({ configuration }) => configuration?.rejected?.commit === bad,
    );
    expect((await host.status())?.pools[0]?.target.hot).toBe(2);
    expect(await page(host)).toContain("The latest version is refused");
    expect(await page(host)).toContain(`${path}:5:1: There is no key`);
    await eventually("its check", async () => told().at(-1)?.sha === bad, 5_000);
    expect(told().at(-1)).toMatchObject({
      conclusion: "failure",
      annotations: [{ path, start_line: 5, annotation_level: "failure" }],
    });

    const gone = commit(undefined);
    await took(host, "the alert", ({ configuration }) => configuration?.alert !== undefined);
    expect((await host.status())?.pools[0]?.target.hot).toBe(2);
    expect(await page(host)).toContain("Its source cannot be read");

    // Two pushes, of which the first is announced last.
    github.webhooks.faults({ loss: 0, vanish: 1, duplicate: 0, reorder: 0 });
    const older = commit(fileOf(3));
    github.webhooks.faults({ loss: 0, vanish: 0, duplicate: 0, reorder: 0 });
    const newer = commit(fileOf(4));
    await took(host, "the newer push to be in force", wants(4));
    await campaign.announcePush(host, { repository, before: gone, after: older });
    await eventually(
      "the older one's check",
      async () => told().some(({ sha }) => sha === older),
      10_000,
    );
    expect(told().find(({ sha }) => sha === older)?.conclusion).toBe("neutral");
    expect((await host.status())?.pools[0]?.target.hot).toBe(4);
    expect((await host.status())?.configuration?.applied?.commit).toBe(newer);

    await campaign.kill(host);
    const again = await campaign.startHost();
    await took(again, "the configuration after the kill", wants(4));
    process.stdout.write(
      `gitops: good in force after ${goodMs} ms, bad refused after ${badMs} ms\n`,
    );
  });

  it("lets a repository narrow what its own jobs may use, from its push on", async () => {
    await using campaign = await createCampaign({
      seed: 13,
      environment: { RUNS_FLEET_CONFIG_REPOSITORY: repository },
    });
    const { github } = campaign;
    github.webhooks.faults({ loss: 0, vanish: 0, duplicate: 0, reorder: 0 });
    github.commitFile({ repository, path, text: fileOf(1) });
    // It was there before the fleet was: its first job already goes by it.
    const own = (what: string) => `version: 1\nnarrow: { ${what} }\n`;
    github.commitFile({ repository: "acme/app", path, text: own("maxCpu: 2") });
    const host = await campaign.startHost();
    await took(host, "the first configuration", wants(1));
    await took(host, "a controller", ({ role }) => role === "controller");

    const run = (where: string, labels: string) => {
      const jobId = github.queueJob({ repository: where, labels: [labels], durationMs: 100 });
      return {
        jobId,
        isServed: async () =>
          github.jobs().find(({ id }) => id === jobId)?.conclusion === "success",
        refusal: () =>
          github
            .checks()
            .find(
              ({ conclusion, externalId }) =>
                conclusion === "failure" && externalId.includes(jobId),
            ),
      };
    };
    const large = run("acme/app", "runs-fleet/cpu=4");
    const same = run("acme/other", "runs-fleet/cpu=4");
    await eventually("the refusal", async () => large.refusal() !== undefined, 20_000);
    expect(large.refusal()?.summary).toContain("acme/app allows itself at most 2 vCPUs");
    await eventually("the other repository's job", same.isServed, 30_000);

    // A push that narrows further counts from then on; one that is broken changes nothing.
    const pushed = github.commitFile({
      repository: "acme/app",
      path,
      text: own("pools: [arm]"),
      push: true,
    });
    const told = (sha: string) =>
      github.checks().find((check) => check.name === "runs-fleet/config" && check.sha === sha);
    await eventually("its check", async () => told(pushed)?.conclusion === "success", 10_000);
    const pooled = run("acme/app", "runs-fleet/pool=linux");
    await eventually("the refusal", async () => pooled.refusal() !== undefined, 20_000);
    const broken = github.commitFile({
      repository: "acme/app",
      path,
      text: own("pool: [x]"),
      push: true,
    });
    await eventually("its check", async () => told(broken)?.conclusion === "failure", 10_000);
    expect(await page(host)).toContain("1 repository has a refused file");

    // Gone, it narrows nothing.
    const gone = github.commitFile({ repository: "acme/app", path, push: true });
    await eventually("its check", async () => told(gone)?.conclusion === "success", 10_000);
    const served = run("acme/app", "runs-fleet/pool=linux");
    await eventually("its job", served.isServed, 30_000);
  });

  it("follows the commits of a clone on this machine", async () => {
    const directory = await mkdtemp(join(tmpdir(), "runs-fleet-clone-"));
    const git = (...args: readonly string[]): void =>
      void execFileSync(
        "git",
        ["-C", directory, "-c", "user.name=t", "-c", "user.email=t@example.org", ...args],
        { stdio: "ignore" },
      );
    const commit = async (text: string): Promise<void> => {
      await mkdir(join(directory, ".github"), { recursive: true });
      await writeFile(join(directory, path), text);
      git("add", "-A");
      git("commit", "-m", "Change");
    };
    git("init", "-q");
    await commit(fileOf(1));
    {
      await using campaign = await createCampaign({
        seed: 12,
        environment: { RUNS_FLEET_CONFIG_DIRECTORY: directory },
      });
      const host = await campaign.startHost();
      await took(host, "the first configuration", wants(1));
      // What is not committed does not count.
      await writeFile(join(directory, path), fileOf(7));
      await commit(fileOf(3));
      await took(host, "the commit to be in force", wants(3));
      await commit("version: 1\npools: [");
      await took(host, "the refusal", ({ configuration }) => configuration?.rejected !== undefined);
      expect((await host.status())?.pools[0]?.target.hot).toBe(3);
    }
    await rm(directory, { recursive: true, force: true });
  });
});

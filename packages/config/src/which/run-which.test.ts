import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ImageSource } from "@runs-fleet/core";
import { describe, expect, it } from "vitest";
import { fakeHost } from "../../test/fake-host.ts";
import { runCli } from "../cli/run-cli.ts";
import { parseConfig } from "../parse-config.ts";
import { shapeWords } from "./shape-words.ts";
import { whichMachine } from "./which-machine.ts";

const cwd = fileURLToPath(new URL("../../test/workflows", import.meta.url));

async function which(...args: readonly string[]) {
  const { host, written, clock } = fakeHost({ cwd });
  await clock.advance(Date.parse("2026-12-01T09:00:00Z"));
  const code = await runCli(["which", ...args, "--config", "runs-fleet.yml"], host);
  return { code, ...written };
}

describe("runs-fleet which", () => {
  it("tells the pool that serves a job, what it wants now, and the rule that allows it", async () => {
    expect(await which("self-hosted,linux,arm64", "--repository", "acme/web")).toEqual({
      code: 0,
      err: "",
      out: `self-hosted, linux, arm64: served for acme/web (private)
  label         runs-fleet/pool=linux, by the alias [self-hosted, linux, arm64]
  environment   ci, in eu-central-1, then us-east-1
  pool          linux
  wants now     2 hot, 0 stopped (its default); at most 100 machines
  machine       linux, arm64, 4 vCPUs, 16 GiB RAM or more, image ubuntu, spot or on-demand
  runner group  fleet
  allowed by    policy everyone
`,
    });
  });

  it("tells the machine that is bought for a job that names no pool", async () => {
    const { code, out } = await which("runs-fleet/cpu=8/spot=false", "--repository", "acme/web");
    expect(code).toBe(0);
    expect(out).toContain("none: a machine is bought for the job");
    expect(out).toContain("linux, arm64 or x64, 8 vCPUs, on-demand");
  });

  it("tells which image is meant, where the file says it", () => {
    const shape = { os: "linux", cpu: { min: 2, max: 2 }, image: "ubuntu" } as const;
    const words = (imageSource: ImageSource) => shapeWords({ ...shape, imageSource });
    expect(shapeWords(shape)).toContain(", image ubuntu, ");
    expect(words({ id: "ami-0a1b2c3d" })).toContain(", image ubuntu (ami-0a1b2c3d), ");
    expect(words({ name: "acme-*" })).toContain(", image ubuntu (the newest acme-* of self), ");
  });

  it("tells types apart from families, with the vCPUs that they have", async () => {
    const ours = await which("runs-fleet/family=m7i+c7a.2xlarge+c7*", "--repository", "acme/web");
    expect(ours.out).toContain("2 to 8 vCPUs, c7a.2xlarge or family m7i or c7*, spot");
    const theirs = await which("runs-on=1/family=c7a.2xlarge", "--repository", "acme/web");
    expect(theirs.out).toContain("runs-fleet=1/family=c7a.2xlarge/arch=x64");
    expect(theirs.out).toContain("linux, x64, 8 vCPUs, c7a.2xlarge, spot");
  });

  it("tells what a dialect has that means nothing here, and that a repository is observed only", async () => {
    const { code, out } = await which(
      "runs-on=1/cpu=2+4/extras=s3-cache",
      "--repository",
      "acme/legacy",
    );
    expect(code).toBe(0);
    expect(out).toContain("runs-fleet=1/cpu=2+4/arch=x64, read as a label of RunsOn");
    expect(out).toContain("extras: nothing here answers to that");
    expect(out).toContain(
      "observed only: routed and recorded, nothing is launched; claimed is acme/web, ",
    );
  });

  it("tells every reason of a refusal, with what was probably meant", async () => {
    const { code, out } = await which("runs-fleet/env=gpu/cpu=64", "--repository", "acme/web");
    expect(code).toBe(1);
    expect(out).toContain(
      "forbidden-environment: Policy everyone does not let acme/web use environment gpu",
    );
    expect(out).toContain("forbidden-shape: Policy everyone lets acme/web use at most 16 vCPUs");
    const typed = await which("runs-fleet/ach=arm64", "--repository", "acme/web");
    expect(typed).toMatchObject({ code: 1, err: "" });
    expect(typed.out).toContain('unknown-key: There is no key "ach"; did you mean arch?');
  });

  it("goes by what a repository allows itself", async () => {
    const directory = await mkdtemp(join(tmpdir(), "runs-fleet-which-"));
    const file = join(directory, "own.yml");
    const ask = (...labels: readonly string[]) =>
      which(...labels, "--repository", "acme/web", "--narrow", file);
    await writeFile(file, "version: 1\nnarrow: { maxCpu: 4, maxReruns: 0 }\n");
    const served = await ask("runs-fleet/cpu=4");
    expect(served).toMatchObject({ code: 0, err: "" });
    expect(served.out).toContain("acme/web allows itself: at most 4 vCPUs a job; no re-runs\n");
    const refused = await ask("runs-fleet/cpu=8");
    expect(refused.code).toBe(1);
    expect(refused.out).toContain("forbidden-shape: acme/web allows itself at most 4 vCPUs");
    expect((await which("runs-fleet", "--narrow", file)).code).toBe(2);
    await writeFile(file, "version: 1\nnarrow: { maxCpus: 4 }\n");
    const broken = await ask("runs-fleet");
    expect(broken).toMatchObject({ code: 1, out: "" });
    expect(broken.err).toContain("error[unknown-key]");
    await rm(directory, { recursive: true });
    expect(await ask("runs-fleet")).toMatchObject({ code: 2, out: "" });
  });

  it("looks at who can see a repository, and whether it is a fork", async () => {
    const open = await which("runs-fleet", "--repository", "acme/web", "--visibility", "public");
    expect(open).toMatchObject({ code: 1, err: "" });
    expect(open.out).toContain(
      "no-policy: Policy everyone names acme/web but does not allow public repositories",
    );
    expect((await which("runs-fleet", "--repository", "acme/web", "--fork")).out).toContain(
      "does not allow forks",
    );
  });

  it("tells whose a job is that is not ours, and when that was hardly meant", async () => {
    const hosted = await which("ubuntu-latest", "--repository", "acme/web");
    expect(hosted).toEqual({
      code: 1,
      err: "",
      out: "ubuntu-latest: not ours; GitHub-hosted takes it\n",
    });
    expect((await which("runs_fleet/cpu=4")).out).toContain(
      "looks like a label of ours and is none",
    );
  });

  it("tells without a repository what holds under each policy, and for which repositories a pool is", async () => {
    const { code, out } = await which("runs-fleet/pool=web");
    expect(code).toBe(0);
    expect(out).toContain("served for a private repository of policy everyone (acme/*)");
    expect(out).toContain("only for      acme/web");
    expect(out).toContain("served for a private repository of policy builders (acme/monorepo)");
    const builds = await which("runs-fleet/pool=builds", "--format", "json");
    const { policies } = JSON.parse(builds.out) as {
      policies: { policy: string; which: { kind: string } }[];
    };
    expect(builds.code).toBe(0);
    expect(policies.map(({ policy, which: { kind } }) => [policy, kind])).toEqual([
      ["everyone", "refused"],
      ["builders", "served"],
    ]);
    expect((await which("runs-fleet/cpu=96")).code).toBe(1);
  });

  it("speaks JSON for programs", async () => {
    const { out } = await which(
      "runs-fleet/pool=linux",
      "--repository",
      "acme/web",
      "--format",
      "json",
    );
    expect(JSON.parse(out)).toMatchObject({
      labels: ["runs-fleet/pool=linux"],
      job: { repository: "acme/web", visibility: "private", fork: false },
      kind: "served",
      placement: { pool: "linux", policy: "everyone", runnerGroup: "fleet" },
      understood: { by: "label", label: "runs-fleet/pool=linux" },
      isObserved: false,
      numbers: { hot: 2, stopped: 0, machines: 100 },
    });
  });

  it("ends with 2 when it is not used right", async () => {
    expect((await which()).code).toBe(2);
    expect((await which(",")).err).toContain("Name at least one label");
    expect((await which("runs-fleet", "--fork")).err).toContain("name it with --repository");
    expect((await which("runs-fleet", "--repository", "web")).err).toContain("Must be owner/name.");
    expect(
      (await which("runs-fleet", "--repository", "acme/web", "--property", "x")).err,
    ).toContain("Must be name=value.");
    const { host, written } = fakeHost({ cwd });
    expect(await runCli(["which", "runs-fleet"], host)).toBe(2);
    expect(written.err).toContain(".github/runs-fleet.yml");
  });

  it("asks for the custom properties that a policy wants", async () => {
    const text = `version: 1
environments: { ci: { regions: [us-east-1] } }
policies: [{ name: teams, repositories: ["acme/*"], properties: { team: web }, allow: {} }]
`;
    const parsed = parseConfig(text);
    if (!parsed.ok) throw new Error("it is a good file");
    const job = { repository: "acme/a", visibility: "private", fork: false } as const;
    expect(whichMachine(parsed.value, ["runs-fleet"], job, 0).kind).toBe("refused");
    expect(
      whichMachine(parsed.value, ["runs-fleet"], { ...job, properties: { team: "web" } }, 0).kind,
    ).toBe("served");
  });

  it("tells the entry of the schedule that holds at the moment, and until when", async () => {
    const example = fileURLToPath(new URL("../../examples/runs-fleet.yml", import.meta.url));
    const parsed = parseConfig(await readFile(example, "utf8"));
    if (!parsed.ok) throw new Error("the example is a good file");
    const job = { repository: "acme/sandbox-a", visibility: "private", fork: false } as const;
    const answer = whichMachine(
      parsed.value,
      ["runs-fleet/pool=linux"],
      job,
      Date.parse("2026-12-01T09:00:00Z"),
    );
    expect(answer).toMatchObject({
      kind: "served",
      isObserved: false,
      numbers: {
        hot: 25,
        stopped: 40,
        entry: "office",
        untilMs: Date.parse("2026-12-01T18:00:00Z"),
      },
    });
  });
});

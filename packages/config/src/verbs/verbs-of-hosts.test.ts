import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fakeHost } from "../../test/fake-host.ts";
import { fleetHost } from "../../test/fleet-host.ts";
import { fileOf } from "../../test/watched-file.ts";
import { runCli } from "../cli/run-cli.ts";

const url = "http://fleet.test";
let cwd: string;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "runs-fleet-verbs-"));
  await writeFile(join(cwd, "one.yml"), fileOf({ web: 1 }));
  await writeFile(join(cwd, "two.yml"), fileOf({ web: 2, data: 3 }));
  await writeFile(join(cwd, "bad.yml"), "version: 2\n");
  const rate = { hotUsdPerHour: 0.5, stoppedUsdPerHour: 0.1 };
  const rates = { source: "a test", date: "2026-11-28", pools: { "*": rate } };
  await writeFile(join(cwd, "rates.json"), JSON.stringify(rates));
});
afterAll(() => rm(cwd, { recursive: true }));

async function alone(...args: readonly string[]) {
  const { host, written } = fakeHost({ cwd });
  const code = await runCli(args, host);
  return { code, ...written };
}

async function against(fleet: Awaited<ReturnType<typeof fleetHost>>, ...args: readonly string[]) {
  const { host, written } = fleet.cli(cwd);
  const code = await runCli([...args, "--url", url], host);
  return { code, ...written };
}

describe("runs-fleet plan and diff", () => {
  it("compare two files", async () => {
    const { code, out } = await alone(
      "plan",
      "two.yml",
      "--from",
      "one.yml",
      "--rates",
      "rates.json",
    );
    expect(code).toBe(0);
    expect(out).toContain("1 pool added; 1 pool changed; 2 differences");
    expect(out).toMatch(/~ pools\.web\.schedule\.default\.hot {2}1 → 2/);
    // A month of one machine is 720 h at half a dollar.
    expect(out).toContain("$360 → $1,800 (+$1,440)");
    const diff = await alone("diff", "one.yml", "two.yml", "--exit-code");
    expect(diff.code).toBe(1);
    expect(diff.out).not.toContain("30 days");
    expect((await alone("diff", "one.yml", "one.yml", "--exit-code")).code).toBe(0);
  });

  it("compare with what a host runs by", async () => {
    const fleet = await fleetHost(fileOf({ web: 1 }));
    expect((await against(fleet, "diff", "one.yml", "--exit-code")).out).toBe("Nothing changes\n");
    const { code, out } = await against(fleet, "plan", "two.yml", "--format", "json");
    expect(code).toBe(0);
    expect(JSON.parse(out).pools.map(({ name }: { name: string }) => name)).toEqual([
      "web",
      "data",
    ]);
  });

  it("tell what is wrong with a file, a host and the way they are called", async () => {
    expect(await alone("plan", "bad.yml")).toMatchObject({ code: 1, out: "" });
    expect(await alone("diff", "one.yml")).toMatchObject({ code: 2 });
    expect((await alone("plan", "one.yml", "--url", "ftp://x")).err).toContain("wrong-option");
    const away = await alone("plan", "one.yml", "--url", url);
    expect(away.code).toBe(2);
    expect(away.err).toContain("host-unreachable");
    const both = await alone("plan", "one.yml", "--url", url, "--from", "two.yml");
    expect(both.code).toBe(2);
  });
});

describe("runs-fleet apply", () => {
  it("has the host look at its repository, and says whether this file is in force", async () => {
    const fleet = await fleetHost(fileOf({ web: 1 }));
    expect(await against(fleet, "apply", "one.yml")).toMatchObject({ code: 0 });
    const ahead = await against(fleet, "apply", "two.yml");
    expect(ahead.code).toBe(1);
    expect(ahead.out).toContain("This file is not in force");
    // A push that no webhook told of.
    fleet.push({ "": fileOf({ web: 2, data: 3 }) });
    const applied = await against(fleet, "apply", "two.yml");
    expect(applied).toMatchObject({ code: 0 });
    expect(applied.out).toContain("applied just now");
    expect((await fleet.orchestrator.status()).pools.map(({ name }) => name)).toEqual([
      "web",
      "data",
    ]);
    fleet.push({ "": "version: 1\npools: 7\n" });
    const refused = await against(fleet, "apply", "two.yml");
    expect(refused.code).toBe(1);
    expect(refused.out).toContain(".github/runs-fleet.yml:2:8: ");
    fleet.push({ "": undefined });
    expect((await against(fleet, "apply", "two.yml")).out).toContain("cannot be read");
    expect((await fleet.orchestrator.status()).pools.length).toBe(2);
  });
});

describe("runs-fleet why", () => {
  it("asks a host, for whatever has that name", async () => {
    const fleet = await fleetHost(fileOf({ web: 1 }));
    await fleet.clock.advance(5_000);
    const pool = await against(fleet, "why", "web");
    expect(pool.code).toBe(0);
    expect(pool.out).toMatch(/^pool web\n {2}\S/);
    const json = await against(fleet, "why", "web", "--kind", "pool", "--format", "json");
    expect(JSON.parse(json.out)).toMatchObject({ subject: { pool: "web" } });
    const none = await against(fleet, "why", "nothing");
    expect(none).toMatchObject({ code: 1, out: "" });
    expect(none.err).toContain("knows no job, pool or machine nothing");
  });
});

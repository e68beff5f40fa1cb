import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CliHost } from "@runs-fleet/core/node";
import { describe, expect, it } from "vitest";
import {
  createExportStage,
  dayMs,
  exportNowMs,
  passTime,
  watchWaits,
} from "../../test/export-stage.ts";
import { fakeHost } from "../../test/fake-host.ts";
import { runCli } from "../cli/run-cli.ts";

const secret = "github_pat_0123456789abcdefghijklmnop";
const yesterday = exportNowMs - dayMs;

/** A directory of its own, and an organisation on record. */
async function stageOf(terminal = false) {
  const cwd = await mkdtemp(join(tmpdir(), "runs-fleet-export-"));
  const stage = createExportStage({ corePerHour: 12 });
  const times = { startedAtMs: yesterday + 1_000, completedAtMs: yesterday + 61_000 };
  for (let index = 0; index < 12; index += 1) {
    stage.github.recordRun({
      ...{ repository: "acme/app", createdAtMs: yesterday },
      jobs: [
        { labels: ["linux"], queuedAtMs: yesterday, ...times },
        {
          labels: ["ubuntu-24.04"],
          queuedAtMs: yesterday,
          ...times,
          runnerGroup: "GitHub Actions",
        },
      ],
    });
  }
  const run = async (args: readonly string[], more: Partial<CliHost> = {}) => {
    // Virtual time must not pass while the disk is busy.
    const watched = watchWaits(stage.clock);
    const { host, written } = fakeHost({ cwd, terminal, columns: 200 });
    const all = {
      ...host,
      env: { GITHUB_TOKEN: stage.token },
      clock: watched.clock,
      fetch: stage.github.fetch,
      ...more,
    };
    const whole = ["jobs", "export", "--org", "acme", "--api-url", "https://github.fake", ...args];
    const exitCode = await passTime(stage.clock, runCli(whole, all), watched.isWaiting);
    expect(written.out + written.err).not.toContain(stage.token);
    return { exitCode, ...written };
  };
  return {
    ...{ stage, cwd, run },
    [Symbol.asyncDispose]: async () => {
      await stage.github[Symbol.asyncDispose]();
      await rm(cwd, { recursive: true, force: true });
    },
  };
}

describe("runs-fleet jobs export", () => {
  it("writes the file, tells in plain lines how it goes and waits, and sums up what is left out", async () => {
    await using place = await stageOf();
    const { exitCode, out, err } = await place.run([
      ...["--from", "2026-10-25", "--to", "2026-11-01"],
      ...["--output", "made/jobs.ndjson"],
    ]);
    expect(exitCode).toBe(0);
    const lines = (await readFile(join(place.cwd, "made/jobs.ndjson"), "utf8")).trim().split("\n");
    expect(lines).toHaveLength(12);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ queuedAtMs: yesterday, durationMs: 60_000 });
    expect((await readdir(join(place.cwd, "made"))).sort()).toEqual([
      "jobs.ndjson",
      "jobs.ndjson.state.json",
    ]);
    expect(out).toContain(
      "12 jobs of acme, queued from 2026-10-25T00:00:00Z to 2026-11-01T00:00:00Z, in made/jobs.ndjson\n",
    );
    expect(out).toContain("       12  github-hosted: ");
    expect(err).toContain("reading jobs · repositories 1/1 · runs 1/12 · jobs 1");
    expect(err).toContain("waiting 1:00:02, the budget but for the reserve is used up");
    expect(err.split("\n").length).toBeLessThan(25);
    expect(err).not.toContain("\r");
  });

  it("draws a bar for a person, with what is left, and leaves nothing of it", async () => {
    await using place = await stageOf(true);
    const { err } = await place.run(["--quiet"]);
    expect(err).toBe("");
    const { err: bar } = await place.run(["--restart"]);
    const shown = bar.split("\r\u001b[K");
    expect(
      shown.some((text) => /^█+░+ reading jobs · .* · calls left \d+ · about .* left/.test(text)),
    ).toBe(true);
    expect(shown.some((text) => /waiting 59:\d\d, /.test(text))).toBe(true);
    expect(shown.at(-1)).toBe("");
  });

  it("tells scripts the same as JSON", async () => {
    await using place = await stageOf();
    const { out } = await place.run(["--json", "--quiet", "--hosted"]);
    expect(JSON.parse(out)).toMatchObject({ organisation: "acme", complete: true, jobs: 24 });
  });

  it("takes the token from a file, and never from the arguments", async () => {
    await using place = await stageOf();
    await writeFile(join(place.cwd, "token"), `${place.stage.token}\n`);
    const env = { GITHUB_TOKEN: "wrong" };
    expect((await place.run(["--token-file", "token"], { env })).exitCode).toBe(0);
    for (const args of [["--token", secret], [`--token=${secret}`]]) {
      const { exitCode, err } = await place.run(args);
      expect(exitCode).toBe(2);
      expect(err).toContain("error[token-in-arguments]");
      expect(err).not.toContain(secret);
    }
  });

  it.each<[string, readonly string[], Partial<CliHost>]>([
    ["token-missing", [], { env: {} }],
    ["token-unreadable", [], { env: { GITHUB_TOKEN: "two words" } }],
    ["enoent", ["--token-file", "nowhere"], {}],
    ["token-refused", [], { env: { GITHUB_TOKEN: secret } }],
    ["organisation-not-found", ["--org", "somebody-else"], {}],
    ["organisation-invalid", ["--org", "acme/app"], {}],
    ["range-invalid", ["--from", "last week"], {}],
    ["range-invalid", ["--from", "2026-02-30"], {}],
    ["range-invalid", ["--from", "2026-10-02", "--to", "2026-10-01"], {}],
    ["range-invalid", ["--from", "2027-01-01"], {}],
  ])("ends with 2 and the code %s for %j", async (code, args, more) => {
    await using place = await stageOf();
    const { exitCode, err } = await place.run(args, more);
    expect(err).toContain(`error[${code}]`);
    expect(exitCode).toBe(2);
    expect(err).not.toContain(secret);
  });

  it("overwrites nothing: neither a file of somebody else's nor an export with other options", async () => {
    await using place = await stageOf();
    await writeFile(join(place.cwd, "notes"), "mine");
    expect((await place.run(["-o", "notes"])).err).toContain("error[output-exists]");
    expect(await readFile(join(place.cwd, "notes"), "utf8")).toBe("mine");
    expect((await place.run([])).exitCode).toBe(0);
    expect((await place.run(["--hosted"])).err).toContain("error[other-export]");
    expect((await place.run(["--hosted", "--restart"])).exitCode).toBe(0);
    await writeFile(join(place.cwd, "jobs.ndjson.state.json"), "{}");
    expect((await place.run(["--hosted"])).err).toContain("error[state-unreadable]");
    expect((await place.run(["--hosted", "--restart"])).exitCode).toBe(0);
    await writeFile(join(place.cwd, "jobs.ndjson"), "");
    expect((await place.run(["--hosted"])).err).toContain("error[output-changed]");
  });

  it("lets one process at a time write, and takes over from a dead one", async () => {
    await using place = await stageOf();
    const lock = join(place.cwd, "jobs.ndjson.lock");
    // The process that runs the tests, seen from this one.
    await writeFile(lock, `${process.ppid}\n`);
    expect((await place.run([])).err).toContain("error[locked]");
    // No process has this id: it is above what Linux gives out.
    await writeFile(lock, "4194305\n");
    expect((await place.run([])).exitCode).toBe(0);
  });

  it("says how to go on when it is stopped", async () => {
    await using place = await stageOf();
    const signal = AbortSignal.abort(new Error("stopped by SIGINT"));
    const { exitCode, err } = await place.run([], { signal });
    expect(err).toContain("error[interrupted]");
    expect(exitCode).toBe(2);
  });

  it("teaches in its help: the token's permissions, going on, the budget", async () => {
    await using place = await stageOf();
    const { exitCode, out } = await place.run(["--help"]);
    expect(exitCode).toBe(0);
    for (const part of [
      '"Actions: read"',
      "GITHUB_TOKEN",
      "goes on where the last one ended",
      "--reserve",
    ]) {
      expect(out).toContain(part);
    }
    expect(out).not.toContain("--token <token>");
  });
});

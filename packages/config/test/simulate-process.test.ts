import { spawn } from "node:child_process";
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const program = fileURLToPath(new URL("../dist/main/runs-fleet.js", import.meta.url));
const examples = fileURLToPath(new URL("../examples", import.meta.url));

describe("runs-fleet simulate, as a process", () => {
  let home = "";
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), "runs-fleet-simulate-"));
    for (const file of readdirSync(examples)) copyFileSync(join(examples, file), join(home, file));
    // A slice of the morning: each run is a process of its own.
    const lines = readFileSync(join(examples, "jobs.ndjson"), "utf8").split("\n").slice(0, 40);
    writeFileSync(join(home, "few.ndjson"), `${lines.join("\n")}\n`);
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const run = (...args: readonly string[]) =>
    new Promise<{ code: number | null; out: string; err: string }>((resolve, reject) => {
      const child = spawn(process.execPath, [program, "simulate", ...args], { cwd: home, env: {} });
      const result = { out: "", err: "" };
      child.stdout.on("data", (chunk) => {
        result.out += String(chunk);
      });
      child.stderr.on("data", (chunk) => {
        result.err += String(chunk);
      });
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, ...result }));
    });
  const few = ["--config", "fleet.json", "--jobs", "few.ndjson"] as const;
  const read = (file: string) => readFileSync(join(home, file), "utf8");

  it("writes the same table, JSON and page to the byte, whenever it runs", async () => {
    const priced = [
      ...few,
      "--rates",
      "rates.json",
      "--boots",
      "boots.json",
      "--baseline",
      "recorded",
    ];
    const first = await run(...priced, "--html", "a.html", "--json", "a.json");
    const second = await run(...priced, "--html", "b.html", "--json", "b.json");
    expect(first).toMatchObject({ code: 0, err: "" });
    expect(second.out).toBe(first.out);
    expect(read("b.html")).toBe(read("a.html"));
    expect(read("b.json")).toBe(read("a.json"));
    expect(first.out).toMatch(/^95 of 100 jobs start within .*, for \$.* a week\.\n/);
    expect(first.out).toContain("recorded starts:");
    expect(first.out).not.toContain("\u001b");
    expect(read("a.html")).toMatch(/^<!doctype html>/);
    const { report, inputs } = JSON.parse(read("a.json"));
    expect(inputs).toMatchObject({ config: "fleet.json", jobs: "few.ndjson" });
    expect(report.jobs.given).toBe(40);
    expect(report.baseline.jobs).toBeGreaterThan(20);
  });

  it("exits with 1 when an assertion does not hold, after writing the report", async () => {
    const { code, out } = await run(
      ...few,
      "--assert",
      "p95(linux) < 10m",
      "--assert",
      "p50 < 1ms",
    );
    expect(code).toBe(1);
    expect(out).toMatch(/ holds {4}p95\(linux\) < 10m: p95\(linux\) is /);
    expect(out).toMatch(/ fails {4}p50 < 1ms: p50 is /);
  });

  it("puts JSON on stdout in place of the table, and holds another configuration against it", async () => {
    const { code, out, err } = await run(...few, "--json", "-", "--compare", "leaner.json");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const { compared, report } = JSON.parse(out);
    expect(compared).toMatchObject({ config: "leaner.json", report: { catalogVersion: "leaner" } });
    expect(compared.changes.p95Ms.before).toBe(report.waitsMs.p95);
    // Nobody said that this is what ran then.
    expect(report.baseline).toBeUndefined();
  });

  it("makes a day of jobs up that the configuration serves", async () => {
    const made = ["--generate", "steady", "--jobs-per-day", "20", "--days", "1", "--json", "-"];
    const { code, out } = await run("--config", "fleet.json", ...made);
    expect(code).toBe(0);
    const { report } = JSON.parse(out);
    expect(report.horizon.toMs - report.horizon.fromMs).toBe(86_400_000);
    expect(report.jobs).toMatchObject({ leftOut: 0, refused: 0 });
  });

  it("tells all problems of all files with file, line, field and code, and exits with 1", async () => {
    writeFileSync(
      join(home, "bad.json"),
      read("fleet.json")
        .replace('"defaultEnvironment": "ci"', '"defaultEnvironment": "cu"')
        .replace('"images"', '"imagess"'),
    );
    writeFileSync(
      join(home, "bad-rates.json"),
      '{\n  "source": "x",\n  "date": "2026-11-24",\n  "pools": { "linux": { "hotUsdPerHour": "0.1" } }\n}',
    );
    const { code, out, err } = await run(
      "--config",
      "bad.json",
      "--jobs",
      "few.ndjson",
      "--rates",
      "bad-rates.json",
    );
    expect(code).toBe(1);
    expect(out).toBe("");
    expect(err).toMatch(/^error\[unknown-key\] bad\.json:\d+:\d+ at imagess: /m);
    expect(err).toContain(
      "error[invalid-value] bad-rates.json:4:25 at pools.linux.hotUsdPerHour: ",
    );
    expect(err).toContain("error[missing] bad-rates.json:4:14 at pools.linux.stoppedUsdPerHour: ");
  });

  it("counts lines that are no jobs as left out, and names them", async () => {
    writeFileSync(join(home, "torn.ndjson"), `${read("few.ndjson")}{"queuedAtMs":1}\nnot json\n`);
    const { code, err, out } = await run(
      "--config",
      "fleet.json",
      "--jobs",
      "torn.ndjson",
      "--json",
      "-",
    );
    expect(code).toBe(0);
    expect(err).toMatch(/^warning\[missing\] torn\.ndjson:41 at durationMs: /m);
    expect(err).toMatch(/^warning\[invalid-json\] torn\.ndjson:42: /m);
    const { report } = JSON.parse(out);
    expect(report.jobs.given).toBe(42);
    expect(report.trust.leftOut).toContainEqual(
      expect.objectContaining({ code: "unreadable", jobs: 2 }),
    );
  });

  it.each([
    [["--config", "none.json", "--jobs", "few.ndjson"], "error[file-missing] none.json: "],
    [["--config", "fleet.json"], "error[jobs-missing] "],
    [
      ["--config", "fleet.json", "--jobs", "few.ndjson", "--generate", "steady"],
      "cannot be used with",
    ],
    [["--jobs", "few.ndjson"], "required option '-c, --config <file>'"],
    [
      ["--config", "fleet.json", "--jobs", "few.ndjson", "--seeds", "many"],
      "Must be a whole number from 1 to 100.",
    ],
    [["--config", "fleet.json", "--jobs", "few.ndjson", "--sead", "3"], "Did you mean --seed"],
    [
      ["--config", "fleet.json", "--jobs", "few.ndjson", "--time-zone", "Mars/Olympus"],
      "error[unknown-time-zone] ",
    ],
    [
      ["--config", "fleet.json", "--generate", "steady", "--from", "2026-02-30"],
      "error[no-such-date] ",
    ],
    [
      ["--config", "fleet.json", "--jobs", "few.ndjson", "--assert", "p95(linus) < 1s"],
      "error[assert-unknown-pool] ",
    ],
    [
      ["--config", "fleet.json", "--jobs", "few.ndjson", "--html", "none/report.html"],
      "error[file-missing] none/report.html: ",
    ],
  ])("exits with 2 on wrong use: %j", async (args, words) => {
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toContain(words);
  });

  it("teaches by its help, which loads neither charts nor simulator", async () => {
    const started = performance.now();
    const { code, out } = await run("--help");
    expect(code).toBe(0);
    for (const word of ["--assert", "Examples:", "Files:", "Exit codes:"])
      expect(out).toContain(word);
    // A tenth of a second alone; the bound is for a machine that does much else.
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

import { spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/** The built program: what `npm start` runs. `npm test` builds it first. */
const program = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const full = process.env["RUNS_FLEET_FULL"] === "1";
const seed = Number(process.env["RUNS_FLEET_SLICE"] ?? 1) % 1_000_003;

/** Runs it to its end. `onUrl` is called when its page can be had, and answers a signal that ends it. */
async function run(
  args: readonly string[],
  onUrl: (url: string) => Promise<NodeJS.Signals | undefined> = async () => undefined,
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  // The test runner's own flags would make it read sources instead of what was built.
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env["PATH"], PORT: "0" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  let url: string | undefined;
  const failed = (error: unknown): void => {
    err += `The page cannot be read: ${error}`;
    child.kill();
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    if (url !== undefined) return;
    url = /Open (http:\S+) to watch/.exec(out)?.[1];
    if (url !== undefined) onUrl(url).then((name) => name && child.kill(name), failed);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, out, err };
}

const numberIn = (text: string, form: RegExp): number => Number(form.exec(text)?.[1]);

describe("npm start -- --speed", () => {
  // A Sunday on which clocks are set back, or, in full, a day on which everybody works.
  it(`serves every job of a simulated day and leaves no machine behind, seed ${seed}`, {
    timeout: 300_000,
  }, async () => {
    const from = full ? "2026-11-24T00:00Z" : "2026-10-25T00:00Z";
    const args = ["--speed", "max", "--once", "--from", from, "--seed", String(seed)];
    const { code, out, err } = await run(args);
    expect({ code, err }, out).toEqual({ code: 0, err: "" });
    const hours = out.match(/^\w{3} \d\d \w{3} \d\d:00 .*$/gm) ?? [];
    expect(hours).toHaveLength(24);
    expect(numberIn(out, /^served +(\d+) jobs/m)).toBeGreaterThan(full ? 500 : 60);
    expect(out).toContain("; 0 not ended, 0 run twice");
    expect(out).toMatch(/^machines +0 left over \(and \d+ warm in pools\)$/m);
    expect(numberIn(out, /^windows +(\d+) opened/m)).toBe(full ? 3 : 1);
    process.stdout.write(`${out.split("\n").slice(-10).join("\n")}\n`);
  });

  it("says on its page that all is simulated and how fast time runs, and sums up when it is interrupted", {
    timeout: 60_000,
  }, async () => {
    let page = "";
    let status = 0;
    const args = ["--speed", "60", "--from", "2026-10-24T18:00Z"];
    const { code, out, err } = await run(args, async (url) => {
      const answer = await fetch(url);
      page = await answer.text();
      status = answer.status;
      return "SIGINT";
    });
    expect({ code, err, status }).toEqual({ code: 0, err: "", status: 200 });
    expect(page).toContain(
      '<p class="notice" role="note">Simulation: the machines and GitHub are simulated, and time runs 60 times as fast. There it is Sat 24 Oct 2026 18:',
    );
    expect(out).toMatch(/^served +\d+ jobs/m);
    expect(out).toMatch(/^machines +\d+ at the end$/m);
  });

  it("refuses a speed that it does not have", async () => {
    const { code, out, err } = await run(["--speed", "9000"]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/^--speed needs a number from 1 to 3600, or max, not 9000\n/);
  });
});

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fakeHost } from "../../test/fake-host.ts";
import { runCli } from "../cli/run-cli.ts";

const example = fileURLToPath(new URL("../../examples/runs-fleet.yml", import.meta.url));
let cwd: string;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "runs-fleet-preview-"));
  await writeFile(join(cwd, "broken.yml"), "version: 2\n");
  await writeFile(
    join(cwd, "none.yml"),
    `version: 1
environments: { ci: { regions: [us-east-1] } }
policies: [{ name: all, repositories: ["acme/*"], allow: {} }]
`,
  );
});
afterAll(() => rm(cwd, { recursive: true }));

async function preview(...args: readonly string[]) {
  const { host, written } = fakeHost({ cwd });
  const code = await runCli(["preview", ...args], host);
  return { code, ...written };
}

describe("runs-fleet preview", () => {
  it("draws the days of a pool in the terminal, and tells what is special about them", async () => {
    const { code, out, err } = await preview(
      "linux",
      "--from",
      "2026-12-23",
      "--days",
      "3",
      "--width",
      "80",
      "-c",
      example,
    );
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatchInlineSnapshot(`
      "linux: Europe/Berlin, up to 25 hot and 40 stopped, 424 hot and 1,660 stopped machine-hours, limit 450
                     00      04      08       12      16      20
      wed 2026-12-23 ░░░░░░░░▒▒▒░░░░░███████████████████████░░░░░░░░░░ 25 hot 40 off
      thu 2026-12-24 ░░░░░░░░▒▒▒░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 8 hot 20 off
      fri 2026-12-25 ░░░░░░░░▒▒▒░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 8 hot 20 off
      hot: ·░▒▓█ 0 to 25; / ready ahead of time, ~ ramp, = held, > < clock change
      at the right: the most of each day, hot and stopped (off)
      Thu 24 Dec to Fri 25 Dec: de skips office

      Hot and stopped are machines that are ready and unclaimed, in total; machines with jobs come on top. Leads and ramps are not drawn.
      "
    `);
  });

  it("draws every pool from today on when nothing is said, each once, in the width of the terminal", async () => {
    const { host, written } = fakeHost({
      cwd,
      columns: 60,
      env: { NO_COLOR: "1" },
      terminal: true,
    });
    expect(await runCli(["preview", "-c", example], host)).toBe(0);
    expect(written.out).toContain("linux: Europe/Berlin");
    expect(written.out).toContain("builds: Europe/Berlin");
    // The clock of the tests begins with 1970.
    expect(written.out.match(/^thu 1970-01-01 /gm)).toHaveLength(2);
    expect(written.out.match(/^[a-z]{3} 1970-01-0\d /gm)).toHaveLength(14);
    const twice = await preview("builds", "builds", "--from", "2026-12-21", "-c", example);
    expect(twice.out.match(/^builds: /gm)).toHaveLength(1);
    expect(await preview("-c", "none.yml")).toEqual({
      code: 0,
      out: "There is no pool.\n",
      err: "",
    });
  });

  it("writes a picture or a page, and says so where it disturbs nobody", async () => {
    const week = ["--from", "2026-12-21", "-c", example];
    expect(await preview(...week, "--svg", "week.svg")).toEqual({
      code: 0,
      out: "",
      err: "week.svg: 2 pools, 7 days\n",
    });
    const svg = await readFile(join(cwd, "week.svg"), "utf8");
    expect(svg.startsWith("<svg ")).toBe(true);
    expect(await preview(...week, "--svg", "-")).toEqual({ code: 0, out: svg, err: "" });
    expect((await preview(...week, "--html", "-")).out).toContain("<!doctype html>");
    expect((await preview(...week, "--svg", "-", "--width", "500")).out).toContain(' width="500"');
  });

  it("ends with 2 when it is used wrongly, or cannot write, and with 1 when the configuration has errors", async () => {
    const pool = await preview("lnux", "linux", "bilds", "-c", example);
    expect(pool).toMatchObject({ code: 2, out: "" });
    expect(pool.err.match(/^error\[unknown-pool\]/gm)).toHaveLength(2);
    expect(pool.err).toContain("did you mean builds?");
    for (const from of ["2026-02-29", "tomorrow", "1999-12-31", "2026-12-21T00:00"]) {
      const date = await preview("--from", from, "-c", example);
      expect(date).toMatchObject({ code: 2, out: "" });
      expect(date.err).toContain("error[wrong-date]");
    }
    for (const days of ["0", "32", "1.5", "a"])
      expect((await preview("--days", days, "-c", example)).code).toBe(2);
    const both = await preview("--svg", "a.svg", "--html", "a.html", "-c", example);
    expect(both).toMatchObject({ code: 2, out: "" });
    const nowhere = await preview("--html", "no/such/place.html", "-c", example);
    expect(nowhere).toMatchObject({ code: 2, out: "" });
    expect(nowhere.err).toContain("error[file-missing] no/such/place.html");
    expect((await preview("-c", "broken.yml")).code).toBe(1);
  });

  it("teaches", async () => {
    const { code, out } = await preview("--help");
    expect(code).toBe(0);
    expect(out).toContain("Examples:");
  });
});

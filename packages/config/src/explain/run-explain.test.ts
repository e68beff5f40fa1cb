import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fakeHost } from "../../test/fake-host.ts";
import { runCli } from "../cli/run-cli.ts";

const example = fileURLToPath(new URL("../../examples/runs-fleet.yml", import.meta.url));
let cwd: string;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "runs-fleet-explain-"));
  await writeFile(
    join(cwd, "ramps.yml"),
    `version: 1
environments: { ci: { regions: [us-east-1] } }
policies: [{ name: all, repositories: ["acme/*"], allow: {} }]
pools:
  odd:
    default: { hot: 1 }
    min: { stopped: 2 }
    timezone: America/New_York
    lead: 5m
    hold: 10m
    ramp: { up: 2/1m }
    drainDeadline: 1h
    limits: { machines: 1200, createPerPass: 7, maxSurge: 3, maxUnavailable: 1 }
    schedule:
      - { name: "\\e[31mred", days: mon-fri, time: "22:00-06:00", hot: 5, priority: 2, timezone: Asia/Kolkata }
  plain: { default: { hot: 3 }, limits: { machines: 4 } }
`,
  );
  await writeFile(join(cwd, "broken.yml"), "version: 2\n");
});
afterAll(() => rm(cwd, { recursive: true }));

async function explain(...args: readonly string[]) {
  const { host, written } = fakeHost({ cwd });
  const code = await runCli(["explain", ...args], host);
  return { code, ...written };
}

describe("runs-fleet explain", () => {
  it("tells why a pool wants what it wants on a holiday", async () => {
    const { code, out, err } = await explain(
      "linux",
      "--at",
      "2026-12-24T09:00",
      "--config",
      example,
    );
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatchInlineSnapshot(`
      "linux on Thu 2026-12-24 09:00, Europe/Berlin (+01:00 from UTC)

      The schedule wants 2 hot and 20 stopped by default since Thu 2026-12-24 05:30 until Fri 2026-12-25 04:00
      Outside of every entry: 2 hot and 20 stopped

      Entries
        ○ office (25 hot and 40 stopped): closed; opens Mon 2026-12-28 08:00, until Mon 2026-12-28 19:00
            2026-12-24: de skips office, or it would be open now
        ○ nightly builds (at least 8 hot): closed; opens Fri 2026-12-25 04:00, until Fri 2026-12-25 05:30

      Target
        2 hot and 20 stopped, as the schedule says until Fri 2026-12-25 04:00
        lead: auto, so long before a rise as the pool's machines take to boot; only a running fleet has learnt it, and it is left out here
        ramp: up by 10 every 1 min, down by 5 every 5 min

      Next changes
        Fri 2026-12-25 04:00  2 → 8 hot, 20 stopped (nightly builds)
        Fri 2026-12-25 05:30  8 → 2 hot, 20 stopped (nightly builds)
        Sat 2026-12-26 04:00  2 → 8 hot, 20 stopped (nightly builds)
        Sat 2026-12-26 05:30  8 → 2 hot, 20 stopped (nightly builds)
        Sun 2026-12-27 04:00  2 → 8 hot, 20 stopped (nightly builds)

      Limits
        at most 450 machines in any state
      "
    `);
  });

  it("tells in a line what each pool wants", async () => {
    const { code, out } = await explain("--at", "2026-12-23T09:00", "--config", example);
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "linux   25 hot  40 stopped  office  until Wed 2026-12-23 19:00  Europe/Berlin
      builds   1 hot   2 stopped  day     until Wed 2026-12-23 20:00  Europe/Berlin
      "
    `);
  });

  it("tells what smooths the target, the bounds and all limits, and sends nothing that steers a terminal", async () => {
    const { out } = await explain("odd", "--at", "2026-12-23T12:30Z", "-c", "ramps.yml");
    expect(out).not.toContain("\u001b");
    expect(out).toMatchInlineSnapshot(`
      "odd on Wed 2026-12-23 07:30, America/New_York (-05:00 from UTC)

      The schedule wants 1 hot and 2 stopped by default since Tue 2026-12-22 19:30 until Wed 2026-12-23 11:30
      Outside of every entry: 1 hot and 0 stopped; always at least 2 stopped

      Entries
        ○ \\u{1b}[31mred (5 hot, priority 2, Asia/Kolkata): closed; opens Wed 2026-12-23 11:30, until Wed 2026-12-23 19:30

      Target
        1 hot and 2 stopped, as the schedule says until Wed 2026-12-23 11:24
        lead: 5 min
        ramp: up by 2 every 1 min
        hold: 10 min
        drain deadline: 1 h 00 min

      Next changes
        Wed 2026-12-23 11:30  1 → 5 hot, 2 stopped (\\u{1b}[31mred)
        Wed 2026-12-23 19:30  5 → 1 hot, 2 stopped (\\u{1b}[31mred)
        Thu 2026-12-24 11:30  1 → 5 hot, 2 stopped (\\u{1b}[31mred)
        Thu 2026-12-24 19:30  5 → 1 hot, 2 stopped (\\u{1b}[31mred)
        Fri 2026-12-25 11:30  1 → 5 hot, 2 stopped (\\u{1b}[31mred)

      Limits
        at most 1,200 machines in any state, 7 bought per pass, 3 above the target while others are replaced, 1 below the target while others are replaced
      "
    `);
  });

  it("says when the clock skips the time asked for, or shows it twice", async () => {
    const skipped = await explain("linux", "--at", "2027-03-28T02:30", "-c", example);
    expect(skipped.out).toContain("linux on Sun 2027-03-28 03:00, Europe/Berlin (+02:00 from UTC)");
    expect(skipped.out).toContain("the clock skips the time asked for");
    const repeated = await explain("linux", "--at", "2026-10-25T02:30", "-c", example);
    expect(repeated.out).toContain("linux on Sun 2026-10-25 02:30 +02:00, Europe/Berlin");
    expect(repeated.out).toContain("shows the time asked for twice");
  });

  it("tells all of it as JSON: one pool, or all of them", async () => {
    const one = await explain(
      "odd",
      "--at",
      "2026-12-23T12:30Z",
      "--format",
      "json",
      "-c",
      "ramps.yml",
    );
    expect(JSON.parse(one.out)).toMatchObject({
      pool: "odd",
      local: "2026-12-23T07:30:00-05:00",
      nominal: { hot: 1, stopped: 2 },
      target: { hot: 1, stopped: 2, reason: "nominal" },
      smoothing: { leadMs: 300_000, holdMs: 600_000 },
      limits: { machines: 1_200 },
    });
    const all = await explain("--format", "json", "-c", "ramps.yml");
    const told = JSON.parse(all.out) as readonly { pool: string }[];
    expect(told.map(({ pool }) => pool)).toEqual(["odd", "plain"]);
  });

  it("ends with 2 when there is no such pool, moment or file, and with 1 when the configuration has errors", async () => {
    const pool = await explain("lnux", "-c", example);
    expect(pool).toMatchObject({ code: 2, out: "" });
    expect(pool.err).toBe(
      'error[unknown-pool] There is no pool "lnux"; there are linux, builds\n  did you mean linux?\n',
    );
    const moment = await explain("linux", "--at", "tomorrow", "-c", example);
    expect(moment).toMatchObject({ code: 2, out: "" });
    expect(moment.err).toContain(
      'error[wrong-moment] "tomorrow" is no moment such as 2026-12-24T09:00',
    );
    expect((await explain("linux", "-c", "none.yml")).code).toBe(2);
    expect((await explain("linux", "-c", "broken.yml")).code).toBe(1);
  });

  it("teaches", async () => {
    const { code, out } = await explain("--help");
    expect(code).toBe(0);
    expect(out).toContain("Examples:");
  });
});

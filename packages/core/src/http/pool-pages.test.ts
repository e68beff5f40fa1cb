import { compileSchedule, explain } from "@runs-fleet/scheduling";
import { describe, expect, it } from "vitest";
import { officeSchedule, type SamplePool, samplePool, withPools } from "../../test/sample-pools.ts";
import { busyStatus, emptyStatus, sampleNowMs } from "../../test/sample-status.ts";
import type { Decision } from "../fleet/status.ts";
import { createVirtualClock } from "../testing/virtual-clock.ts";
import { createHttpHandler } from "./create-http-handler.ts";

const unused = async (): Promise<never> => {
  throw new Error("Not for pages");
};

/** Answers one path of a fleet with these pools. */
async function page(
  path: string,
  pools: readonly SamplePool[],
  decided: readonly Decision[] = [],
  nowMs = sampleNowMs,
) {
  const handle = createHttpHandler({
    orchestrator: {
      start: unused,
      stop: unused,
      handleWebhook: unused,
      status: async () => withPools(busyStatus(), pools),
      pools: async () => pools.map(({ detail }) => detail),
      configuration: unused,
      refreshConfiguration: unused,
      explain: async () => decided,
    },
    clock: createVirtualClock(nowMs),
    entropy: { uuid: () => "n", random: () => 0 },
  });
  const response = await handle(new Request(`http://fleet.test${path}`));
  return { status: response.status, text: await response.text() };
}

/** The drawings of a page, by their place. */
const drawings = (text: string): readonly string[] => text.match(/<svg[^>]*>.*?<\/svg>/gs) ?? [];

const linux = (changes: Parameters<typeof samplePool>[2] = {}) =>
  samplePool("linux-arm", sampleNowMs, changes);

describe("the cards of pools", () => {
  it("say in words what is and what happens next, with a line of the last day", async () => {
    const { text } = await page("/", [linux({ missing: 3, booting: 3 })]);
    expect(text).toContain("22 ready of 25 wanted for office, 3 booting, 4 busy, 40 stopped.");
    expect(text).toContain("At 19:00 falls to 2 ready and 20 stopped, kept 15 min longer");
    expect(text).toContain("exception thanksgiving on Thursday: office is skipped");
    expect(text).toMatch(/<path class="curve-ready" d="M0 [\d.]+(H[\d.]+V[\d.]+)+H1000">/);
    expect(text).toContain("Filling");
  });

  it("come first and in another tone when something holds their pool back", async () => {
    const cause = { code: "capacity", message: "No capacity for c7g" } as const;
    const held = samplePool("zebra", sampleNowMs, { missing: 2, cause });
    const { text } = await page("/", [linux(), held]);
    expect(text.indexOf("/pools/zebra")).toBeLessThan(text.indexOf("/pools/linux-arm"));
    expect(text).toContain("2 held back: No capacity for c7g.");
    expect(text).toContain("tone-attention");
  });

  it("are bounded: what has no card is linked by its name", async () => {
    const many = Array.from({ length: 60 }, (_, index) =>
      samplePool(`pool-${index}`, sampleNowMs, { historyMs: 0 }),
    );
    const { text } = await page("/", many);
    expect(text.match(/<li class="pool">/g)).toHaveLength(48);
    for (const { status } of many) expect(text).toContain(`href="/pools/${status.name}"`);
  });

  it("say that a process that stands by has no curves", async () => {
    const { text } = await page("/", [linux({ historyMs: 0 })]);
    expect(text).toContain("No curves");
  });
});

describe("the page of a pool", () => {
  it("draws its week, with now, and lists its changes", async () => {
    const { text, status } = await page("/pools/linux-arm", [linux()]);
    expect(status).toBe(200);
    const week = drawings(text).find((svg) => svg.includes('class="rft"')) ?? "";
    expect(week).toContain("<title>Now, 2026-11-24 15:03</title>");
    expect(week).toContain("25 hot, 40 stopped (office)");
    expect(week.match(/<text x="12" y="\d+"[^>]*>(Mon|Tue|Wed|Thu|Fri|Sat|Sun)</g)).toHaveLength(7);
    expect(text).toMatch(/2026-11-24 19:00<\/time><\/th>\s*<td class="num">2<\/td>/);
    // Thanksgiving: office does not begin.
    expect(text).not.toContain(">2026-11-26 08:00<");
  });

  it("shows as many days in weeks in which the clock changes", async () => {
    for (const at of ["2026-10-25T08:12:00Z", "2026-10-22T21:59:00Z", "2026-03-25T12:00:00Z"]) {
      const nowMs = Date.parse(at);
      const { text } = await page("/pools/p", [samplePool("p", nowMs)], [], nowMs);
      const week = drawings(text).find((svg) => svg.includes('class="rft"')) ?? "";
      expect(week.match(/class="d"/g)).toHaveLength(1);
      expect(week.match(/<text x="12" y="\d+"[^>]*>(Mon|Tue|Wed|Thu|Fri|Sat|Sun)</g)).toHaveLength(
        7,
      );
    }
  });

  it("draws what it had, up to now, and what the schedule wants after", async () => {
    const { text } = await page("/pools/linux-arm", [linux({ missing: 3, booting: 3 })]);
    const [running = "", stopped = ""] = drawings(text).filter((svg) =>
      svg.includes("aria-describedby"),
    );
    for (const look of ["ready", "booting", "busy", "target"]) {
      expect(running).toMatch(new RegExp(`<path class="curve-${look}" d="M[\\d.]+ [\\d.]+H`));
    }
    expect(running).toContain("Now: Ready 22, Booting 3, Busy 4, Target 25.");
    expect(running).toMatch(/class="curve-target ahead" d="M[\d.]+ [\d.]+H[\d.]+V.*H1000"/);
    expect(stopped).toContain("Now: Stopped 40, Target, stopped 40.");
    expect(text).not.toMatch(/NaN|Infinity|undefined/);
  });

  it("gives the curves as numbers too, in the pool's own time", async () => {
    const { text } = await page("/pools/linux-arm", [linux({ missing: 3, booting: 3 })]);
    const table = text.slice(text.indexOf("curve-numbers"), text.indexOf("Kept since"));
    expect(table).toContain("At, Europe/Berlin");
    expect(table).toMatch(
      /15:03<\/time> now<\/th><td class="num">22<\/td><td class="num">3<\/td><td class="num">4<\/td><td class="num">25<\/td>/,
    );
    expect(text).toContain("Kept since 2026-11-23 13:03 Europe/Berlin");
  });

  it("leaves out the stopped tier of a pool that has none", async () => {
    const schedule = { default: { hot: 1, stopped: 0 }, entries: [] };
    const { text } = await page("/pools/p", [samplePool("p", sampleNowMs, { schedule })]);
    expect(text).not.toContain("Stopped machines");
    expect(text).toContain("Nothing changes within seven days.");
  });

  it("explains the calendar, the cause and the past", async () => {
    const cause = {
      code: "pool-limit",
      message: "Pool linux-arm has all of its 66 machines",
    } as const;
    const subject = { pool: "linux-arm" };
    const decided: readonly Decision[] = [
      { atMs: sampleNowMs, subject, code: "pool-limit", message: "how it stands", current: true },
      { atMs: 1, subject, code: "older", message: "bought one" },
      { atMs: 2, subject, code: "newer", message: "shed one" },
    ];
    const { text } = await page(
      "/pools/linux-arm",
      [linux({ missing: 3, cause, limit: 66 })],
      decided,
    );
    const said = explain(compileSchedule(officeSchedule), sampleNowMs).text.split("\n");
    expect(said.length).toBeGreaterThan(2);
    for (const line of said) expect(text).toContain(line.replace(/^- /, ""));
    expect(text).toContain("The pool is full");
    expect(text).toContain("66 of at most 66");
    expect(text.indexOf("shed one")).toBeLessThan(text.indexOf("bought one"));
    expect(text).not.toContain("how it stands");
  });

  it("lists its own machines alone", async () => {
    const { text } = await page("/pools/windows", [samplePool("windows", sampleNowMs)]);
    expect(text).toContain("i-0c0ffee2");
    expect(text).not.toContain("i-0c0ffee1");
  });

  it("says which region it is about when there are several", async () => {
    const regions = [{ name: "us-east-1" }, { name: "eu-west-1" }];
    const { text } = await page("/pools/linux-arm", [linux({ regions })]);
    expect(text).toContain("all 2 regions; everything else on this page is us-east-1");
  });

  it("exists for a pool whose schedule cannot be read", async () => {
    const { status, detail } = linux();
    const { schedule: _, ...unreadable } = detail;
    const broken = { status: { ...status, timeZone: "Mars/Olympus" }, detail: unreadable };
    const { text, status: code } = await page("/pools/linux-arm", [broken]);
    expect(code).toBe(200);
    expect(text).toContain("The schedule cannot be read.");
    expect(text).toContain("At, UTC");
  });

  it("says that only the controller remembers", async () => {
    const { text } = await page("/pools/linux-arm", [linux({ historyMs: 0 })]);
    expect(text).toContain("Only the controller remembers");
    expect(drawings(text).some((svg) => svg.includes('class="rft"'))).toBe(true);
  });

  it("names the known pools when there is none of that name", async () => {
    const { text, status } = await page("/pools/linux", [linux()]);
    expect(status).toBe(404);
    expect(text).toContain(`Known are <a href="/pools/linux-arm">linux-arm</a>`);
    const none = await page("/pools/%3Cscript%3E", []);
    expect(none.text).toContain("&lt;script&gt;");
    expect(none.text).toContain("No pools are configured here.");
  });
});

describe("names from outside", () => {
  const names = [
    `"'><img src=x onerror=alert(1)></script><script>alert(1)</script>\``,
    "../../status?x=1#y",
    "a/b c%20d&e=f",
    "名前",
    "javascript:alert(1)",
  ];

  it("are no markup, and lead to their own page", async () => {
    for (const name of names) {
      const schedule = {
        ...officeSchedule,
        entries: officeSchedule.entries.map((entry) => ({
          ...entry,
          name: `${entry.name}${name}`,
        })),
        exceptions: [{ name, dates: ["2026-11-26"] }],
      };
      const pools = [samplePool(name, sampleNowMs, { schedule })];
      const overview = await page("/", pools);
      const href = (/<h3><a href="([^"]+)"/.exec(overview.text)?.[1] ?? "").replaceAll(
        "&#39;",
        "'",
      );
      expect(href).toMatch(/^\/pools\/[^/?#]+$/);
      const own = await page(href, pools);
      expect([name, own.status]).toEqual([name, 200]);
      for (const { text } of [overview, own]) {
        expect(text).not.toContain("<img");
        expect(text.match(/<script/g)).toHaveLength(1);
        expect(text).not.toContain('href="javascript');
      }
      expect(own.text).toContain('class="rft"');
    }
  });

  it("of a fleet without pools do not arise", async () => {
    const { text } = await page("/", []);
    expect(text).toContain("No pools.");
    expect(emptyStatus().pools).toEqual([]);
  });
});

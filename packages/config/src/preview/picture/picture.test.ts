import type { Schedule } from "@runs-fleet/scheduling";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anySchedule, firstDays, poolOf } from "../../../test/schedules.ts";
import { dayOfDate } from "../../report/clock.ts";
import { type PoolWeek, poolWeek } from "../pool-week.ts";
import { previewPage } from "./preview-page.ts";
import { previewSvg } from "./preview-svg.ts";

const file = 'fleet<1>&".yml';
const page = (weeks: readonly PoolWeek[]) =>
  previewPage(weeks, { file, program: "runs-fleet 0.0.0" });
const svg = (weeks: readonly PoolWeek[], width?: number) =>
  previewSvg(weeks, { file, ...(width === undefined ? {} : { width }) });

const weekOf = (schedule: Schedule, date: string, days: number, name = "linux") =>
  poolWeek(poolOf(name, schedule), dayOfDate(date) ?? 0, days);

/** Tags that are opened and not closed, or the other way round. */
function unbalanced(markup: string): readonly string[] {
  const open: string[] = [];
  const faults: string[] = [];
  const voids = new Set(["meta", "!doctype"]);
  for (const [, end, name = "", rest = ""] of markup.matchAll(
    /<(\/?)([!a-zA-Z][a-zA-Z0-9]*)((?:"[^"]*"|[^">])*)>/g,
  )) {
    if (voids.has(name) || rest.endsWith("/")) continue;
    if (end === "") open.push(name);
    else if (open.pop() !== name) faults.push(name);
  }
  return [...faults, ...open];
}

const busy: Schedule = {
  timeZone: "Europe/Berlin",
  default: { hot: 2, stopped: 20 },
  entries: [
    {
      kind: "weekly",
      name: '<b>night"</b>',
      start: "22:00",
      end: "06:00",
      capacity: { hot: 30, stopped: 10 },
    },
  ],
  exceptions: [
    { name: "<i>clock & co</i>", dates: ["2026-10-24..2026-10-25"], entries: ['<b>night"</b>'] },
  ],
};
const idle: Schedule = { default: { hot: 0, stopped: 0 }, entries: [] };
const weeks = [weekOf(busy, "2026-10-22", 7), weekOf(idle, "2026-10-22", 7, "idle")];

describe.each([
  ["a page", page],
  ["an SVG", svg],
] as const)("%s", (_, draw) => {
  it("of any pools closes what it opens, holds no value that is none, and is the same whenever it is drawn", () => {
    fc.assert(
      fc.property(
        fc.array(anySchedule, { maxLength: 3 }),
        fc.constantFrom(...firstDays),
        fc.integer({ min: 1, max: 31 }),
        (schedules, date, days) => {
          const make = () =>
            draw(schedules.map((schedule, index) => weekOf(schedule, date, days, `pool-${index}`)));
          const drawn = make();
          expect(unbalanced(drawn)).toEqual([]);
          expect(drawn).not.toMatch(/NaN|undefined|Infinity|\[object/);
          expect(make()).toBe(drawn);
        },
      ),
      { numRuns: 15 },
    );
  });

  it("escapes what comes from files", () => {
    const drawn = draw(weeks);
    expect(drawn).not.toMatch(/<[bi]>|<1>/);
    expect(drawn).toContain("&lt;b&gt;night&quot;&lt;/b&gt;");
    expect(drawn).toContain("&lt;i&gt;clock &amp; co&lt;/i&gt;");
    expect(drawn).toContain("fleet&lt;1&gt;&amp;&quot;.yml");
  });

  it("loads nothing and runs nothing", () => {
    const drawn = draw(weeks).replaceAll('xmlns="http://www.w3.org/2000/svg"', "");
    expect(drawn).not.toMatch(/https?:|<script|<link|<img|@import|src=|url\(| on[a-z]+=/i);
  });

  it("tells what each stretch is, when the clock changes, and that nothing waits in a pool without numbers", () => {
    const drawn = draw(weeks);
    expect(drawn).toContain(
      "Thu 22 Oct 22:00 to Fri 23 Oct 06:00: 30 hot and 10 stopped (&lt;b&gt;night",
    );
    expect(drawn).toContain("Sun 25 Oct: the clock is put 1 h back to 02:00");
    expect(drawn).toContain("no machine waits here");
    expect(drawn).toContain("limit 100");
  });
});

describe("an SVG", () => {
  it("keeps all that it draws within its width and height, however wide it is", () => {
    fc.assert(
      fc.property(
        anySchedule,
        fc.integer({ min: 20, max: 2_000 }),
        fc.integer({ min: 1, max: 31 }),
        (schedule, asked, days) => {
          const drawn = svg([weekOf(schedule, "2026-10-22", days)], asked);
          const [, width = "", height = ""] =
            /width="([\d.]+)" height="([\d.]+)"/.exec(drawn) ?? [];
          expect(Number(width)).toBe(Math.max(320, asked));
          // Cards are moved as a whole: what lies in them begins at 0.
          const places = (pattern: RegExp): readonly number[] =>
            [...drawn.matchAll(pattern)].map(([, value]) => Number(value));
          const across = places(/ (?:x|x1|x2)="(-?[\d.]+)"/g);
          const down = places(/ (?:y|y1|y2)="(-?[\d.]+)"/g);
          expect(Math.min(...across, ...down)).toBeGreaterThanOrEqual(0);
          expect(Math.max(...across)).toBeLessThanOrEqual(Number(width));
          expect(Math.max(...down)).toBeLessThanOrEqual(Number(height));
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe("a page", () => {
  it("names nothing twice, and its links lead somewhere", () => {
    const many = Array.from({ length: 30 }, (_, index) =>
      weekOf(busy, "2026-10-22", 7, `p${index}`),
    );
    const drawn = page(many);
    const ids = [...drawn.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const links = [...drawn.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links).toHaveLength(31);
    for (const link of links) expect(ids).toContain(link);
  });

  it("lists the changes, and counts those that are too many", () => {
    expect(page(weeks)).toContain(
      '<th scope="row">Thu 22 Oct 06:00</th><td>30 → 2</td><td>10 → 20</td>',
    );
    const often: Schedule = {
      default: { hot: 0, stopped: 0 },
      entries: [
        { kind: "cron", name: "often", cron: "*/10 * * * *", forMinutes: 5, capacity: { hot: 1 } },
      ],
    };
    const week = weekOf(often, "2026-10-22", 7);
    const drawn = page([week]);
    expect(drawn.match(/<th scope="row">/g)).toHaveLength(200);
    expect(drawn).toContain(`And ${(week.changes.length - 200).toLocaleString("en")} more.`);
  });
});

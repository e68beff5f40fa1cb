import { describe, expect, it } from "vitest";
import { compileSchedule, type Schedule, tableZones } from "../index.ts";
import { tzdata } from "../tzdata/index.ts";
import { renderTimeline, timelineStyle } from "./index.ts";

const schedule: Schedule = {
  timeZone: "Europe/Berlin",
  default: { hot: 0, stopped: 2 },
  entries: [
    {
      kind: "weekly",
      name: 'of<f>ice"',
      days: ["sat", "sun"],
      start: "08:00",
      end: "18:00",
      capacity: { hot: 8, stopped: 4 },
    },
  ],
};
const compiled = compileSchedule(schedule, {
  zones: tableZones(tzdata),
  smoothing: { leadMs: 1_800_000, holdMs: 1_800_000, rampUp: { step: 4, everyMs: 3_600_000 } },
});
const from = Date.parse("2026-03-27T12:00:00Z");
const days = (count: number) => [from, from + count * 86_400_000] as const;

describe("a picture as text", () => {
  const text = renderTimeline(compiled, ...days(2), { format: "text", width: 127 });

  it("draws heat, lead, ramps, held levels and clock changes, a day per line", () => {
    // 96 cells of a quarter of an hour; the ramp reaches half the level one hour, and all of it half an hour, early.
    const saturday = `${"·".repeat(26)}${"~".repeat(4)}//${"█".repeat(40)}==${"·".repeat(22)}`;
    const sunday = `${"·".repeat(8)}>${"·".repeat(13)}${"~".repeat(4)}//${"█".repeat(40)}==${"·".repeat(22)}`;
    expect(text.split("\n").slice(1, 5)).toEqual([
      `fri 2026-03-27 ${"·".repeat(96)} 0 hot 2 off`,
      `sat 2026-03-28 ${saturday} 8 hot 4 off`,
      `sun 2026-03-29 ${sunday}     8 hot 4 off`,
      "               the clock is put 1 h forward to 03:00",
    ]);
  });

  it("marks now", () => {
    const now = Date.parse("2026-03-28T11:00:00Z");
    const marked = renderTimeline(compiled, ...days(2), { format: "text", width: 127, now });
    expect(marked.split("\n")[2]?.charAt(15 + 48)).toBe("|");
    expect(marked).toContain("| now");
  });

  it("fits the width it is given", () => {
    for (const width of [60, 80, 120]) {
      const lines = renderTimeline(compiled, ...days(5), { format: "text", width }).split("\n");
      expect(Math.max(...lines.slice(0, 6).map((line) => line.length))).toBeLessThanOrEqual(width);
    }
  });
});

describe("a picture as SVG", () => {
  const svg = renderTimeline(compiled, ...days(4), { format: "svg" });

  it("is well-formed, with every name escaped", () => {
    const open: string[] = [];
    for (const [, close, name = "", self] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/gi)) {
      if (close) expect(open.pop()).toBe(name);
      else if (!self) open.push(name);
    }
    expect(open).toEqual([]);
    expect(svg).not.toContain("of<f>");
    expect(svg).toContain("of&#60;f&#62;ice&#34;");
  });

  it("shows each day, the clock change, and what is ready ahead of time", () => {
    for (const part of [
      "2026-03-27",
      "2026-03-31",
      "+1 h",
      "put forward to 03:00",
      "url(#rft-lead)",
      "url(#rft-ramp)",
      "url(#rft-hold)",
      "8 hot, 4 stopped",
    ]) {
      expect(svg).toContain(part);
    }
    expect(svg.match(/class="c v"/g)).toHaveLength(1);
    expect(renderTimeline(compiled, ...days(4), { format: "svg" })).toBe(svg);
  });

  it("has a title and a description, and refers to nothing outside of itself", () => {
    expect(svg).toMatch(/^<svg [^>]*role="img">\s*<title>[^<]+<\/title><desc>[^<]+<\/desc>/);
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', "")).not.toContain("http");
  });

  it("keeps every hour in its column, also on days on which the clock changes", () => {
    const columns = (fromIso: string): Set<string> => {
      const start = Date.parse(fromIso);
      const picture = renderTimeline(compiled, start, start + 2 * 86_400_000, { format: "svg" });
      return new Set(
        [
          ...picture.matchAll(
            /08:00 to 18:00[^<]*<\/title><rect (x="[^"]+" )y="[^"]+" (width="[^"]+")/g,
          ),
        ].map(([, x, width]) => `${x}${width}`),
      );
    };
    const plain = columns("2026-06-06T00:00:00Z");
    expect(plain.size).toBe(1);
    expect(columns("2026-03-28T12:00:00Z")).toEqual(plain);
    expect(columns("2026-10-24T12:00:00Z")).toEqual(plain);
  });

  it("draws the second pass of a repeated hour beside the first", () => {
    const start = Date.parse("2026-10-25T12:00:00Z");
    const hours: Schedule = {
      timeZone: "Europe/Berlin",
      default: { hot: 0, stopped: 0 },
      entries: [
        { kind: "weekly", name: "a", start: "02:00", end: "02:30", capacity: { hot: 1 } },
        { kind: "weekly", name: "b", start: "02:30", end: "03:00", capacity: { hot: 2 } },
      ],
    };
    const picture = renderTimeline(compileSchedule(hours), start, start + 1, { format: "svg" });
    const boxOf = (entry: string): number[] =>
      (
        picture.match(
          new RegExp(`\\(${entry}\\)</title><rect x="([^"]+)" y="[^"]+" width="([^"]+)"`),
        ) ?? []
      )
        .slice(1)
        .map(Number);
    const hourPx = (960 - 92 - 14) / 24;
    // The first half hour is 30 minutes long, the second 90: together they share one column.
    expect(boxOf("a")[0]).toBeCloseTo(92 + 2 * hourPx, 1);
    expect(boxOf("a")[1]).toBeCloseTo(hourPx / 4, 1);
    expect(boxOf("b")[1]).toBeCloseTo((hourPx * 3) / 4, 1);
    expect(picture).toContain("−1 h");
    expect(picture).toContain("put back to 02:00");
  });

  it("names each of two entries that follow each other with the same numbers", () => {
    const capacity = { hot: 1 };
    const entries = [
      { kind: "weekly", name: "early", start: "06:00", end: "14:00", capacity },
      { kind: "weekly", name: "late", start: "14:00", end: "22:00", capacity },
    ] as const;
    const shifts = compileSchedule({ default: { hot: 0, stopped: 0 }, entries });
    const start = Date.parse("2026-06-06T00:00:00Z");
    const picture = renderTimeline(shifts, start, start + 1, { format: "svg" });
    expect(picture).toMatch(/06:00 to 14:00[^<]*\(early\)/);
    expect(picture).toMatch(/14:00 to 22:00[^<]*\(late\)/);
  });

  it("stays inside of its width, sign and legend included", () => {
    for (const width of [320, 360, 600, 960]) {
      const start = Date.parse("2026-10-25T12:00:00Z");
      const picture = renderTimeline(compiled, start, start + 1, { format: "svg", width });
      for (const [, x = "", more = "0"] of picture.matchAll(
        /<rect x="([^"]+)" y="[^"]+" width="([^"]+)"/g,
      )) {
        expect(Number(x) + Number(more)).toBeLessThanOrEqual(width);
      }
      // 6 px are more than a letter takes at this size.
      for (const [, x = "", label = ""] of picture.matchAll(
        /<text x="([^"]+)" y="[^"]+" class="l">([^<]+)/g,
      )) {
        expect(Number(x) + label.length * 6).toBeLessThanOrEqual(width);
      }
    }
  });

  it("marks now where it lies, and not when it is elsewhere", () => {
    const picture = (now: number): string =>
      renderTimeline(compiled, ...days(2), { format: "svg", now });
    const noon = Date.parse("2026-03-28T11:00:00Z");
    expect(picture(noon)).toContain('<title>Now, 2026-03-28 12:00</title><line x1="519"');
    expect(picture(noon + 10 * 86_400_000)).not.toContain("<title>Now");
  });

  it("draws a pool that wants nothing, and names no hatching that does not occur", () => {
    const none = compileSchedule({ default: { hot: 0, stopped: 0 }, entries: [] });
    const picture = renderTimeline(none, ...days(1), { format: "svg" });
    expect(picture).toContain("0 hot");
    for (const word of ["ramp<", "held", "stopped, up to", "NaN"]) {
      expect(picture).not.toContain(word);
    }
  });

  it("leaves its style to the page that asks for it", () => {
    const bare = renderTimeline(compiled, ...days(4), { format: "svg", styled: false });
    expect(bare).not.toContain("<style");
    expect(bare).not.toContain(' style="');
    expect(svg.replace(`<style>${timelineStyle}</style>`, "")).toBe(bare);
    // Nothing in it needs escaping, so that templates which escape leave it as it is.
    expect(timelineStyle).not.toMatch(/[<>&"'`]/);
  });

  it("draws no more than 400 days, and no empty range", () => {
    expect(() => renderTimeline(compiled, ...days(401), { format: "svg" })).toThrow(RangeError);
    expect(() => renderTimeline(compiled, from, from, { format: "text" })).toThrow(RangeError);
  });
});

describe("the colours of a picture", () => {
  const luminance = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [light = "", dark = ""] = timelineStyle.split("@media (prefers-color-scheme:dark)");
  const colourOf = (sheet: string, name: string): string | undefined =>
    sheet
      .split("}")
      .filter((rule) => rule.split("{")[0]?.split(",").includes(`.rft .${name}`))
      .map((rule) => rule.match(/fill:(#[0-9a-f]{6})/)?.[1])
      .findLast(Boolean);

  it.each([
    ["light", light, "n"],
    ["dark", dark, "n"],
  ])("let every number of the %s scheme be read on its shade", (_, sheet, letters) => {
    for (let shade = 1; shade <= 8; shade++) {
      const [pale = 0, deep = 0] = [
        colourOf(sheet, `${letters}${shade}`) ?? colourOf(sheet, letters) ?? "",
        colourOf(sheet, `k${shade}`) ?? "",
      ]
        .map(luminance)
        .sort((one, other) => other - one);
      expect((pale + 0.05) / (deep + 0.05), `shade ${shade}`).toBeGreaterThanOrEqual(4.5);
    }
  });
});

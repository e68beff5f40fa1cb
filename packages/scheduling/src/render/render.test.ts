import { describe, expect, it } from "vitest";
import { compileSchedule, type Schedule, tableZones } from "../index.ts";
import { tzdata } from "../tzdata/index.ts";
import { renderTimeline } from "./index.ts";

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
      "03:00",
      "url(#lead)",
      "url(#ramp)",
      "url(#hold)",
      "8 hot, 4 stopped",
    ]) {
      expect(svg).toContain(part);
    }
    expect(svg.match(/class="c"/g)).toHaveLength(1);
    expect(renderTimeline(compiled, ...days(4), { format: "svg" })).toBe(svg);
  });

  it("draws no more than 400 days, and no empty range", () => {
    expect(() => renderTimeline(compiled, ...days(401), { format: "svg" })).toThrow(RangeError);
    expect(() => renderTimeline(compiled, from, from, { format: "text" })).toThrow(RangeError);
  });
});

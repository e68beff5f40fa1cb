import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitLines, fitText, textWidth } from "./fit-text.ts";
import { scaleOf } from "./scale.ts";

const anyText = fc.string({ unit: "grapheme", maxLength: 60 });
const anyRoom = fc.integer({ min: 0, max: 400 });

describe("text that has to fit", () => {
  it("is whole where there is room, else its beginning, and never wider than the room", () => {
    fc.assert(
      fc.property(anyText, anyRoom, (text, room) => {
        const shown = fitText(text, 12, room);
        expect(textWidth(shown, 12)).toBeLessThanOrEqual(room);
        if (textWidth(text, 12) <= room) expect(shown).toBe(text);
        else expect(text.startsWith(shown.replace(/…$/, ""))).toBe(true);
      }),
    );
  });

  it("is told in lines that lose no part that fits by itself", () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,12}$/)),
        fc.integer({ min: 100, max: 400 }),
        (parts, room) => {
          const lines = fitLines(parts, " · ", 12, room);
          expect(lines.flatMap((line) => line.split(" · "))).toEqual(parts);
          for (const line of lines) expect(textWidth(line, 12)).toBeLessThanOrEqual(room);
        },
      ),
    );
  });
});

describe("the scale of a picture", () => {
  it("has room for the peak, and for the limit where it shows it", () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(1_000_000), (peak, limit) => {
        const { top, ticks, showsLimit } = scaleOf(peak, limit);
        expect(top).toBeGreaterThan(peak);
        if (showsLimit) expect(top).toBeGreaterThan(limit);
        else expect(limit > peak || peak === 0).toBe(true);
        expect(ticks.length).toBeGreaterThanOrEqual(1);
        expect(ticks.length).toBeLessThanOrEqual(5);
        for (const tick of ticks) expect(tick).toBeLessThan(top);
      }),
    );
  });
});

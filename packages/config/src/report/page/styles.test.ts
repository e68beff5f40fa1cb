import { describe, expect, it } from "vitest";
import { renderHtml } from "./markup.ts";
import { styles } from "./styles.ts";

type Palette = Readonly<Record<string, string>>;

/** The colours of both schemes; the dark one overrides the light one. */
function palettes(): readonly Palette[] {
  const blocks = renderHtml(styles).split("@media (prefers-color-scheme: dark)");
  const read = (block: string): Palette =>
    Object.fromEntries(
      [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name, colour]) => [name, colour]),
    );
  const light = read(blocks[0] ?? "");
  return [light, { ...light, ...read((blocks[1] ?? "").split("\n}")[0] ?? "") }];
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(palette: Palette, front: string, back: string): number {
  const [dark = 0, light = 0] = [front, back]
    .map((name) => luminance(palette[name] ?? "#"))
    .sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const texts = [
  ["text", "page"],
  ["text", "card"],
  ["text", "track"],
  ["soft", "page"],
  ["soft", "card"],
  ["soft", "track"],
  ["link", "page"],
  ["link", "card"],
  ["bad", "card"],
  ["bad", "bad-soft"],
  ["warn", "warn-soft"],
  ["good", "good-soft"],
  ["good", "card"],
  ["calm", "calm-soft"],
  ["heat-ink", "heat-0"],
  ["heat-ink", "heat-1"],
  ["heat-ink", "heat-2"],
  ["heat-ink", "heat-3"],
  ["heat-ink", "heat-4"],
  ["heat-ink-5", "heat-5"],
] as const;

const shapes = [
  "busy",
  "boot",
  "disk",
  "hot",
  "stopped",
  "cold",
  "target",
  "limit",
  "phase-0",
  "phase-1",
  "phase-3",
  "phase-5",
] as const;

describe.each([
  ["light", 0],
  ["dark", 1],
])("the %s scheme", (_, index) => {
  const palette = palettes()[index] ?? {};

  it.each(texts)("writes %s on %s with a contrast of at least 4.5", (front, back) => {
    expect(contrast(palette, front, back)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(shapes)("draws %s on cards with a contrast of at least 2.7", (shape) => {
    expect(contrast(palette, shape, "card")).toBeGreaterThanOrEqual(2.7);
  });
});

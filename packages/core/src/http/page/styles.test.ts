import { describe, expect, it } from "vitest";
import { renderHtml } from "../../html/markup.ts";
import { contrastRatio, palettesOf } from "../../testing/palette.ts";
import { styles } from "./styles.ts";

const texts = [
  ["text", "page"],
  ["text", "card"],
  ["text", "chip"],
  ["soft", "page"],
  ["soft", "card"],
  ["link", "page"],
  ["link", "card"],
  ["bad", "card"],
  ["bad", "bad-soft"],
  ["warn", "warn-soft"],
  ["good", "good-soft"],
  ["calm", "calm-soft"],
] as const;

const shapes = ["phase-0", "phase-1", "phase-2", "phase-3", "phase-4"] as const;

describe.each(["light", "dark"] as const)("the %s scheme", (scheme) => {
  const palette = palettesOf(renderHtml(styles))[scheme];
  const contrast = (front: string, back: string) =>
    contrastRatio(palette[front] ?? "", palette[back] ?? "");

  it.each(texts)("writes %s on %s with a contrast of at least 4.5", (front, back) => {
    expect(contrast(front, back)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(shapes)("draws %s on cards with a contrast of at least 2.7", (shape) => {
    expect(contrast(shape, "card")).toBeGreaterThanOrEqual(2.7);
  });
});

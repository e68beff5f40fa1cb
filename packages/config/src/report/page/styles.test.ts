import { renderHtml } from "@runs-fleet/core/html";
import { contrastRatio, palettesOf } from "@runs-fleet/core/testing";
import { describe, expect, it } from "vitest";
import { styles } from "./styles.ts";

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

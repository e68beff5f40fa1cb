import { renderHtml } from "@runs-fleet/core/html";
import { contrastRatio, palettesOf } from "@runs-fleet/core/testing";
import { describe, expect, it } from "vitest";
import { pictureStyle } from "./picture-style.ts";

const texts = [
  ["text", "page"],
  ["text", "card"],
  ["soft", "page"],
  ["soft", "card"],
  ["mark-ink", "card"],
  ["hot-ink", "hot"],
  ["stopped-ink", "stopped"],
  ["clock", "card"],
  ["limit", "card"],
] as const;

const lines = ["hot-line", "stopped-line", "clock", "limit"] as const;

describe.each(["light", "dark"] as const)("the %s scheme", (scheme) => {
  const palette = palettesOf(renderHtml(pictureStyle))[scheme];
  const contrast = (front: string, back: string) =>
    contrastRatio(palette[`p-${front}`] ?? "", palette[`p-${back}`] ?? "");

  it.each(texts)("writes %s on %s with a contrast of at least 4.5", (front, back) => {
    expect(contrast(front, back)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(lines)("draws %s on cards with a contrast of at least 3", (line) => {
    expect(contrast(line, "card")).toBeGreaterThanOrEqual(3);
  });

  it.each(["card", "weekend", "mark"])("shows on %s where a day ends", (back) => {
    expect(contrast("grid", back)).toBeGreaterThanOrEqual(1.18);
  });

  it.each(["weekend", "mark"])("sets days of %s off from others", (back) => {
    expect(contrast(back, "card")).toBeGreaterThanOrEqual(1.1);
  });

  it.each(["soft", "limit", "clock"])("keeps %s readable on days that are special", (front) => {
    expect(contrast(front, "weekend")).toBeGreaterThanOrEqual(4.5);
    expect(contrast(front, "mark")).toBeGreaterThanOrEqual(4.5);
  });

  it("tells hot from stopped", () => {
    expect(contrast("hot-line", "stopped")).toBeGreaterThanOrEqual(3);
  });
});

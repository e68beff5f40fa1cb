import { epochMs } from "../engine/instant.ts";
import type { Compiled } from "../types/answers.ts";
import type { Instant } from "../types/schedule.ts";
import { daysBetween } from "./days.ts";
import { renderSvg } from "./svg.ts";
import { renderText } from "./text.ts";

/** How a picture is drawn. */
export interface RenderOptions {
  /** `svg` for pages, `text` for terminals. */
  readonly format: "svg" | "text";
  /** Width in pixels, or in columns. @defaultValue 960 pixels, 96 columns */
  readonly width?: number;
}

/**
 * Draws the target of a schedule, one row per day: hot machines as heat, stopped ones as a line or a number, what lead
 * and ramps add as hatching, clock changes as marks. Days are shown whole, in the schedule's own zone.
 *
 * @returns An SVG document, or lines of text; the same for the same input.
 * @throws A `RangeError` when the range is empty or longer than 400 days.
 * @example
 * console.log(renderTimeline(compiled, now, now + 7 * 86_400_000, { format: "text" }));
 */
export function renderTimeline(
  compiled: Compiled,
  from: Instant,
  to: Instant,
  { format, width }: RenderOptions,
): string {
  const days = daysBetween(compiled, epochMs(from), epochMs(to));
  return format === "svg"
    ? renderSvg(compiled, days, width ?? 960)
    : renderText(compiled, days, width ?? 96);
}

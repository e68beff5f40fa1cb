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
  /** A moment that is marked when it lies in the range. @defaultValue none */
  readonly now?: Instant;
  /**
   * Whether an SVG carries its style sheet. `false` is for pages whose content security policy forbids it: they carry
   * {@link timelineStyle} themselves. @defaultValue `true`
   */
  readonly styled?: boolean;
}

/**
 * Draws the target of a schedule, one row per day: hot machines as heat, stopped ones as a line or a number, what lead
 * and ramps add as hatching, clock changes as marks. Days are shown whole, in the schedule's own zone. An SVG keeps its
 * hours in columns on every day: skipped time stays empty, the two passes of repeated time share its column. It follows
 * the reader's colour scheme.
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
  { format, width, now, styled = true }: RenderOptions,
): string {
  const days = daysBetween(compiled, epochMs(from), epochMs(to));
  const nowMs = now === undefined ? undefined : epochMs(now);
  return format === "svg"
    ? renderSvg(compiled, days, { width: width ?? 960, nowMs, styled })
    : renderText(compiled, days, width ?? 96, nowMs);
}

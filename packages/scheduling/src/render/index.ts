/**
 * Pictures of schedules: a heat map of weeks as SVG, or as text for a terminal.
 */
export { type RenderOptions, renderTimeline } from "./render-timeline.ts";
export { timelineStyle } from "./svg-style.ts";

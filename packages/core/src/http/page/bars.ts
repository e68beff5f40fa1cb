import type { JobStatus } from "../../fleet/status.ts";
import { type Html, html } from "../../html/markup.ts";
import { formatDuration } from "./format.ts";
import { takenPhases } from "./phases.ts";

/** Bars are drawn on this many units and stretched to their place. */
const width = 1000;

/** Part of a bar, as shares of its whole. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly className: string;
}

const clamp = (share: number): number =>
  Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0));

/** A bar. It repeats what stands beside it in words, so readers of the page aloud skip it. */
export function bar(segments: readonly Segment[], className = "bar"): Html {
  const parts = segments.map(({ from, to, className: part }) => {
    const x = Math.round(clamp(from) * width);
    const length = Math.max(4, Math.round(clamp(to) * width) - x);
    // The shortest step stays visible, also at the right end.
    return html`<rect class="${part}" x="${Math.min(x, width - length)}" y="0" width="${length}" height="10"></rect>`;
  });
  return html`<svg class="${className}" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">${parts}</svg>`;
}

/** What a job waited for, as a strip whose whole length is `scaleMs`. */
export function waitStrip(job: JobStatus, scaleMs: number): Html {
  const segments = takenPhases(job)
    .filter((phase) => phase.key !== "run" && phase.durationMs > 0)
    .map((phase) => ({
      from: phase.startMs / scaleMs,
      to: (phase.startMs + phase.durationMs) / scaleMs,
      className: `phase-${phase.colour}`,
    }));
  return bar(segments, "bar strip");
}

/** A length of time, or a dash when there is none. */
export function durationCell(durationMs: number | undefined): Html {
  return durationMs === undefined
    ? html`<span class="faint">–</span>`
    : html`${formatDuration(durationMs)}`;
}

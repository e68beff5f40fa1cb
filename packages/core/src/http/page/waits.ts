import type { FleetStatus } from "../../fleet/status.ts";
import { type Html, html } from "../../html/markup.ts";
import { bar, durationCell } from "./bars.ts";
import { percentile, phases, takenPhases } from "./phases.ts";

/** p50 and p95 of each step over the jobs at hand. A step under way does not count: it is not known yet. */
export function waits(status: FleetStatus): Html {
  const started = status.jobs.filter((job) => job.state === "running" || job.state === "completed");
  const rows = phases.map((phase, place) => {
    const lengths = started
      .filter((job) => phase.key !== "run" || job.state === "completed")
      .flatMap((job) => takenPhases(job).filter((taken) => taken.key === phase.key))
      .map((taken) => taken.durationMs);
    return { phase, place, p50: percentile(lengths, 0.5), p95: percentile(lengths, 0.95) };
  });
  // The run is the job's own time: on one scale with it the waits would vanish.
  const scaleMs = Math.max(1, ...rows.slice(0, -1).map((row) => row.p95 ?? 0));
  const body = rows.map(({ phase, place, p50, p95 }) => {
    const inScale = phase.key !== "run" && p50 !== undefined && p95 !== undefined;
    return html`<tr><th scope="row"><span class="swatch phase-${place}"></span>${phase.title}<span class="note">${phase.explanation}</span></th>
<td class="wide">${
      inScale
        ? bar([
            { from: 0, to: p95 / scaleMs, className: `phase-${place} pale` },
            { from: 0, to: p50 / scaleMs, className: `phase-${place}` },
          ])
        : undefined
    }</td>
<td class="num">${durationCell(p50)}</td><td class="num">${durationCell(p95)}</td></tr>`;
  });
  return html`<section class="card" aria-labelledby="waits">
<header class="card-head"><h2 id="waits">Where time goes</h2><span class="faint">${started.length} started jobs</span></header>
<div class="scroll" tabindex="0" role="group" aria-labelledby="waits"><table class="waits">
<thead><tr><th scope="col">Step</th><th scope="col"><span class="hidden">Bar: full to p50, pale to p95</span></th><th scope="col" class="num">p50</th><th scope="col" class="num">p95</th></tr></thead>
<tbody>${body}</tbody></table></div>
</section>`;
}

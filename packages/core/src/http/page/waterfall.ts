import type { JobStatus } from "../../fleet/status.ts";
import { type Html, html } from "../../html/markup.ts";
import { bar } from "./bars.ts";
import { formatDuration, formatIso, formatTime } from "./format.ts";
import { takenPhases } from "./phases.ts";

const openStates: readonly JobStatus["state"][] = ["queued", "assigned", "running"];

/** One job's way, step under step on one time axis. */
export function waterfall(job: JobStatus): Html {
  const taken = takenPhases(job);
  const last = taken.at(-1);
  const totalMs = last === undefined ? 0 : last.startMs + last.durationMs;
  if (last === undefined || totalMs === 0) {
    return html`<p class="empty">No step is measured yet.</p>`;
  }
  const open = openStates.includes(job.state);
  const rows = taken.map((phase) => {
    const underWay = open && phase === last;
    const atMs = job.queuedAtMs + phase.startMs;
    return html`<tr><th scope="row"><span class="swatch phase-${phase.colour}"></span>${phase.title}<span class="note">${phase.explanation}</span></th>
<td class="num faint"><time datetime="${formatIso(atMs)}">${formatTime(atMs)}</time></td>
<td class="wide">${bar(
      [
        {
          from: phase.startMs / totalMs,
          to: (phase.startMs + phase.durationMs) / totalMs,
          className: `phase-${phase.colour}${underWay ? " under-way" : ""}`,
        },
      ],
      "bar lane",
    )}</td>
<td class="num">${formatDuration(phase.durationMs)}${underWay ? html` <span class="faint">so far</span>` : undefined}</td></tr>`;
  });
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(
    (share) => html`<span>${share === 0 ? "0" : formatDuration(share * totalMs)}</span>`,
  );
  return html`<div class="scroll" tabindex="0" role="group" aria-labelledby="waterfall"><table class="waterfall">
<thead><tr><th scope="col">Step</th><th scope="col" class="num">From, UTC</th><th scope="col"><span class="hidden">Place on the time axis</span><span class="ticks" aria-hidden="true">${ticks}</span></th><th scope="col" class="num">Took</th></tr></thead>
<tbody>${rows}</tbody>
<tfoot><tr><th scope="row">${open ? "So far" : "In all"}</th><td></td><td></td><td class="num"><strong>${formatDuration(totalMs)}</strong></td></tr></tfoot></table></div>`;
}

import type { FleetStatus } from "../../fleet/status.ts";
import { type Html, html } from "../../html/markup.ts";
import { jobLink, poolCell, servedBadge, stateBadge } from "./badges.ts";
import { waitStrip } from "./bars.ts";
import { formatDuration, formatIso, formatRelative } from "./format.ts";
import { waitOf } from "./phases.ts";

/** Most jobs that are listed. */
const shown = 20;

/** Open jobs and the latest ended ones, with what each waited for. */
export function jobs(status: FleetStatus, nowMs: number): Html {
  const listed = status.jobs.slice(0, shown);
  // Jobs that were served give the scale: one that waits for an hour fills its strip, not everybody's.
  const served = listed.filter((job) => job.state === "running" || job.state === "completed");
  const scaleMs = Math.max(1, ...(served.length > 0 ? served : listed).map(waitOf));
  const rows = listed.map(
    (job) => html`<tr><td>${jobLink(job.id)}</td><td>${stateBadge(job)}</td>
<th scope="row" class="repository">${job.repository}</th>
<td>${poolCell(job.pool)}</td><td>${servedBadge(job.served)}</td>
<td class="wide">${waitStrip(job, scaleMs)}</td><td class="num">${formatDuration(waitOf(job))}</td>
<td class="num"><time datetime="${formatIso(job.queuedAtMs)}" title="${formatIso(job.queuedAtMs)}">${formatRelative(job.queuedAtMs, nowMs)}</time></td></tr>`,
  );
  const table = html`<div class="scroll" tabindex="0" role="group" aria-labelledby="jobs"><table>
<thead><tr><th scope="col">Job</th><th scope="col">State</th><th scope="col">Repository</th><th scope="col">Pool</th><th scope="col">Served</th><th scope="col">Waited for</th><th scope="col" class="num">Wait</th><th scope="col" class="num">Queued</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
  const rest = status.jobs.length - shown;
  return html`<section class="card" aria-labelledby="jobs">
<header class="card-head"><h2 id="jobs">Jobs</h2><span class="faint">${
    rest > 0 ? `${shown} of ${status.jobs.length}, newest first` : "newest first"
  }</span></header>
${rows.length === 0 ? html`<p class="empty">No jobs yet. One appears here as soon as GitHub tells of it.</p>` : table}
</section>`;
}

import type { Decision, JobStatus } from "../../fleet/status.ts";
import { type Html, html } from "../../html/markup.ts";
import { causeBlock } from "./attention.ts";
import { labelChips, poolCell, servedBadge, stateBadge } from "./badges.ts";
import { decisionList } from "./decisions.ts";
import type { Fragment } from "./document.ts";
import { formatDuration, formatIso, formatRelative } from "./format.ts";
import { waitOf } from "./phases.ts";
import { needsAttention } from "./tone.ts";
import { waterfall } from "./waterfall.ts";

function fact(name: string, value: Html | undefined): Html {
  return value === undefined ? html`` : html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function head(job: JobStatus, nowMs: number): Html {
  const known = (value: string | undefined): Html | undefined =>
    value === undefined ? undefined : html`${value}`;
  return html`<section class="hero job" aria-labelledby="headline">
<h1 id="headline">Job <span class="mono">${job.id}</span><span class="under">${job.repository}</span></h1>
<div class="job-state">${stateBadge(job)}</div>
<dl class="facts">
${fact("Queued", html`<time datetime="${formatIso(job.queuedAtMs)}" title="${formatIso(job.queuedAtMs)}">${formatRelative(job.queuedAtMs, nowMs)}</time>`)}
${fact("Wait", html`${formatDuration(waitOf(job))}`)}
${fact("Pool", poolCell(job.pool))}
${fact("Served", job.served === undefined ? undefined : servedBadge(job.served))}
${fact("Machine", known(job.machineId))}
${fact("Conclusion", known(job.conclusion))}
${fact("Labels", labelChips(job.labels))}
</dl>
${job.cause !== undefined || needsAttention(job) ? causeBlock(job) : undefined}
</section>`;
}

/** The page of one job. `job` is absent when only decisions about it are left. */
export function jobPage(
  jobId: string,
  job: JobStatus | undefined,
  explanation: readonly Decision[],
  nowMs: number,
): Fragment {
  const way =
    job === undefined
      ? html`<section class="hero" aria-labelledby="headline"><h1 id="headline">Job <span class="mono">${jobId}</span><span class="under">ended some time ago; what was decided about it is left</span></h1></section>`
      : html`${head(job, nowMs)}
<section class="card" aria-labelledby="waterfall"><header class="card-head"><h2 id="waterfall">Its way</h2><span class="faint">from the moment it was queued</span></header>${waterfall(job)}</section>`;
  return {
    title: `Job ${jobId} · runs-fleet`,
    content: html`<nav aria-label="Breadcrumb"><a href="/">← Fleet</a></nav>${way}
<section class="card" aria-labelledby="decisions"><header class="card-head"><h2 id="decisions">Why</h2><span class="faint">${explanation[0]?.current ? "now, then " : ""}oldest first, UTC</span></header>
${explanation.length === 0 ? html`<p class="empty">No decision is recorded for it yet.</p>` : decisionList(explanation)}</section>`,
  };
}

/** The page for a job that nobody here knows. */
export function unknownJobPage(jobId: string): Fragment {
  return {
    title: "Unknown job · runs-fleet",
    content: html`<nav aria-label="Breadcrumb"><a href="/">← Fleet</a></nav>
<section class="hero" aria-labelledby="headline"><h1 id="headline">No job <span class="mono">${jobId}</span> is known here<span class="under">It may have ended long ago, or its labels are not ours. <a href="/">All jobs</a></span></h1></section>`,
  };
}

import type { FleetStatus, JobStatus } from "../../fleet/status.ts";
import { type Html, html } from "../../html/markup.ts";
import { adviceFor } from "./advice.ts";
import { jobLink, labelChips, stateBadge } from "./badges.ts";
import { formatDuration, plural } from "./format.ts";
import { waitOf } from "./phases.ts";
import { needsAttention } from "./tone.ts";

/** Most jobs that are listed one by one. */
const shown = 12;

/** The cause of one job and its next step, in words. */
export function causeBlock(job: JobStatus): Html {
  if (job.cause === undefined) {
    return html`<p class="cause"><strong>Later than usual</strong> <span>Nothing is recorded that holds it.</span></p>
<p class="next"><span class="next-word">Next</span> Look at its page; if it stays, check that webhooks and reports arrive.</p>`;
  }
  const advice = adviceFor(job.cause.code);
  return html`<p class="cause"><strong>${advice.title}</strong> <code class="code">${job.cause.code}</code> <span>${job.cause.message}</span></p>
<p class="next"><span class="next-word">Next</span> ${advice.next}</p>`;
}

function item(job: JobStatus): Html {
  const open = job.state === "queued" || job.state === "assigned";
  return html`<li class="issue issue-${open ? "late" : "refused"}">
<div class="issue-head">${stateBadge(job)} ${jobLink(job.id)} <span class="repository">${job.repository}</span>${
    open ? html`<span class="faint">waits for ${formatDuration(waitOf(job))}</span>` : undefined
  }</div>
${labelChips(job.labels)}
${causeBlock(job)}
</li>`;
}

/** Jobs that are late or were refused, each with its cause and the next step. Nothing when there are none. */
export function attention(status: FleetStatus): Html {
  const jobs = status.jobs.filter(needsAttention);
  if (jobs.length === 0) return html``;
  const rest = jobs.length - shown;
  return html`<section class="card" aria-labelledby="attention">
<header class="card-head"><h2 id="attention">Needs attention</h2><span class="faint">${plural(jobs.length, "job")}</span></header>
<ul class="issues">${jobs.slice(0, shown).map(item)}</ul>
${rest > 0 ? html`<p class="more">and ${rest} more, in <a href="/status">/status</a></p>` : undefined}
</section>`;
}

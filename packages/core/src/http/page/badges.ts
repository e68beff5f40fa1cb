import type { JobStatus } from "../../fleet/status.ts";
import { type Html, html } from "../../html/markup.ts";

const stateWords: Readonly<Record<JobStatus["state"], string>> = {
  queued: "Waiting",
  assigned: "Starting",
  running: "Running",
  completed: "Done",
  cancelled: "Cancelled",
  failed: "Failed",
};

/** State of a job as a word with a coloured mark. */
export function stateBadge(job: JobStatus): Html {
  const word = stateWords[job.state] ?? job.state;
  return html`<span class="state state-${job.state}">${word}</span>`;
}

/** A job's number as a link to its own page. */
export function jobLink(jobId: string): Html {
  return html`<a class="mono" href="/jobs/${encodeURIComponent(jobId)}">${jobId}</a>`;
}

/** A pool's name as a link to its own page. */
export function poolLink(name: string): Html {
  return html`<a href="/pools/${encodeURIComponent(name)}">${name}</a>`;
}

/** A pool's name as a link, or that there is none. */
export function poolCell(name: string | undefined): Html {
  return name === undefined ? html`<span class="faint">on demand</span>` : poolLink(name);
}

/** Labels as the job wrote them. */
export function labelChips(labels: readonly string[]): Html {
  return html`<span class="chips">${labels.map((label) => html`<code class="chip">${label}</code>`)}</span>`;
}

/** How the machine of a job was found. */
export function servedBadge(served: JobStatus["served"]): Html {
  return served === undefined
    ? html`<span class="faint">–</span>`
    : html`<span class="served served-${served}">${served}</span>`;
}

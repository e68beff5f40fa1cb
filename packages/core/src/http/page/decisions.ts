import type { Decision } from "../../fleet/status.ts";
import { type Html, html } from "../../html/markup.ts";
import { jobLink, poolLink } from "./badges.ts";
import { formatIso, formatTime } from "./format.ts";

/** Most decisions that are listed. */
const shown = 12;

function subjectOf({ subject }: Decision): Html {
  return html`${subject.jobId === undefined ? undefined : html`<span>job ${jobLink(subject.jobId)}</span>`}
${subject.pool === undefined ? undefined : html`<span>pool ${poolLink(subject.pool)}</span>`}
${subject.machineId === undefined ? undefined : html`<span class="mono">${subject.machineId}</span>`}`;
}

/** What was decided and why, in the order given. */
export function decisionList(decisions: readonly Decision[]): Html {
  return html`<ol class="decisions">${decisions.map(
    (
      decision,
    ) => html`<li><time class="mono faint" datetime="${formatIso(decision.atMs)}" title="${formatIso(decision.atMs)}">${decision.current ? "now" : formatTime(decision.atMs)}</time>
<div><code class="code">${decision.code}</code> ${decision.message} <span class="subject">${subjectOf(decision)}</span></div></li>`,
  )}</ol>`;
}

/** The latest decisions of the fleet. */
export function decisions(latest: readonly Decision[]): Html {
  return html`<section class="card" aria-labelledby="decisions">
<header class="card-head"><h2 id="decisions">Last decisions</h2><span class="faint">newest first, UTC</span></header>
${
  latest.length === 0
    ? html`<p class="empty">Nothing was decided yet.</p>`
    : decisionList(latest.slice(0, shown))
}
</section>`;
}

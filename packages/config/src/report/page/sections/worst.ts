import { type Html, html } from "@runs-fleet/core/html";
import {
  type FleetReport,
  type PhasesMs,
  type WorstJob,
  waitPhases,
} from "@runs-fleet/core/testing";
import { chainOf } from "../../chain.ts";
import type { ReportClock } from "../../clock.ts";
import { poolName } from "../../findings.ts";
import { duration } from "../../format.ts";
import { section } from "../parts.ts";

/** The jobs that waited longest, and what the controller decided about each. */
export function worstSection(report: FleetReport, clock: ReportClock): Html {
  return section(
    "worst",
    "The jobs that waited longest",
    "Open one to see what the controller decided about it, and when.",
    html`<ol class="jobs">${report.worst.map((job) => jobItem(job, clock))}</ol>`,
  );
}

function jobItem(job: WorstJob, clock: ReportClock): Html {
  const labels = job.labels.map((label) => html`<code>${label}</code> `);
  const decided = chainOf(job);
  const before = decided.filter(({ offset }) => offset.startsWith("−"));
  const chain = [
    ...before,
    { offset: "+0 s", text: `queued at ${clock.moment(job.queuedAtMs)}` },
    ...decided.slice(before.length),
    { offset: `+${duration(job.waitMs)}`, text: "started" },
  ];
  return html`<li><details><summary><strong>${duration(job.waitMs)}</strong><span class="where">${poolName(job.pool)}, ${job.served} <span class="soft">· ${clock.moment(job.queuedAtMs)} · ${job.repository} · job ${job.id}</span></span>${phaseBar(job.phasesMs)}</summary>
<ol class="chain">${chain.map(({ offset, text }) => html`<li><time>${offset}</time><span>${text}</span></li>`)}<li><time>labels</time><span>${labels}</span></li><li><time>waited</time><span>${phaseWords(job.phasesMs)}</span></li></ol></details></li>
`;
}

function phaseWords(phases: PhasesMs): string {
  return waitPhases
    .filter((phase) => phases[phase] >= 50)
    .map((phase) => `${phase} ${duration(phases[phase])}`)
    .join(", ");
}

/** Widths in tenths of a percent, so that the same bytes come out everywhere. */
function phaseBar(phases: PhasesMs): Html {
  const total = waitPhases.reduce((sum, phase) => sum + phases[phase], 0);
  const bars = waitPhases.map((phase, index) => {
    const share = total > 0 ? Math.round((phases[phase] / total) * 1_000) / 10 : 0;
    return share > 0
      ? html`<span style="width:${share}%;background:var(--phase-${index})" title="${phase} ${duration(phases[phase])}"></span>`
      : html``;
  });
  return html`<span class="bars" aria-hidden="true">${bars}</span>`;
}

import type { FleetStatus, MachineStatus } from "../../fleet/status.ts";
import { type Html, html } from "../../html/markup.ts";
import { jobLink, poolCell } from "./badges.ts";
import { formatIso, formatRelative, plural } from "./format.ts";

/** Most machines that are listed. */
const shown = 50;

function summaryOf(machines: readonly MachineStatus[]): string {
  const counts = new Map<string, number>();
  for (const { state } of machines) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${count} ${state}`).join(" · ");
}

function row(machine: MachineStatus, nowMs: number): Html {
  const overdue = machine.deadlineMs < nowMs;
  return html`<tr><th scope="row" class="mono">${machine.id}</th><td>${machine.state}</td>
<td>${poolCell(machine.pool)}</td><td>${machine.region}</td>
<td>${machine.jobId === undefined ? html`<span class="faint">–</span>` : jobLink(machine.jobId)}</td>
<td class="num${overdue ? " bad" : ""}"><time datetime="${formatIso(machine.deadlineMs)}" title="${formatIso(machine.deadlineMs)}">${
    overdue ? "overdue, " : ""
  }${formatRelative(machine.deadlineMs, nowMs)}</time></td></tr>`;
}

/** Machines, with the moment at which each is ended whatever it does. */
export function machines(status: FleetStatus, nowMs: number): Html {
  const { machines: all } = status;
  const table = html`<details id="machine-list" open><summary>${plural(all.length, "machine")}: ${summaryOf(all)}</summary>
<div class="scroll" tabindex="0" role="group" aria-labelledby="machines"><table>
<thead><tr><th scope="col">Machine</th><th scope="col">State</th><th scope="col">Pool</th><th scope="col">Region</th><th scope="col">Job</th><th scope="col" class="num">Ends at the latest</th></tr></thead>
<tbody>${all.slice(0, shown).map((machine) => row(machine, nowMs))}</tbody></table></div>
${all.length > shown ? html`<p class="more">and ${all.length - shown} more, in <a href="/status">/status</a></p>` : undefined}</details>`;
  return html`<section class="card" aria-labelledby="machines">
<header class="card-head"><h2 id="machines">Machines</h2></header>
${all.length === 0 ? html`<p class="empty">No machines. One comes when a job or a pool needs it.</p>` : table}
</section>`;
}

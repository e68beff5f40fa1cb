import type { FleetStatus } from "../../fleet/status.ts";
import { fill } from "./bars.ts";
import { type Html, html } from "./escape.ts";
import { formatIso, formatRelative } from "./format.ts";

/** Pools: what each has ready of what it wants. */
export function pools(status: FleetStatus, nowMs: number): Html {
  const rows = status.pools.map(
    (pool) => html`<tr><th scope="row">${pool.name}</th>
<td>${fill(pool.ready.hot, pool.target.hot)}</td><td>${fill(pool.ready.stopped, pool.target.stopped)}</td>
<td class="num">${pool.booting}</td><td class="num">${pool.busy}</td>
<td class="num">${
      pool.nextWakeAtMs === undefined
        ? html`<span class="faint">–</span>`
        : html`<time datetime="${formatIso(pool.nextWakeAtMs)}" title="${formatIso(pool.nextWakeAtMs)}">${formatRelative(pool.nextWakeAtMs, nowMs)}</time>`
    }</td></tr>`,
  );
  const table = html`<div class="scroll" tabindex="0" role="group" aria-labelledby="pools"><table class="pools">
<thead><tr><th scope="col">Pool</th><th scope="col">Hot</th><th scope="col">Stopped</th><th scope="col" class="num">Booting</th><th scope="col" class="num">Busy</th><th scope="col" class="num">Next change</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
  return html`<section class="card" aria-labelledby="pools">
<header class="card-head"><h2 id="pools">Pools</h2><span class="faint">ready / wanted</span></header>
${rows.length === 0 ? html`<p class="empty">No pools. Every job gets a machine of its own on demand.</p>` : table}
</section>`;
}

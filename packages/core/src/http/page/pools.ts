import type { FleetStatus, PoolDetail, PoolStatus } from "../../fleet/status.ts";
import { type Html, html } from "../../html/markup.ts";
import { poolLink } from "./badges.ts";
import { plural } from "./format.ts";
import { poolBadge } from "./pool-state.ts";
import { sparkline } from "./sparkline.ts";

/** Most pools that have a card. */
const shown = 48;

const amount = (reached: number, wanted: number, what: string): Html =>
  html`<span><strong>${reached}</strong><span class="faint"> / ${wanted} ${what}</span></span>`;

function card(pool: PoolStatus, detail: PoolDetail | undefined, nowMs: number): Html {
  const { ready, target, busy, machines, limits } = pool;
  return html`<li class="pool"><div class="pool-head"><h3>${poolLink(pool.name)}</h3>${poolBadge(pool)}</div>
<div class="pool-numbers">${amount(ready.hot, target.hot, "ready")}${
    ready.stopped > 0 || target.stopped > 0
      ? amount(ready.stopped, target.stopped, "stopped")
      : undefined
  }<span><strong>${busy}</strong><span class="faint"> busy</span></span><span class="pool-size faint">${machines} of at most ${limits.machines}</span></div>
${sparkline(detail, pool, nowMs)}
<p>${pool.words.now}</p><p class="faint">${pool.words.next}</p></li>`;
}

/** Pools: what each has of what it wants, why, and what happens next. Those that are held back come first. */
export function pools(status: FleetStatus, details: readonly PoolDetail[], nowMs: number): Html {
  const byName = new Map(details.map((detail) => [detail.name, detail]));
  const held = status.pools.filter(({ cause }) => cause !== undefined);
  const others = status.pools.filter(({ cause }) => cause === undefined);
  const all = [...held, ...others];
  const cards = all.slice(0, shown).map((pool) => card(pool, byName.get(pool.name), nowMs));
  const rest = all.slice(shown);
  return html`<section class="card" aria-labelledby="pools">
<header class="card-head"><h2 id="pools">Pools</h2><span class="faint">${
    all.length === 0 ? undefined : `${plural(all.length, "pool")}, times in the zone of each`
  }</span></header>
${
  all.length === 0
    ? html`<p class="empty">No pools. Every job gets a machine of its own on demand.</p>`
    : html`<ul class="pool-list">${cards}</ul><p class="keys more" aria-hidden="true"><span><span class="key key-ready"></span>ready</span><span><span class="key key-target"></span>target</span><span><span class="key key-busy"></span>busy</span><span>the last 24 h, or since this controller began</span></p>`
}
${rest.length > 0 ? html`<p class="more">and ${rest.length} more: ${rest.slice(0, 200).map(({ name }) => html`${poolLink(name)} `)}</p>` : undefined}
</section>`;
}

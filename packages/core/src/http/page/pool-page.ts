import type { Decision, FleetStatus, PoolDetail, PoolStatus } from "../../fleet/status.ts";
import { type Html, html } from "../../html/markup.ts";
import { adviceFor } from "./advice.ts";
import { poolLink } from "./badges.ts";
import { decisionList } from "./decisions.ts";
import type { Fragment } from "./document.ts";
import { formatDuration, formatIso, formatRelative } from "./format.ts";
import { identity } from "./identity.ts";
import { machines } from "./machines.ts";
import { poolChart } from "./pool-chart.ts";
import { poolBadge } from "./pool-state.ts";
import { poolExplanation, poolWeek } from "./pool-week.ts";

/** Most decisions that are listed. */
const shown = 30;
/** Most names that the page of an unknown pool lists. */
const named = 200;

const back = html`<nav aria-label="Breadcrumb"><a href="/">← Fleet</a></nav>`;

function fact(name: string, value: Html | string | undefined): Html {
  return value === undefined ? html`` : html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

const rampOf = (ramp: { step: number; everyMs: number } | undefined): string | undefined =>
  ramp === undefined ? undefined : `${ramp.step} every ${formatDuration(ramp.everyMs)}`;

function head(pool: PoolStatus, { config, schedule, region }: PoolDetail, nowMs: number): Html {
  const { words, cause, target, machines: count, limits, nextWakeAtMs } = pool;
  const { leadMs, holdMs, rampUp, rampDown } = schedule?.smoothing ?? {};
  const lead =
    typeof leadMs === "number" && leadMs > 0
      ? `${formatDuration(leadMs)}${config.leadMs === "auto" ? ", learnt" : ""}`
      : undefined;
  const advice = cause === undefined ? undefined : adviceFor(cause.code);
  return html`<section class="hero job" aria-labelledby="headline">
<h1 id="headline">Pool <span class="pool-name">${pool.name}</span></h1>
<div class="job-state">${poolBadge(pool)}</div>
<div class="words"><p>${words.now}</p><p>${words.next}</p></div>
${
  cause === undefined || advice === undefined
    ? undefined
    : html`<p class="cause"><strong>${advice.title}</strong> <code class="code">${cause.code}</code> <span>${cause.message}</span></p>
<p class="next"><span class="next-word">Next</span> ${advice.next}</p>`
}
<dl class="facts">
${fact("Wanted", `${target.hot} ready, ${target.stopped} stopped`)}
${fact("Machines", `${count} of at most ${limits.machines}`)}
${fact(
  "Target changes",
  nextWakeAtMs === undefined
    ? undefined
    : html`<time datetime="${formatIso(nextWakeAtMs)}" title="${formatIso(nextWakeAtMs)}">${formatRelative(nextWakeAtMs, nowMs)}</time>`,
)}
${fact("Time zone", pool.timeZone)}
${fact("Lead", lead)}
${fact("Hold", holdMs === undefined || holdMs === 0 ? undefined : formatDuration(holdMs))}
${fact("Climbs by", rampOf(rampUp))}
${fact("Falls by", rampOf(rampDown))}
${fact("Region", region)}
${fact("Configuration", html`<code class="chip">${pool.version}</code>`)}
</dl>
</section>`;
}

/** What happened to the pool lately; why it stands as it does now is said at the top. */
function lastDecisions(explanation: readonly Decision[]): Html {
  const past = explanation.filter(({ current }) => !current).reverse();
  return html`<section class="card" aria-labelledby="decisions">
<header class="card-head"><h2 id="decisions">Last decisions</h2><span class="faint">newest first, UTC</span></header>
${past.length === 0 ? html`<p class="empty">Nothing was decided about it yet.</p>` : decisionList(past.slice(0, shown))}
</section>`;
}

/** The page of one pool. */
export function poolPage(
  status: FleetStatus,
  pool: PoolStatus,
  detail: PoolDetail,
  explanation: readonly Decision[],
  nowMs: number,
): Fragment {
  const mine = status.machines.filter((machine) => machine.pool === pool.name);
  return {
    title: `${pool.cause === undefined ? "" : "(!) "}${pool.name} · runs-fleet`,
    content: html`${back}${head(pool, detail, nowMs)}
<section class="card" aria-labelledby="curves"><header class="card-head"><h2 id="curves">What it had</h2><span class="faint">${detail.schedule === undefined ? "UTC" : pool.timeZone}</span></header>${poolChart(detail, pool, nowMs)}</section>
<section class="card" aria-labelledby="week"><header class="card-head"><h2 id="week">Its week</h2><span class="faint">what the schedule wants</span></header>${poolWeek(detail, pool, nowMs)}</section>
<section class="card" aria-labelledby="calendar"><header class="card-head"><h2 id="calendar">What the calendar says now</h2><span class="faint">before lead, hold and ramps</span></header>${poolExplanation(detail, nowMs)}</section>
${lastDecisions(explanation)}${machines({ ...status, machines: mine }, nowMs)}${identity(status, nowMs)}`,
  };
}

/** The page for a pool that is not configured here. */
export function unknownPoolPage(name: string, status: FleetStatus): Fragment {
  const names = status.pools.map((pool) => pool.name);
  const known =
    names.length === 0
      ? html`No pools are configured here.`
      : html`Known are ${names.slice(0, named).map((one) => html`${poolLink(one)} `)}${
          names.length > named ? `and ${names.length - named} more` : undefined
        }`;
  return {
    title: "Unknown pool · runs-fleet",
    content: html`${back}
<section class="hero" aria-labelledby="headline"><h1 id="headline">No pool <span class="pool-name">${name}</span> is known here<span class="under">${known}</span></h1></section>`,
  };
}

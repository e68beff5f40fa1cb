import type { FleetStatus, PoolDetail } from "../../fleet/status.ts";
import { html } from "../../html/markup.ts";
import { attention } from "./attention.ts";
import { configurationCard } from "./configuration-card.ts";
import { decisions } from "./decisions.ts";
import type { Fragment } from "./document.ts";
import { hero } from "./hero.ts";
import { identity } from "./identity.ts";
import { jobs } from "./jobs.ts";
import { machines } from "./machines.ts";
import { pools } from "./pools.ts";
import { needsAttention } from "./tone.ts";
import { waits } from "./waits.ts";

/** The page of the whole fleet. */
export function fleetPage(
  status: FleetStatus,
  details: readonly PoolDetail[],
  nowMs: number,
): Fragment {
  const open = status.jobs.filter(needsAttention).length;
  return {
    title: `${open > 0 ? `(${open}) ` : ""}${status.environment} · runs-fleet`,
    content: html`${hero(status)}${configurationCard(status, nowMs)}${attention(status)}
${pools(status, details, nowMs)}
<div class="pair">${waits(status)}${decisions(status.decisions)}</div>
${jobs(status, nowMs)}${machines(status, nowMs)}${identity(status, nowMs)}`,
  };
}

/** The page while the orchestrator cannot tell its state. */
export function unavailablePage(): Fragment {
  return {
    title: "No answer · runs-fleet",
    content: html`<section class="hero tone-attention"><svg class="symbol" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 6v8"></path><path d="M12 18v.01"></path></svg>
<h1>The orchestrator cannot tell its state right now. Webhooks are answered on their own; this page keeps trying.</h1></section>`,
  };
}

import type { FleetStatus } from "../../fleet/status.ts";
import { type Html, html } from "../../html/markup.ts";
import { formatIso, formatTime } from "./format.ts";

/** Which process answers, for which environment, under which configuration. */
export function identity(status: FleetStatus, nowMs: number): Html {
  return html`<p class="faint identity"><span>Environment <strong>${status.environment}</strong></span> <span>${status.role}${
    status.epoch === undefined ? undefined : html`, epoch ${status.epoch}`
  }</span> <span>catalog <code class="chip">${status.catalogVersion}</code></span> <span>as of <time datetime="${formatIso(nowMs)}">${formatTime(nowMs)} UTC</time></span></p>`;
}

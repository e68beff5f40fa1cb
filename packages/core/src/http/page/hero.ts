import type { FleetStatus } from "../../fleet/status.ts";
import { type Html, html } from "../../html/markup.ts";
import { durationCell } from "./bars.ts";
import { formatDuration } from "./format.ts";
import { percentile, waitOf } from "./phases.ts";
import { type Tone, toneOf } from "./tone.ts";

const symbols: Readonly<Record<Tone, Html>> = {
  well: html`<path d="M5 12.5l4.5 4.5L19 7.5"></path>`,
  attention: html`<path d="M12 6v8"></path><path d="M12 18v.01"></path>`,
  draining: html`<path d="M12 5v11"></path><path d="M7 12l5 5 5-5"></path>`,
  standby: html`<path d="M9 7v10"></path><path d="M15 7v10"></path>`,
};

const toneWords: Readonly<Record<Tone, string>> = {
  well: "All is well",
  attention: "Needs attention",
  draining: "Draining",
  standby: "Standing by",
};

function tile(name: string, value: Html | number, note: string): Html {
  return html`<div class="tile"><dt>${name}</dt><dd>${value}</dd><dd class="note">${note}</dd></div>`;
}

/** The one sentence, and the numbers that go with it. */
export function hero(status: FleetStatus): Html {
  const tone = toneOf(status);
  const { jobs, machines, pools } = status;
  const count = (...states: readonly string[]): number =>
    jobs.filter((job) => states.includes(job.state)).length;
  const waits = jobs
    .filter((job) => job.state === "running" || job.state === "completed")
    .map(waitOf);
  const ready = pools.reduce((sum, pool) => sum + pool.ready.hot, 0);
  const longestMs = Math.max(
    0,
    ...jobs.filter((job) => job.state === "queued" || job.state === "assigned").map(waitOf),
  );
  return html`<section class="hero tone-${tone}" aria-labelledby="headline">
<svg class="symbol" viewBox="0 0 24 24" role="img" aria-label="${toneWords[tone]}">${symbols[tone]}</svg>
<h1 id="headline">${status.headline}</h1>
<dl class="tiles">
${tile("Waiting", count("queued", "assigned"), longestMs === 0 ? "nothing waits" : `longest ${formatDuration(longestMs)}`)}
${tile("Running", count("running"), `${count("completed")} done lately`)}
${tile("Machines", machines.length, `${ready} hot and ready`)}
${tile("Typical wait", durationCell(percentile(waits, 0.5)), "p50, queued to started")}
${tile("Slow wait", durationCell(percentile(waits, 0.95)), "p95, queued to started")}
</dl>
</section>`;
}

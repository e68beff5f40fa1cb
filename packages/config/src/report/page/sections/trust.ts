import { type Html, type HtmlValue, html } from "@runs-fleet/core/html";
import type { Baseline, FleetReport, JobGroup } from "@runs-fleet/core/testing";
import { count, duration, percent, plural, signedDuration } from "../../format.ts";
import { type Cell, section, table } from "../parts.ts";

/** What the numbers below can be trusted for: where they come from, what is not in them. */
export function trustSection(report: FleetReport): Html {
  const { trust, jobs, baseline } = report;
  const sources: (readonly (HtmlValue | Cell)[])[] = [
    ...trust.boots.map((boot) =>
      source(`Boots: ${boot.for} (${plural(boot.machines, "machine")})`, boot),
    ),
    source("Delays of GitHub and registration", trust.delays),
    ...(trust.rates ? [source(`Rates: ${trust.rates.pools.join(", ")}`, trust.rates)] : []),
  ];
  const priceless =
    trust.rates === undefined
      ? [html`<li>No rates were given: the report tells machine-hours, and no cost.</li>`]
      : trust.unpriced.length > 0
        ? [html`<li>No rate covers ${names(trust.unpriced)}: no cost here includes it.</li>`]
        : [];
  return section(
    "trust",
    "What this can be trusted for",
    html`${count(jobs.given)} jobs were handed in, ${count(jobs.given - jobs.leftOut)} simulated, ${count(report.waitsMs.jobs)} started.`,
    ...(trust.warnings.length > 0
      ? [
          html`<ul class="notes">${trust.warnings.map((text) => html`<li><span class="badge warn">doubt</span><span>${text}</span></li>`)}</ul>`,
        ]
      : []),
    html`<h3>Where the numbers come from</h3>`,
    table({
      caption: "Sources of times and rates",
      head: ["what", { value: "source", kind: "left" }, "date"],
      rows: sources,
    }),
    baseline === undefined
      ? html`<h3>Against reality</h3><p class="soft">Not compared. With --baseline recorded and the configuration that ran then, this tells how far the simulation is from what GitHub recorded.</p>`
      : against(baseline),
    groups("Left out", trust.leftOut),
    groups("Not served", trust.unserved),
    html`<h3>Not modelled</h3><ul class="facts">${priceless}${trust.notModelled.map((text) => html`<li>${text}</li>`)}</ul>`,
  );
}

function names(pools: readonly string[]): string {
  return pools.map((name) => (name === "-" ? "machines of no pool" : name)).join(", ");
}

function source(
  what: string,
  { source: text, date }: { readonly source: string; readonly date: string },
): readonly (HtmlValue | Cell)[] {
  return [what, { value: text, kind: "text" }, date];
}

function against({ jobs, recorded, simulated, errorP50, errorP95 }: Baseline): Html {
  const error = ({ ms, share }: Baseline["errorP50"]) =>
    `${signedDuration(ms)}${share === undefined ? "" : ` (${share < 0 ? "−" : "+"}${percent(Math.abs(share))})`}`;
  return html`<h3>Against reality <small>${plural(jobs, "job")} with a recorded start, replayed</small></h3>${table(
    {
      caption: "Recorded waits against simulated ones",
      head: ["", "recorded by GitHub", "simulated", "error"],
      rows: [
        ["p50", duration(recorded.p50), duration(simulated.p50), error(errorP50)],
        ["p95", duration(recorded.p95), duration(simulated.p95), error(errorP95)],
        ["over a minute", percent(recorded.over60Share), percent(simulated.over60Share), ""],
      ],
    },
  )}`;
}

function groups(title: string, list: readonly JobGroup[]): Html {
  if (list.length === 0) return html``;
  return html`<h3>${title}</h3>${table({
    caption: `Jobs: ${title.toLowerCase()}`,
    head: ["why", "jobs", { value: "such as", kind: "left" }],
    rows: list.map(({ reason, jobs, examples }) => [
      reason,
      count(jobs),
      { value: html`<span class="mono soft">${examples.join(", ")}</span>`, kind: "text" },
    ]),
  })}`;
}

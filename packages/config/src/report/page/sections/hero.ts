import { type Html, html } from "@runs-fleet/core/html";
import type { ReportClock } from "../../clock.ts";
import { comparison } from "../../compare.ts";
import type { ReportDocument } from "../../document.ts";
import { findings, headline } from "../../findings.ts";
import { count, dollars, duration, percent } from "../../format.ts";

const badges = { bad: "problem", warn: "look", calm: "note" } as const;

/** A number and its unit stay on one line. */
function unbroken(text: string): string {
  return text.replace(/(\d) (min|s|h|d)\b/g, "$1\u00a0$2").replace(/(min|h|d) (\d)/g, "$1\u00a0$2");
}

/** The answer in one sentence, its numbers, and what stands out. */
export function hero(document: ReportDocument, clock: ReportClock): Html {
  const { report, compared } = document;
  const { waitsMs, served, cost, horizon, jobs } = report;
  const started = jobs.given - jobs.leftOut;
  const tile = (name: string, value: string, more: string) =>
    html`<div class="tile"><dt>${name}</dt><dd>${value}<small>${more}</small></dd></div>`;
  const notes = findings(report).map(
    ({ tone, text, section }) =>
      html`<li><span class="badge ${tone}">${badges[tone]}</span><span>${text} <a href="#${section}">more</a></span></li>`,
  );
  const assertions = document.assertions.map(
    ({ condition, holds, measured }) =>
      html`<li><span class="badge ${holds ? "good" : "bad"}">${holds ? "holds" : "fails"}</span><span><code>${condition}</code> <span class="soft">${measured}</span></span></li>`,
  );
  const other =
    compared === undefined
      ? []
      : [
          html`<li><span class="badge calm">compare</span><span>${comparison(compared.config, report, compared.report)} <a href="#comparison">more</a></span></li>`,
        ];
  const list = [...assertions, ...notes, ...other];
  return html`<section class="card hero"><h1>${unbroken(headline(report))}</h1>
<p>${clock.moment(horizon.fromMs)} to ${clock.moment(horizon.toMs)}, ${clock.timeZone}</p>
<dl class="tiles">${[
    tile("Wait, p95", duration(waitsMs.p95), `half start within ${duration(waitsMs.p50)}`),
    tile("Over a minute", percent(waitsMs.over60Share), `longest ${duration(waitsMs.max)}`),
    tile(
      "Served hot",
      percent(served.hot),
      `${percent(served.stopped)} stopped, ${percent(served.cold)} cold`,
    ),
    cost === undefined
      ? tile(
          "Machine-hours",
          count(report.machineHours.busy + report.machineHours.idle + report.machineHours.boot),
          "no rates, no cost",
        )
      : tile(
          "Cost a week",
          dollars(cost.usdPerWeek),
          `${percent(cost.totalUsd > 0 ? cost.idleUsd / cost.totalUsd : 0)} of it idle`,
        ),
    tile("Jobs started", count(waitsMs.jobs), `of ${count(started)} simulated`),
  ]}</dl>
${list.length > 0 ? html`<ul class="notes">${list}</ul>` : html``}</section>
`;
}

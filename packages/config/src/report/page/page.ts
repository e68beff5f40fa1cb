import { type Html, html, renderHtml } from "@runs-fleet/core/html";
import { reportClock } from "../clock.ts";
import type { ReportDocument } from "../document.ts";
import { comparisonSection } from "./sections/comparison.ts";
import { costSection } from "./sections/cost.ts";
import { hero } from "./sections/hero.ts";
import { peaksSection } from "./sections/peaks.ts";
import { seedsSection } from "./sections/seeds.ts";
import { sensitivitySection } from "./sections/sensitivity.ts";
import { servedSection } from "./sections/served.ts";
import { trustSection } from "./sections/trust.ts";
import { waitsSection } from "./sections/waits.ts";
import { weekSection } from "./sections/week.ts";
import { windowsSection } from "./sections/windows.ts";
import { worstSection } from "./sections/worst.ts";
import { styles } from "./styles.ts";

/** Nothing is loaded and nothing runs: the page is text, shapes and style. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const contents: readonly (readonly [string, string])[] = [
  ["trust", "Trust"],
  ["waits", "Waits"],
  ["served", "Hot, stopped, cold"],
  ["peaks", "Peaks"],
  ["cost", "Cost"],
  ["week", "Curves"],
  ["seeds", "Chance"],
  ["worst", "Longest waits"],
  ["sensitivity", "Sensitivity"],
  ["windows", "Spare windows"],
  ["comparison", "Comparison"],
];

/** The report as one page that needs nothing else. Same document, same bytes. */
export function renderPage(document: ReportDocument): string {
  const { report, inputs, sensitivity, compared } = document;
  const clock = reportClock(report.timeZone);
  const sections = {
    trust: trustSection(report),
    waits: waitsSection(report),
    served: servedSection(report),
    peaks: peaksSection(report, clock),
    cost: costSection(report, clock),
    week: weekSection(report, clock),
    seeds: seedsSection(report),
    worst: worstSection(report, clock),
    sensitivity: sensitivity === undefined ? html`` : sensitivitySection(sensitivity),
    windows: windowsSection(report),
    comparison:
      compared === undefined ? html`` : comparisonSection(inputs.config, report, compared),
  } as Readonly<Record<string, Html>>;
  const shown = contents.filter(([id]) => renderHtml(sections[id] ?? html``) !== "");
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<title>Simulation of ${inputs.config}</title>
<style>${styles}</style>
</head>
<body>
<a class="skip" href="#content">To the report</a>
<header class="top"><div class="wrap"><span class="brand">Simulation of a fleet</span><p>${inputs.config} · ${inputs.jobs} · configuration ${report.catalogVersion} · seed ${report.seed}</p></div></header>
<main class="wrap" id="content">
${hero(document, clock)}<nav class="toc" aria-label="Contents">${shown.map(([id, name]) => html`<a href="#${id}">${name}</a>`)}</nav>
${shown.map(([id]) => sections[id] ?? html``)}</main>
<footer class="wrap">Written by ${inputs.program}. The same inputs give the same bytes.</footer>
</body>
</html>
`;
  return renderHtml(page);
}

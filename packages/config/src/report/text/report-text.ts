import type { Paint } from "../../cli/problem.ts";
import { reportClock } from "../clock.ts";
import type { ReportDocument } from "../document.ts";
import { comparisonLines } from "./comparison-lines.ts";
import { costLines } from "./cost-lines.ts";
import { headLines } from "./head-lines.ts";
import { peakLines } from "./peak-lines.ts";
import { seedLines } from "./seed-lines.ts";
import { sensitivityLines } from "./sensitivity-lines.ts";
import { servedLines } from "./served-lines.ts";
import { trustLines } from "./trust-lines.ts";
import { waitLines } from "./wait-lines.ts";
import { weekLines } from "./week-lines.ts";
import { windowLines } from "./window-lines.ts";
import { worstLines } from "./worst-lines.ts";

/** The report for a terminal or a log, in the order of the page. Ends with a line break. */
export function renderText(document: ReportDocument, paint: Paint): string {
  const { report, inputs, sensitivity, compared } = document;
  const { spread } = report;
  const clock = reportClock(report.timeZone);
  const title = (text: string) => ["", paint("bold", text)];
  const lines = [
    ...headLines(document, clock, paint),
    ...title("What this can be trusted for"),
    ...trustLines(report),
    ...title("Waits, from queued to started"),
    ...waitLines(report),
    ...weekLines(report),
    ...title("Served"),
    ...servedLines(report),
    ...title("Peaks"),
    ...peakLines(report, clock),
    ...title(report.cost === undefined ? "Machine-hours" : "Cost"),
    ...costLines(report),
    ...(spread === undefined
      ? []
      : [...title(`Spread over ${spread.seeds.length} seeds`), ...seedLines(spread)]),
    ...title("Longest waits"),
    ...worstLines(report, clock, paint),
    ...(sensitivity === undefined
      ? []
      : [...title("What a change would do"), ...sensitivityLines(sensitivity)]),
    ...title("Windows that never bind"),
    ...windowLines(report),
    ...(compared === undefined
      ? []
      : [...title("Another configuration"), ...comparisonLines(report, inputs.config, compared)]),
  ];
  return `${lines.join("\n")}\n`;
}

import type { ReportDocument } from "./document.ts";
import { findings, headline } from "./findings.ts";

/** The report for programs; `version` changes with its form. Same document, same bytes. */
export function renderJson(document: ReportDocument): string {
  const { inputs, report, assertions, sensitivity, compared } = document;
  const json = {
    version: 1,
    inputs,
    headline: headline(report),
    findings: findings(report),
    assertions,
    report,
    ...(sensitivity === undefined ? {} : { sensitivity }),
    ...(compared === undefined ? {} : { compared }),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

import { printable } from "../main/problem.ts";
import type { DoctorReport } from "./report.ts";
import type { DoctorFinding } from "./row.ts";

const places: Readonly<Record<DoctorReport["place"], string>> = {
  aws: "AWS",
  emulator: "an emulator, not AWS",
  nowhere: "nobody was called",
};

/** A report that says all by itself, for people. */
export function renderMarkdown(report: DoctorReport): string {
  const { counts, calls, tookMs, findings } = report;
  const head = [
    `# runs-fleet-aws doctor: ${report.environment} in ${report.region}`,
    "",
    `Version ${report.version}, ${report.at}, ${places[report.place]}, ${report.live ? "with" : "without"} a machine.`,
    `${calls} calls in ${(tookMs / 1_000).toFixed(1)} s.`,
    "",
    `${counts.proven} proven, ${counts.disproven} disproven, ${counts.unproven} unproven, ${counts.skipped} skipped.`,
    "",
    "| verdict | row | question | what was seen |",
    "| --- | --- | --- | --- |",
    ...findings.map(
      ({ verdict, id, question, detail }) =>
        `| ${verdict} | ${id} | ${cell(question)} | ${cell(detail)} |`,
    ),
  ];
  const details = findings.filter(hasMore).flatMap(detailsOf);
  return `${[...head, ...(details.length === 0 ? [] : ["", "## Details", ...details])].join("\n")}\n`;
}

function hasMore({ evidence, advice, failure }: DoctorFinding): boolean {
  return Object.keys(evidence).length > 0 || advice !== undefined || failure !== undefined;
}

function detailsOf({ id, why, evidence, advice, failure }: DoctorFinding): readonly string[] {
  const facts = Object.entries(evidence).map(([name, value]) => `${name} = ${value}`);
  return [
    "",
    `### ${id}`,
    "",
    `${cell(why)}.`,
    "",
    ...facts.map((fact) => `- ${code(fact)}`),
    ...(failure === undefined ? [] : [`- failed: ${code(failureText(failure))}`]),
    ...(advice === undefined ? [] : [`- do: ${cell(advice)}`]),
  ];
}

function failureText(failure: NonNullable<DoctorFinding["failure"]>): string {
  const { code: name, call, status, requestId, missingAction } = failure;
  const parts = [
    name,
    call,
    status === undefined ? undefined : `HTTP ${status}`,
    requestId === undefined ? undefined : `request ${requestId}`,
    missingAction === undefined ? undefined : `missing ${missingAction}`,
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}

/** Text within a table or a list: nothing in it may end the cell or begin something else. */
function cell(text: string): string {
  return printable(text).replace(/[\\|<>`*_[\]]/gu, (character) => `\\${character}`);
}

function code(text: string): string {
  return `\`${printable(text).replaceAll("`", "'")}\``;
}

import { printable } from "../main/problem.ts";
import type { DoctorReport } from "./report.ts";
import type { DoctorFinding } from "./row.ts";

const verdictWidth = 11;
const idWidth = 21;
const indent = " ".repeat(2 + verdictWidth + idWidth);

/** Writes rows as they end. */
export interface RowPrinter {
  /** Writes a row; of rows that are skipped for one reason only how many and which, when another one comes. */
  add(finding: DoctorFinding): void;
  /** Writes what is still held back. */
  end(): void;
}

/** Makes a printer of rows. */
export function createRowPrinter(write: (text: string) => void): RowPrinter {
  let held: DoctorFinding[] = [];
  const end = (): void => {
    const [first] = held;
    if (first !== undefined) write(held.length === 1 ? renderFinding(first) : renderSkipped(held));
    held = [];
  };
  return {
    add(finding) {
      const isMore = isPlainSkip(finding) && finding.detail === held[0]?.detail;
      if (!isMore) end();
      if (isPlainSkip(finding)) held.push(finding);
      else write(renderFinding(finding));
    },
    end,
  };
}

function isPlainSkip({ verdict, advice }: DoctorFinding): boolean {
  return verdict === "skipped" && advice === undefined;
}

/** One row, in a line, with a second one for what to do. Ends with a line break. */
function renderFinding({ verdict, id, detail, advice }: DoctorFinding): string {
  const first = `  ${verdict.padEnd(verdictWidth)}${id.padEnd(idWidth)}${printable(detail)}\n`;
  return advice === undefined ? first : `${first}${indent}-> ${printable(advice)}\n`;
}

function renderSkipped(findings: readonly DoctorFinding[]): string {
  const detail = `${findings[0]?.detail}: ${findings.map(({ id }) => id).join(", ")}`;
  return `  ${"skipped".padEnd(verdictWidth)}${`${findings.length} rows`.padEnd(idWidth)}${printable(detail)}\n`;
}

/** What all rows come to. */
export function renderSummary(report: DoctorReport): string {
  const { counts, calls, tookMs, findings, brokenBy, place, live } = report;
  const { proven, disproven, unproven, skipped } = counts;
  const lines = [
    "",
    `${findings.length} rows: ${proven} proven, ${disproven} disproven, ${unproven} unproven, ${skipped} skipped; ${calls} calls in ${(tookMs / 1_000).toFixed(1)} s`,
  ];
  if (place === "emulator") {
    lines.push("This was not AWS: what only AWS can show is unproven here, whatever was answered.");
  }
  if (brokenBy !== undefined) lines.push(`Nothing could be asked after ${brokenBy}.`);
  else if (!live) {
    lines.push("Rows about a machine need --live: one machine for some 10 minutes, about a cent.");
  }
  return `${lines.join("\n")}\n`;
}

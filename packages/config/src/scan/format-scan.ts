import { type Paint, printable } from "../cli/problem.ts";
import { columns } from "../report/text/columns.ts";
import { otherRunnerWords } from "../which/other-runner.ts";
import type { ScanReport, ScanRow, ScanTotals } from "./scan-workflows.ts";

/** A report as a text: by repository, with where each job stands, what it asks for and what it gets; at the end the totals. */
export function formatScan({ rows, totals }: ScanReport, paint: Paint): string {
  const repositories = new Map<string, ScanRow[]>();
  for (const row of rows) {
    const known = repositories.get(row.repository);
    if (known === undefined) repositories.set(row.repository, [row]);
    else known.push(row);
  }
  const parts = [...repositories].map(
    ([repository, own]) => `${paint("bold", printable(repository))}\n${table(own, paint)}\n`,
  );
  return `${parts.join("")}${totalWords(totals)}`;
}

function table(rows: readonly ScanRow[], paint: Paint): string {
  const places = columns(
    rows.map(({ file, line, column, job, count, ...row }) => [
      `${file}:${line}:${column}`,
      count === 1 ? job : `${job} ×${count}`,
      asked(row),
      "->",
    ]),
    { left: [0, 1, 2, 3] },
  );
  return rows
    .map((row, index) => {
      const lines = answerLines(row, paint);
      const [first = "", ...rest] = [...lines, ...originLines(row)];
      const more = rest.map((line) => `      ${line}\n`).join("");
      return `${places[index] ?? ""} ${first}\n${more}`;
    })
    .join("");
}

function asked({ labels, group }: Pick<ScanRow, "labels" | "group">): string {
  if (labels === undefined) return "?";
  const list = labels.length === 1 ? (labels[0] ?? "") : `[${labels.join(", ")}]`;
  return group === undefined ? list : `${labels.length === 0 ? "" : `${list} `}in group ${group}`;
}

function answerLines({ answer }: ScanRow, paint: Paint): readonly string[] {
  switch (answer.kind) {
    case "served": {
      const { pool, environment, policy } = answer.placement;
      const where = pool === undefined ? `a machine in ${environment}` : `pool ${pool}`;
      const observed = answer.isObserved ? ", observed only" : "";
      return [paint("green", printable(`${where}, by policy ${policy}${observed}`))];
    }
    case "refused":
      return answer.refusals.map(
        ({ code, message }, index) =>
          `${index === 0 ? `${paint("red", "refused")} ` : ""}${paint("red", code)}: ${printable(message)}`,
      );
    case "not-ours": {
      const first = `not ours: ${otherRunnerWords[answer.runner]}`;
      return answer.hint === undefined ? [first] : [first, paint("yellow", printable(answer.hint))];
    }
    case "unknown":
      return [`${paint("yellow", "unknown")}: ${printable(`${answer.source}, ${answer.message}`)}`];
    case "invalid":
      return [`${paint("yellow", "invalid")}: ${printable(answer.message)}`];
  }
}

const mostCallers = 3;

function originLines({ callers, isUncalled }: ScanRow): readonly string[] {
  if (isUncalled) return ["no workflow that was looked at calls it; its defaults are taken"];
  if (callers.length === 0) return [];
  const shown = callers.slice(0, mostCallers).map(printable).join("; ");
  const more = callers.length > mostCallers ? `; and ${callers.length - mostCallers} more` : "";
  return [`called by ${shown}${more}`];
}

function totalWords(totals: ScanTotals): string {
  const { served, refused, notOurs, unknown, invalid, workflows, pools } = totals;
  const broken = invalid === 0 ? "" : `, invalid ${invalid}`;
  const first = `served ${served}, refused ${refused}, not ours ${notOurs}, unknown ${unknown}${broken} in ${workflows} workflow${workflows === 1 ? "" : "s"}\n`;
  const rows = Object.entries(pools).map(([pool, count]) => [
    pool === "" ? "machines without a pool" : `pool ${pool}`,
    String(count),
  ]);
  return `${first}${columns(rows)
    .map((line) => `${line}\n`)
    .join("")}`;
}

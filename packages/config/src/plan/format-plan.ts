import { painted } from "../cli/paint.ts";
import type { Paint, Style } from "../cli/problem.ts";
import { columns } from "../report/text/columns.ts";
import type { ConfigPlan, PlannedChange, PlannedStep } from "./plan-config.ts";
import { changeWords, stepWords, totalWords, usageHeads, usageRow } from "./plan-words.ts";

/** How a plan is told: for a terminal, for a comment of GitHub's, or for a program. */
export type PlanFormat = "text" | "markdown" | "json";

/** Most lines of one kind in text; JSON has all of them. */
const mostChanges = 200;
const mostSteps = 20;

const signs: Readonly<Record<PlannedChange["kind"], readonly [sign: string, style: Style]>> = {
  added: ["+", "green"],
  removed: ["-", "red"],
  changed: ["~", "yellow"],
  rolled: ["!", "yellow"],
};

/**
 * A plan as people or programs read it. The same plan gives the same text.
 *
 * @param options - `colour`: whether the text is for a terminal with colours. @defaultValue it is not
 */
export function formatPlan(
  plan: ConfigPlan,
  format: PlanFormat,
  { colour = false }: { readonly colour?: boolean } = {},
): string {
  switch (format) {
    case "json":
      return `${JSON.stringify(plan, undefined, 2)}\n`;
    case "markdown":
      return markdownOf(plan);
    case "text":
      return textOf(plan, colour ? painted : (_, text) => text);
  }
}

const rest = (all: number, shown: number, what: string): readonly string[] =>
  all > shown ? [`and ${all - shown} more ${what}`] : [];

function textOf(plan: ConfigPlan, paint: Paint): string {
  const lines: string[] = [];
  const section = (title: string, body: readonly string[]): void => {
    if (body.length > 0) lines.push("", paint("bold", title), ...body);
  };
  lines.push(paint("bold", plan.summary));
  const shown = plan.changes.slice(0, mostChanges);
  const width = Math.max(0, ...shown.map(({ path }) => path.length));
  section("Changes", [
    ...shown.map((change) => {
      const [sign, style] = signs[change.kind];
      return `  ${paint(style, `${sign} ${change.path.padEnd(width)}`)}  ${changeWords(change)}`;
    }),
    ...rest(plan.changes.length, mostChanges, "changes").map((line) => `  ${line}`),
  ]);
  const usages = plan.pools.filter(({ before, after }) => before ?? after);
  if (usages.length > 0) section("Pools", columns([usageHeads, ...usages.map(usageRow)]));
  if (plan.totals) {
    section(
      "Together",
      totalWords(plan.totals.before, plan.totals.after).map((line) => `  ${line}`),
    );
  }
  section("The next 14 days", stepsOf(plan.upcoming ?? []));
  return `${lines.join("\n")}\n`;
}

function stepsOf(steps: readonly PlannedStep[]): readonly string[] {
  const rows = steps.slice(0, mostSteps).map(stepWords);
  return [
    ...columns(rows, { left: [0, 1, 2, 3] }),
    ...rest(steps.length, mostSteps, "steps").map((line) => `  ${line}`),
  ];
}

/** What would end a cell or begin something else. */
const cell = (text: string): string => text.replace(/[|\\`<>*_[\]]/g, "\\$&").replace(/\s+/g, " ");

const table = (rows: readonly (readonly string[])[]): readonly string[] => {
  const [heads = [], ...body] = rows;
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [line(heads), `|${heads.map(() => " --- |").join("")}`, ...body.map(line)];
};

function markdownOf(plan: ConfigPlan): string {
  const parts: string[] = [`**${cell(plan.summary)}**`];
  const usages = plan.pools.filter(({ before, after }) => before ?? after);
  if (usages.length > 0) parts.push(table([usageHeads, ...usages.map(usageRow)]).join("\n"));
  if (plan.totals)
    parts.push(totalWords(plan.totals.before, plan.totals.after).map(cell).join("  \n"));
  const details = (title: string, lines: readonly string[]): void => {
    if (lines.length === 0) return;
    parts.push(`<details><summary>${title}</summary>\n\n${lines.join("\n")}\n\n</details>`);
  };
  const shown = plan.changes.slice(0, mostChanges);
  if (shown.length > 0) {
    details(`${plan.changes.length} changes`, [
      ...table([
        ["", "where", "what"],
        ...shown.map((change) => [signs[change.kind][0], change.path, changeWords(change)]),
      ]),
      ...rest(plan.changes.length, mostChanges, "changes").map((line) => `\n${line}`),
    ]);
  }
  const steps = plan.upcoming ?? [];
  if (steps.length > 0) {
    details("The next 14 days", [
      ...table([
        ["when", "pool", "wants", "because of"],
        ...steps.slice(0, mostSteps).map(stepWords),
      ]),
      ...rest(steps.length, mostSteps, "steps").map((line) => `\n${line}`),
    ]);
  }
  return `${parts.join("\n\n")}\n`;
}

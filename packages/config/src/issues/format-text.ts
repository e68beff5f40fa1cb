import { fieldPath, type Paint, printable, type Style } from "../cli/problem.ts";
import type { ConfigIssue } from "./issue.ts";

const styles: Readonly<Record<ConfigIssue["severity"], Style>> = {
  error: "red",
  warning: "yellow",
  note: "dim",
};
/** Longer lines are cut around the place. */
const widestFrame = 100;

/**
 * Issues for people: what is wrong, where, and the line with the place marked.
 *
 * @param textOf - The text of a file; absent: no lines are shown.
 */
export function formatText(
  issues: readonly ConfigIssue[],
  paint: Paint = (_, text) => text,
  textOf: (file: string) => string | undefined = () => undefined,
): string {
  return issues.map((issue) => formatOne(issue, paint, textOf(issue.file))).join("");
}

function formatOne(issue: ConfigIssue, paint: Paint, text: string | undefined): string {
  const { rule, severity, message, file, path, start, suggestion } = issue;
  const place = `${printable(file)}:${start.line}:${start.column}`;
  const field = path.length > 0 ? ` at ${printable(fieldPath(path))}` : "";
  const head = paint(styles[severity], `${severity}[${rule}]`);
  const lines = [`${head} ${paint("bold", `${place}${field}`)}: ${printable(message)}`];
  if (text !== undefined) lines.push(...frame(issue, text, paint));
  if (suggestion !== undefined)
    lines.push(`  did you mean ${paint("green", printable(suggestion))}?`);
  return `${lines.join("\n")}\n`;
}

/** The line, and under it what is meant. */
function frame(
  { start, end, severity }: ConfigIssue,
  text: string,
  paint: Paint,
): readonly string[] {
  const lineStart = start.offset - (start.column - 1);
  const lineEnd = indexOfBreak(text, lineStart);
  const line = text.slice(lineStart, lineEnd);
  if (line.trim() === "") return [];
  const from = start.column - 1;
  const to = Math.max(from + 1, end.line === start.line ? end.column - 1 : line.length);
  const cutFrom =
    line.length <= widestFrame ? 0 : Math.max(0, Math.min(from - 20, line.length - widestFrame));
  const shown = printable(line.slice(cutFrom, cutFrom + widestFrame).replaceAll("\t", " "));
  const width = Math.max(1, Math.min(to, cutFrom + widestFrame) - from);
  const number = String(start.line);
  const gutter = " ".repeat(number.length);
  return [
    paint("dim", `  ${number} | `) + shown,
    `${paint("dim", `  ${gutter} | `)}${" ".repeat(from - cutFrom)}${paint(styles[severity], "^".repeat(width))}`,
  ];
}

function indexOfBreak(text: string, from: number): number {
  for (let index = from; index < text.length; index += 1) {
    if (text[index] === "\n" || text[index] === "\r") return index;
  }
  return text.length;
}

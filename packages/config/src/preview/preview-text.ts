import { compileSchedule } from "@runs-fleet/scheduling";
import { renderTimeline } from "@runs-fleet/scheduling/render";
import { type Paint, printable } from "../cli/problem.ts";
import type { PoolWeek } from "./pool-week.ts";
import { daysWords, meaning, specialDays, weekFacts } from "./week-words.ts";
import { zoneData } from "./zone-data.ts";

/**
 * The weeks of pools for a terminal, a row for each day.
 *
 * @param columns - Width of the terminal.
 */
export function previewText(weeks: readonly PoolWeek[], columns: number, paint: Paint): string {
  if (weeks.length === 0) return "There is no pool.\n";
  return `${weeks.map((week) => poolText(week, columns, paint)).join("\n")}\n${meaning}\n`;
}

function poolText(week: PoolWeek, columns: number, paint: Paint): string {
  const { pool, days } = week;
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return "";
  const compiled = compileSchedule(pool.schedule, { zones: zoneData() });
  const picture = renderTimeline(compiled, first.fromMs, last.toMs, {
    format: "text",
    width: columns,
  });
  const marks = specialDays(days).map(({ first: from, last: to, marks: told }) => {
    return `${daysWords(from, to)}: ${told.map(({ name, words }) => `${name} ${words}`).join("; ")}`;
  });
  const head = `${paint("bold", printable(pool.name))}: ${printable(weekFacts(week).join(", "))}\n`;
  return `${head}${picture}${marks.map((line) => `${paint("yellow", printable(line))}\n`).join("")}`;
}

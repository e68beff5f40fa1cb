import { parseDates } from "../calendar/civil.ts";
import { MAX_DATES } from "../types/schedule.ts";
import { type Path, type Report, show } from "./report.ts";
import { readList } from "./shape.ts";

/** Checks lists of dates and counts their days over the whole schedule. */
export type DateCheck = (value: unknown, path: Path) => void;

export function createDateCheck(report: Report): DateCheck {
  let total = 0;
  return (value, path) => {
    const dates = readList(report, value, path, "dates");
    if (Array.isArray(value) && dates.length === 0) {
      report.error("missing", path, "At least one date is needed");
    }
    for (const [index, date] of dates.entries()) {
      // One more than allowed is reported once and nothing beyond it is read.
      if (total > MAX_DATES) return;
      const range = typeof date === "string" && date.length <= 24 ? parseDates(date) : undefined;
      if (range === undefined) {
        report.error(
          "bad-date",
          [...path, index],
          `${show(date)} is no date of the calendar`,
          "Write YYYY-MM-DD, or YYYY-MM-DD..YYYY-MM-DD for a range",
        );
        total++;
      } else total += range[1] - range[0] + 1;
      if (total > MAX_DATES) {
        report.error(
          "too-many",
          path,
          `More than ${MAX_DATES} dates in one schedule, ranges counted day by day`,
          "Say it with a weekly entry and validFrom/validUntil",
        );
      }
    }
  };
}

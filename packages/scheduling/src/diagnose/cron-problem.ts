import { CRON_FIELDS, type CronProblem } from "../calendar/cron.ts";
import { show } from "./report.ts";

const LABELS = ["minute", "hour", "day of the month", "month", "day of the week"];

/** What is wrong with a cron expression, in words. */
export function describeCronProblem({ problem, part, field }: CronProblem): string {
  const { min = 0, max = 0, names } = CRON_FIELDS[field] ?? {};
  switch (problem) {
    case "fields":
      return `Expected 5 fields (minute hour day month weekday), found ${part === "" ? 0 : part.split(/\s+/).length}`;
    case "nickname":
      return `${show(part)} is no nickname; @hourly, @daily, @weekly, @monthly and @yearly are`;
    case "value":
      return `${show(part)} is no ${LABELS[field]} (${min}-${max}${names ? " or a name" : ""})`;
    case "order":
      return `${show(part)} ends before it starts`;
    case "step":
      return `${show(part)} has a step outside 1-${max}`;
  }
}

import { holidays, homeZone } from "./configuration.ts";

/** What clock and calendar on the wall say. */
export interface Civil {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** `Mon`. */
  readonly weekday: string;
  readonly hour: number;
  readonly minute: number;
  /** Neither a weekend nor a holiday. */
  readonly atWork: boolean;
}

const format = new Intl.DateTimeFormat("en-CA", {
  timeZone: homeZone,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  weekday: "short",
  hourCycle: "h23",
});

/** The wall clock where the people are. */
export function civilAt(atMs: number): Civil {
  const parts = Object.fromEntries(
    format.formatToParts(atMs).map(({ type, value }) => [type, value]),
  );
  const date = `${parts["year"]}-${parts["month"]}-${parts["day"]}`;
  const weekday = parts["weekday"] ?? "";
  const weekend = weekday === "Sat" || weekday === "Sun";
  return {
    date,
    weekday,
    hour: Number(parts["hour"]),
    minute: Number(parts["minute"]),
    atWork: !weekend && !holidays.some((day) => day === date),
  };
}

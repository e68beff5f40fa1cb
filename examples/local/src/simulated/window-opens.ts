import type { PoolConfig } from "@runs-fleet/core";
import { isRepeated, localTime } from "./local-time.ts";

type Entry = PoolConfig["schedule"]["entries"][number];

const minuteMs = 60_000;
const dailyCron = /^(\d+) (\d+) \* \* \*$/;

/** Local time at which a window of the entry begins, `HH:MM`; `undefined` for forms that the simulation does not use. */
function startOf(entry: Entry): string | undefined {
  if (entry.kind === "weekly") return entry.start;
  const [, minute, hour] = entry.kind === "cron" ? (dailyCron.exec(entry.cron) ?? []) : [];
  return hour && minute && `${hour.padStart(2, "0")}:${minute.padStart(2, "0")}`;
}

/**
 * Whether a window of hot machines opens in this minute, by the calendar alone: no lead, no ramp. It knows the forms that
 * the pools of the simulation use, and nothing of the scheduling engine, which it is meant to check.
 */
export function windowOpens({ schedule }: PoolConfig, atMs: number): boolean {
  return schedule.entries.some((entry) => {
    const start = startOf(entry);
    if (start === undefined || entry.mode === "atMost" || entry.capacity.hot === undefined) {
      return false;
    }
    const timeZone = entry.timeZone ?? schedule.timeZone ?? "UTC";
    const { day, date, time } = localTime(timeZone, atMs);
    const before = localTime(timeZone, atMs - minuteMs);
    // The first minute that reads so or later: clocks that are set forward pass over some.
    const isFirst = time >= start && (before.date !== date || before.time < start);
    return (
      isFirst &&
      !isRepeated(timeZone, atMs) &&
      !(entry.kind === "weekly" && entry.days?.includes(day) === false) &&
      !schedule.exceptions?.some(({ dates }) => dates.includes(date))
    );
  });
}

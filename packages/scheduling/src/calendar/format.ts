import { DAY_MS, formatDate, formatTime, MINUTE_MS, WEEKDAYS, weekdayOf } from "./civil.ts";

const two = (value: number): string => String(value).padStart(2, "0");

/** `+02:00`; seconds only where a zone has them. */
export function formatOffset(offsetMs: number): string {
  const total = Math.abs(Math.round(offsetMs / 1_000));
  const seconds = total % 60;
  const tail = seconds === 0 ? "" : `:${two(seconds)}`;
  return `${offsetMs < 0 ? "-" : "+"}${formatTime(Math.floor(total / 60))}${tail}`;
}

/** ISO 8601 of an instant on the wall clock of an offset. */
export function formatLocal(instant: number, offsetMs: number): string {
  const local = Math.floor((instant + offsetMs) / 1_000) * 1_000;
  const day = Math.floor(local / DAY_MS);
  const time = local - day * DAY_MS;
  const seconds = two(Math.floor((time % MINUTE_MS) / 1_000));
  return `${formatDate(day)}T${formatTime(Math.floor(time / MINUTE_MS))}:${seconds}${formatOffset(offsetMs)}`;
}

/** `sun 2026-10-25 02:30`, for sentences. */
export function formatMoment(instant: number, offsetMs: number): string {
  const local = instant + offsetMs;
  const day = Math.floor(local / DAY_MS);
  const minute = Math.floor((local - day * DAY_MS) / MINUTE_MS);
  return `${WEEKDAYS[weekdayOf(day)]} ${formatDate(day)} ${formatTime(minute)}`;
}

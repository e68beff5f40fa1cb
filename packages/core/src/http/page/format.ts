import { civilDay, formatCivilDay } from "../../pools/civil-date.ts";

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const two = (value: number): string => String(value).padStart(2, "0");

/** A length of time in at most two units: `0.8 s`, `3 min 20 s`, `2 h 05 min`. */
export function formatDuration(durationMs: number): string {
  const lengthMs = Math.max(0, durationMs);
  if (!Number.isFinite(lengthMs)) return "–";
  if (lengthMs < 995) return `${Math.round(lengthMs)} ms`;
  if (lengthMs < 9_950) return `${(lengthMs / secondMs).toFixed(1)} s`;
  const seconds = Math.round(lengthMs / secondMs);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) {
    const rest = seconds % 60;
    return `${Math.floor(seconds / 60)} min${rest === 0 ? "" : ` ${two(rest)} s`}`;
  }
  const minutes = Math.round(lengthMs / minuteMs);
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
  const hours = Math.round(lengthMs / hourMs);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A length of time for glances: no parts of a second, no seconds beside minutes. */
function roughly(durationMs: number): string {
  if (durationMs < minuteMs) return `${Math.max(1, Math.floor(durationMs / secondMs))} s`;
  if (durationMs < hourMs) return `${Math.floor(durationMs / minuteMs)} min`;
  return formatDuration(durationMs);
}

/** A moment seen from `nowMs`: `just now`, `in 3 min`, `5 h 10 min ago`. */
export function formatRelative(atMs: number, nowMs: number): string {
  const distanceMs = atMs - nowMs;
  if (Math.abs(distanceMs) < secondMs) return "just now";
  return distanceMs > 0 ? `in ${roughly(distanceMs)}` : `${roughly(-distanceMs)} ago`;
}

/** Time of day, UTC: `14:03:22`. */
export function formatTime(atMs: number): string {
  const seconds = Math.floor((((atMs % dayMs) + dayMs) % dayMs) / secondMs);
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** ISO 8601, UTC, to the second: `2026-11-24T14:03:22Z`. */
export function formatIso(atMs: number): string {
  return `${formatCivilDay(civilDay(atMs))}T${formatTime(atMs)}Z`;
}

/** `1 job`, `2 jobs`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

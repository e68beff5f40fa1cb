import process from "node:process";
import { type Decision, systemClock } from "@runs-fleet/core";

/** One line of the log. Codes are stable, messages are for people. */
export interface LogEntry {
  readonly atMs?: number;
  readonly code: string;
  readonly message: string;
  readonly subject?: Decision["subject"];
}

/** Writes entries. */
export type Log = (entry: LogEntry) => void;

/**
 * A log of one line per entry: JSON for machines that collect it, words for a person at a terminal.
 *
 * @param write - @defaultValue standard output
 */
export function createLog(
  format: "json" | "text",
  write: (line: string) => void = (line) => void process.stdout.write(`${line}\n`),
): Log {
  return ({ atMs = systemClock.now(), code, message, subject = {} }) => {
    const at = new Date(atMs).toISOString();
    if (format === "json") write(JSON.stringify({ at, code, message, ...subject }));
    else write(`${at} ${code} ${message}${about(subject)}`);
  };
}

function about(subject: Decision["subject"]): string {
  const parts = Object.entries(subject).map(([key, value]) => `${key}=${value}`);
  return parts.length === 0 ? "" : ` (${parts.join(" ")})`;
}

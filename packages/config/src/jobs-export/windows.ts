import type { HistoryPage, RecordedRun } from "@runs-fleet/core/github";

/** How far the list of a repository's runs has been read. */
export interface Scan {
  /** Runs created before this second are read, epoch milliseconds. */
  readonly nextMs: number;
  /** Length of the next window, milliseconds: a multiple of 1,000. */
  readonly widthMs: number;
}

/** The seconds of one question, both included. */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Windows are aimed at this part of a page, so that most fit at the first try. */
const aim = 0.6;
const secondMs = 1_000;

/** A scan of all runs created from `fromMs` to `toMs`. */
export function beginScan(fromMs: number, toMs: number): Scan {
  const nextMs = Math.floor(fromMs / secondMs) * secondMs;
  const widthMs = Math.max(secondMs, Math.ceil((toMs - nextMs) / secondMs) * secondMs);
  return { nextMs, widthMs };
}

/**
 * The next window to ask for; `undefined` when all is read.
 *
 * Windows share the second between them: a run in its middle lies behind the one and before none but the other.
 */
export function nextWindow(scan: Scan, toMs: number): Window | undefined {
  const lastMs = Math.ceil(toMs / secondMs) * secondMs;
  if (scan.nextMs >= lastMs) return undefined;
  return { fromMs: scan.nextMs, toMs: Math.min(lastMs, scan.nextMs + scan.widthMs) };
}

/** Whether one answer holds the whole window: then nothing that comes or goes can shift what was read. */
export function isWhole(page: HistoryPage<RecordedRun>): boolean {
  return !page.more && page.items.length >= (page.total ?? 0);
}

/** Whether a window can be cut no further: only then is it read page by page. */
export function isSmallest(window: Window): boolean {
  return window.toMs - window.fromMs <= secondMs;
}

function wholeSeconds(ms: number): number {
  return Math.max(secondMs, Math.floor(ms / secondMs) * secondMs);
}

/** The scan after a window that did not fit: as much shorter as its runs are too many, and by half at least. */
export function narrowed(window: Window, total: number, pageSize: number): Scan {
  const widthMs = window.toMs - window.fromMs;
  const part = Math.min(0.5, (pageSize * aim) / Math.max(1, total));
  return { nextMs: window.fromMs, widthMs: wholeSeconds(widthMs * part) };
}

/** The scan after a window that was read: longer or shorter by how full its page was, four times as long at most. */
export function advanced(window: Window, total: number, pageSize: number): Scan {
  const widthMs = window.toMs - window.fromMs;
  const growth = total === 0 ? 4 : Math.min(4, (pageSize * aim) / total);
  // Rounded up when it grows: a second must not stay a second.
  const wantedMs = growth > 1 ? widthMs * growth + secondMs - 1 : widthMs * Math.max(0.25, growth);
  return { nextMs: window.toMs, widthMs: wholeSeconds(wantedMs) };
}

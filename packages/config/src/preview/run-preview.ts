import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { openConfig } from "../check/open-config.ts";
import { paintFor } from "../cli/paint.ts";
import type { VerbContext } from "../cli/verb.ts";
import { reportClock } from "../report/clock.ts";
import { plural } from "../report/format.ts";
import { fileProblem } from "../simulate/json-file.ts";
import { namedPools } from "./named-pools.ts";
import { type PoolWeek, poolWeek } from "./pool-week.ts";
import { previewText } from "./preview-text.ts";
import { readDay, years } from "./read-day.ts";

/** What the command line asked for. */
export interface PreviewOptions {
  /** The configuration; the usual file when none is named. */
  readonly config?: string;
  /** First day, `YYYY-MM-DD`. Absent: today, on each pool's own calendar. */
  readonly from?: string;
  /** How many days. */
  readonly days: number;
  /** Columns of a terminal, or pixels of an SVG. */
  readonly width?: number;
  /** Where the picture goes; `-` is stdout. */
  readonly svg?: string;
  /** Where the page goes; `-` is stdout. */
  readonly html?: string;
}

/** Columns where nobody says how many there are. */
const usualColumns = 96;

/** Shows what the pools of a configuration want on some days. */
export async function runPreview(
  names: readonly string[],
  options: PreviewOptions,
  context: VerbContext,
): Promise<0 | 1 | 2> {
  const { host, report } = context;
  const firstDay = options.from === undefined ? undefined : readDay(options.from);
  if (options.from !== undefined && firstDay === undefined) {
    const message = `${JSON.stringify(options.from)} is no date such as 2026-12-21, from ${years.first} to ${years.last}`;
    report([{ code: "wrong-date", message }]);
    return 2;
  }
  const opened = await openConfig(context, options.config);
  if (!opened.ok) return opened.exitCode;
  const pools = namedPools(opened.config.catalog, names);
  if (!pools.ok) {
    report(pools.issues);
    return 2;
  }
  const weeks = pools.value.map((pool) => {
    const { timeZone = "UTC" } = pool.schedule;
    const today = reportClock(timeZone).day(host.clock.now());
    return poolWeek(pool, firstDay ?? today, options.days);
  });
  const target = options.html ?? options.svg;
  if (target === undefined) {
    const columns = options.width ?? host.out.columns ?? usualColumns;
    host.out.write(previewText(weeks, columns, paintFor(host.out, host.env)));
    return 0;
  }
  const text = await pictureOf(weeks, options, opened.file, host.version);
  if (target === "-") {
    host.out.write(text);
    return 0;
  }
  try {
    await writeFile(resolve(host.cwd, target), text);
  } catch (error) {
    report([fileProblem(target, error)]);
    return 2;
  }
  host.err.write(`${target}: ${plural(weeks.length, "pool")}, ${plural(options.days, "day")}\n`);
  return 0;
}

async function pictureOf(
  weeks: readonly PoolWeek[],
  { html, width }: PreviewOptions,
  file: string,
  version: string,
): Promise<string> {
  if (html !== undefined) {
    const { previewPage } = await import("./picture/preview-page.ts");
    return previewPage(weeks, { file, program: `runs-fleet ${version}` });
  }
  const { previewSvg } = await import("./picture/preview-svg.ts");
  return previewSvg(weeks, { file, ...(width === undefined ? {} : { width }) });
}

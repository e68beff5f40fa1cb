import type { Catalog } from "@runs-fleet/core";
import {
  type BootProfiles,
  generateJobs,
  parseJobs,
  type SimulatedJob,
} from "@runs-fleet/core/testing";
import type { Result } from "@runs-fleet/scheduling";
import type { Problem } from "../cli/problem.ts";
import { suggest } from "../cli/suggest.ts";
import { dayStart, instantOn, reportClock } from "../report/clock.ts";
import { plural } from "../report/format.ts";
import { readText } from "./json-file.ts";
import { madeUpFor } from "./made-up.ts";
import { readConfig } from "./read-config.ts";
import { type RatesFile, readBoots, readRates } from "./read-profiles.ts";
import type { SimulateRequest } from "./request.ts";

/** Largest file of jobs, bytes. */
const maxJobsBytes = 500_000_000;
/** Most lines that are complained of one by one. */
const shownLines = 10;

/** Jobs, and what a report says of them. */
export interface JobsInput {
  readonly jobs: readonly SimulatedJob[];
  /** The file, or how they were made up. */
  readonly words: string;
  /** What is simulated. Absent: from the first job to the last. */
  readonly horizon?: { readonly fromMs: number; readonly toMs: number };
  /** Lines that are no jobs. */
  readonly unreadable: { readonly lines: number; readonly examples: readonly string[] };
  readonly warnings: readonly Problem[];
}

/** All that was read for a simulation. */
export interface Inputs {
  readonly catalog: Catalog;
  readonly other?: Catalog;
  readonly rates?: RatesFile;
  readonly boots?: BootProfiles;
  readonly jobs: JobsInput;
  /** What does not stop the simulation, and should be read. */
  readonly warnings: readonly Problem[];
}

/** Reads all files that a request names; all their problems at once. */
export async function readInputs(
  request: SimulateRequest,
  cwd: string,
): Promise<Result<Inputs, readonly Problem[]>> {
  const catalog = await readConfig(cwd, request.config);
  const other = await optional(request.compare, (file) => readConfig(cwd, file));
  const rates = await optional(request.rates, (file) => readRates(cwd, file));
  const boots = await optional(request.boots, (file) => readBoots(cwd, file));
  const jobs =
    request.jobs !== undefined
      ? await readJobs(cwd, request.jobs)
      : catalog.ok
        ? makeUp(request, catalog.value)
        : undefined;
  const all = [catalog, other, rates, boots, jobs];
  const issues = all.flatMap((read) => (read === undefined || read.ok ? [] : read.issues));
  if (issues.length > 0 || !catalog.ok || jobs?.ok !== true) return { ok: false, issues };
  const pools = [...catalog.value.pools, ...(other?.ok ? other.value.pools : [])];
  const names = [...new Set(pools.map(({ name }) => name))];
  return {
    ok: true,
    value: {
      catalog: catalog.value,
      ...(other?.ok ? { other: other.value } : {}),
      ...(rates?.ok ? { rates: rates.value } : {}),
      ...(boots?.ok ? { boots: boots.value } : {}),
      jobs: jobs.value,
      warnings: [
        ...jobs.value.warnings,
        ...(rates?.ok ? strangers(request.rates, ["pools"], rates.value.rates, names) : []),
        ...(boots?.ok ? strangers(request.boots, ["pools"], boots.value.pools ?? {}, names) : []),
      ],
    },
  };
}

async function optional<T>(
  file: string | undefined,
  read: (file: string) => Promise<T>,
): Promise<T | undefined> {
  return file === undefined ? undefined : read(file);
}

/** Pools that a file names and the configuration does not have: mistyped, most often. */
function strangers(
  file: string | undefined,
  path: readonly string[],
  found: Readonly<Record<string, unknown>>,
  names: readonly string[],
): readonly Problem[] {
  return Object.keys(found)
    .filter((name) => name !== "*" && !names.includes(name))
    .map((name) => {
      const meant = suggest(name, names);
      return {
        code: "unknown-pool",
        severity: "warning" as const,
        message: `The configuration has no pool ${name}`,
        path: [...path, name],
        ...(file === undefined ? {} : { file }),
        ...(meant === undefined ? {} : { suggestion: meant }),
      };
    });
}

async function readJobs(cwd: string, file: string): Promise<Result<JobsInput, readonly Problem[]>> {
  const text = await readText(cwd, file, maxJobsBytes);
  if (!text.ok) return text;
  const { jobs, problems, badLines } = parseJobs(text.value);
  const found = problems.slice(0, shownLines).map(
    ({ code, line, path, message }): Problem => ({
      code,
      severity: jobs.length > 0 ? "warning" : "error",
      message,
      file,
      line,
      path,
    }),
  );
  if (badLines > shownLines) {
    const message = `${plural(badLines, "line")} in all cannot be read`;
    found.push({ code: "unreadable-lines", severity: "warning", message, file });
  }
  if (jobs.length === 0) {
    const message = "No job can be read from this file";
    return { ok: false, issues: [...found, { code: "no-jobs", message, file }] };
  }
  const examples = [...new Set(problems.map(({ line }) => `line ${line}`))].slice(0, 3);
  return {
    ok: true,
    value: { jobs, words: file, unreadable: { lines: badLines, examples }, warnings: found },
  };
}

function makeUp(request: SimulateRequest, catalog: Catalog): Result<JobsInput, readonly Problem[]> {
  const { generate: pattern, jobsPerDay, days, seed, from } = request;
  if (pattern === undefined) return { ok: false, issues: [] };
  const { labels, repositories } = madeUpFor(catalog);
  if (labels.length === 0) {
    const message = "No policy lets a private repository use a pool, so no job can be made up";
    return { ok: false, issues: [{ code: "nobody-may", message, file: request.config }] };
  }
  const timeZone = request.timeZone ?? catalog.pools[0]?.schedule.timeZone ?? "UTC";
  const clock = reportClock(timeZone);
  const fromMs = instantOn(from, clock);
  if (fromMs === undefined) {
    return { ok: false, issues: [{ code: "no-such-date", message: `There is no ${from}` }] };
  }
  const jobs = generateJobs({
    pattern,
    jobsPerDay,
    days,
    seed,
    labels,
    repositories,
    fromMs,
    timeZone,
  });
  const words = `made-up jobs: ${pattern}, ${plural(jobsPerDay, "job")} a day, ${plural(days, "day")} from ${from}`;
  const none = { lines: 0, examples: [] };
  // Nights without jobs count as well: a whole number of days, from midnight on.
  const horizon = {
    fromMs: dayStart(fromMs, clock),
    toMs: dayStart(fromMs + days * 86_400_000, clock),
  };
  return { ok: true, value: { jobs, words, horizon, unreadable: none, warnings: [] } };
}

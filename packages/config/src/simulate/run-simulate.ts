import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { CliHost, ExitCode } from "@runs-fleet/core/node";
import {
  type AssertionProblem,
  checkAssertion,
  compareReports,
  type FleetReport,
  parseAssertion,
  type SimulateFleetOptions,
  sensitivity,
  simulateFleet,
} from "@runs-fleet/core/testing";
import { paintFor } from "../cli/paint.ts";
import type { Problem } from "../cli/problem.ts";
import { createProgress, type Progress } from "../cli/progress.ts";
import type { VerbContext } from "../cli/verb.ts";
import { reportClock } from "../report/clock.ts";
import type { AssertionOutcome, ReportDocument } from "../report/document.ts";
import { renderJson } from "../report/report-json.ts";
import { renderText } from "../report/text/report-text.ts";
import { fileProblem } from "./json-file.ts";
import { type Inputs, type JobsInput, readInputs } from "./read-inputs.ts";
import type { SimulateRequest } from "./request.ts";

/** Problems of the environment or of the command, not of what a file says. */
const brokenCodes = new Set(["file-missing", "file-unusable", "file-too-large", "no-such-date"]);

/**
 * The simulation has run, and its reports are written.
 *
 * @returns 1 when an assertion does not hold or a file has problems; 2 when a file cannot be read or written.
 */
export async function runSimulate(
  request: SimulateRequest,
  { host, report: complain }: VerbContext,
): Promise<ExitCode> {
  const wrong = wrongUse(request);
  if (wrong.length > 0) {
    complain(wrong);
    return 2;
  }
  // Before the work of minutes, not after it.
  const unreadable = request.assert.flatMap((text) => {
    const parsed = parseAssertion(text);
    return parsed.ok ? [] : [assertionProblem(text, parsed)];
  });
  if (unreadable.length > 0) {
    complain(unreadable);
    return 2;
  }
  const inputs = await readInputs(request, host.cwd);
  if (!inputs.ok) {
    complain(inputs.issues);
    return inputs.issues.some(({ code }) => brokenCodes.has(code)) ? 2 : 1;
  }
  complain(inputs.value.warnings);

  const progress = createProgress(host, "simulating");
  let document: ReportDocument;
  try {
    document = await simulate(request, inputs.value, host, progress);
  } finally {
    progress.end();
  }
  if (request.baseline !== undefined && document.report.baseline === undefined) {
    const message =
      "No simulated job carries startedAtMs, so there is nothing to hold the waits against; runs-fleet jobs export writes it";
    complain([{ code: "baseline-missing", message, ...fileOf(request.jobs) }]);
    return 2;
  }

  const { outcomes, problems } = check(request.assert, document.report);
  if (problems.length > 0) {
    complain(problems);
    return 2;
  }
  const written = await write(request, { ...document, assertions: outcomes }, host);
  complain(written);
  if (written.length > 0) return 2;
  return outcomes.every(({ holds }) => holds) ? 0 : 1;
}

function fileOf(file: string | undefined): { file?: string } {
  return file === undefined ? {} : { file };
}

function wrongUse({ jobs, generate, timeZone, html, json }: SimulateRequest): readonly Problem[] {
  const found: Problem[] = [];
  if (jobs === undefined && generate === undefined) {
    const message = "Say which jobs: --jobs FILE, or --generate office-hours";
    found.push({ code: "jobs-missing", message });
  }
  if (html !== undefined && html === json) {
    found.push({ code: "same-file", message: "--html and --json write the same file" });
  }
  if (timeZone !== undefined) {
    try {
      reportClock(timeZone).day(0);
    } catch {
      const message = `There is no time zone ${timeZone}; names look like Europe/Berlin`;
      found.push({ code: "unknown-time-zone", message });
    }
  }
  return found;
}

/** Runs all that is asked for: the configuration, the other one, and its small changes, each a part of the progress. */
async function simulate(
  request: SimulateRequest,
  inputs: Inputs,
  host: CliHost,
  progress: Progress,
): Promise<ReportDocument> {
  const { catalog, other, rates, boots, jobs } = inputs;
  const options: SimulateFleetOptions = {
    catalog,
    jobs: jobs.jobs,
    seed: request.seed,
    signal: host.signal,
    ...(rates === undefined
      ? {}
      : { rates: rates.rates, ratesFrom: { source: rates.source, date: rates.date } }),
    ...(boots === undefined ? {} : { boots }),
    ...(jobs.horizon === undefined ? {} : { horizon: jobs.horizon }),
    ...(request.interruptions === undefined ? {} : { interruptionsPerHour: request.interruptions }),
    ...(request.timeZone === undefined ? {} : { timeZone: request.timeZone }),
  };
  const run = async (of: typeof catalog, name: string): Promise<FleetReport> => {
    const onProgress = (part: number) => progress.update(part, name);
    const report = await simulateFleet({
      ...options,
      catalog: of,
      seeds: request.seeds,
      onProgress,
    });
    return finished(report, request, jobs);
  };
  const report = await run(catalog, request.config);
  const trials =
    request.sensitivity === true
      ? await sensitivity({
          ...options,
          report,
          onProgress: (part) => progress.update(part, "small changes"),
        })
      : undefined;
  const compared =
    other !== undefined && request.compare !== undefined
      ? { config: request.compare, report: await run(other, request.compare) }
      : undefined;
  return {
    inputs: {
      program: `runs-fleet ${host.version}`,
      config: request.config,
      jobs: jobs.words,
    },
    report,
    assertions: [],
    ...(trials === undefined ? {} : { sensitivity: trials }),
    ...(compared === undefined
      ? {}
      : { compared: { ...compared, changes: compareReports(report, compared.report) } }),
  };
}

/**
 * The report as it is shown: lines that could not be read are jobs left out, and recorded times are an error of the
 * simulation only when the configuration is said to be the one that ran then.
 */
function finished(report: FleetReport, request: SimulateRequest, jobs: JobsInput): FleetReport {
  const { baseline, ...rest } = report;
  const { lines, examples } = jobs.unreadable;
  const unread = {
    code: "unreadable",
    reason: "Lines of the file that are no jobs",
    jobs: lines,
    examples,
  };
  return {
    ...rest,
    ...(baseline !== undefined && request.baseline === "recorded" ? { baseline } : {}),
    ...(lines === 0
      ? {}
      : {
          jobs: {
            ...rest.jobs,
            given: rest.jobs.given + lines,
            leftOut: rest.jobs.leftOut + lines,
          },
          trust: { ...rest.trust, leftOut: [...rest.trust.leftOut, unread] },
        }),
  };
}

function assertionProblem(text: string, { code, message, offset }: AssertionProblem): Problem {
  return {
    code: `assert-${code}`,
    message: `${message}: --assert '${text}', at column ${offset + 1}`,
  };
}

function check(
  conditions: readonly string[],
  report: FleetReport,
): { outcomes: readonly AssertionOutcome[]; problems: readonly Problem[] } {
  const outcomes: AssertionOutcome[] = [];
  const problems: Problem[] = [];
  for (const text of conditions) {
    const result = checkAssertion(text, report);
    if (result.ok) {
      const { condition, holds, value, measured } = result;
      outcomes.push({ condition, holds, value, measured });
    } else {
      problems.push(assertionProblem(text, result));
    }
  }
  return { outcomes, problems };
}

/** Writes what was asked for; the table goes to stdout unless the JSON does. */
async function write(
  request: SimulateRequest,
  document: ReportDocument,
  host: CliHost,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  const put = async (file: string, text: string): Promise<void> => {
    try {
      await writeFile(resolve(host.cwd, file), text);
    } catch (error) {
      problems.push(fileProblem(file, error));
    }
  };
  if (request.json === "-") host.out.write(renderJson(document));
  else host.out.write(renderText(document, paintFor(host.out, host.env)));
  if (request.json !== undefined && request.json !== "-") {
    await put(request.json, renderJson(document));
  }
  if (request.html !== undefined) {
    // The charts take half a second to load: only those who want a page wait for them.
    const { renderPage } = await import("../report/page/page.ts");
    await put(request.html, renderPage(document));
  }
  return problems;
}

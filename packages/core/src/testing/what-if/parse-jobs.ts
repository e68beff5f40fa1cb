import * as v from "valibot";
import type { SimulatedJob } from "./options.ts";

/** Longest text, characters; most jobs; longest line. */
const longestText = 512 * 1_024 * 1_024;
const mostJobs = 2_000_000;
const longestLine = 20_000;
const mostProblems = 100;
const latestMs = 8_640_000_000_000_000;
const longestJobMs = 35 * 24 * 60 * 60_000;

/** A line that is no job. */
export interface JobLineProblem {
  /** `invalid-json`, `not-an-object`, `missing`, `unknown-key`, `invalid-value`, `line-too-long`, `text-too-long` or `too-many`; stable. */
  readonly code: string;
  /** From 1. */
  readonly line: number;
  /** Field that is wrong; empty: the line as a whole. */
  readonly path: readonly (string | number)[];
  /** What is wrong, in words; it does not repeat the field's name. */
  readonly message: string;
}

/** What {@link parseJobs} answers: all jobs that could be read, and why the other lines could not. */
export interface ParsedJobs {
  /** In the order of their lines; at most 2,000,000. */
  readonly jobs: readonly SimulatedJob[];
  /** At most 100; {@link ParsedJobs.badLines} counts them all. */
  readonly problems: readonly JobLineProblem[];
  /** Lines that are no jobs, empty ones aside. Where reading ends early, all that is left counts as one. */
  readonly badLines: number;
}

const instant = v.pipe(
  v.number("Must be epoch milliseconds, a number"),
  v.integer("Must be whole milliseconds"),
  v.minValue(0, "Must not be negative"),
  v.maxValue(latestMs, "Must be epoch milliseconds, not microseconds"),
);
const text = (longest: number) =>
  v.pipe(
    v.string("Must be a text"),
    v.minLength(1, "Must not be empty"),
    v.maxLength(longest, `Must have at most ${longest} characters`),
  );

const jobSchema = v.strictObject({
  queuedAtMs: instant,
  durationMs: v.pipe(
    v.number("Must be milliseconds, a number"),
    v.integer("Must be whole milliseconds"),
    v.minValue(0, "Must not be negative"),
    v.maxValue(longestJobMs, "Must be at most 35 days"),
  ),
  labels: v.pipe(
    v.array(text(256), "Must be a list of labels"),
    v.minLength(1, "Must name at least one label"),
    v.maxLength(100, "Must name at most 100 labels"),
  ),
  repository: v.pipe(text(140), v.regex(/^[^/\s]+\/[^/\s]+$/, "Must be owner/name")),
  visibility: v.exactOptional(
    v.picklist(["public", "private", "internal"], "Must be public, private or internal"),
  ),
  fork: v.exactOptional(v.boolean("Must be true or false")),
  startedAtMs: v.exactOptional(instant),
  conclusion: v.exactOptional(text(40)),
  id: v.exactOptional(text(100)),
  // What an export of recorded jobs knows besides: for people and their scripts, not simulated.
  runId: v.exactOptional(text(100)),
  attempt: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  completedAtMs: v.exactOptional(instant),
  runnerName: v.exactOptional(text(1_024)),
  runnerGroup: v.exactOptional(text(1_024)),
});

const checked = v.pipe(
  jobSchema,
  v.forward(
    v.check(
      ({ queuedAtMs, startedAtMs }) => startedAtMs === undefined || startedAtMs >= queuedAtMs,
      "Must not lie before queuedAtMs",
    ),
    ["startedAtMs"],
  ),
);

function codeOf(issue: v.BaseIssue<unknown>): string {
  if (issue.type === "strict_object" && issue.expected === "never") return "unknown-key";
  if (issue.type === "strict_object" && issue.received === "undefined") return "missing";
  return issue.type === "strict_object" && (issue.path ?? []).length === 0
    ? "not-an-object"
    : "invalid-value";
}

function messageOf(issue: v.BaseIssue<unknown>): string {
  const code = codeOf(issue);
  if (code === "unknown-key") return "There is no such field";
  if (code === "missing") return "Is missing";
  return code === "not-an-object" ? "Must be one JSON object" : issue.message;
}

function readLine(line: string): SimulatedJob | readonly Omit<JobLineProblem, "line">[] {
  if (line.length > longestLine) {
    const message = `Has more than ${longestLine} characters`;
    return [{ code: "line-too-long", path: [], message }];
  }
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return [{ code: "invalid-json", path: [], message: "Is not JSON" }];
  }
  // A list would count as an object that lacks every field.
  if (Array.isArray(value)) {
    return [{ code: "not-an-object", path: [], message: "Must be one JSON object" }];
  }
  const parsed = v.safeParse(checked, value);
  if (parsed.success) return parsed.output;
  return parsed.issues.map((issue) => ({
    code: codeOf(issue),
    path: (issue.path ?? []).map(({ key }) => (typeof key === "number" ? key : String(key))),
    message: messageOf(issue),
  }));
}

/**
 * Reads jobs, one JSON object a line; empty lines and a byte order mark are skipped. A bad line costs nothing but itself.
 * Never throws.
 */
export function parseJobs(source: string): ParsedJobs {
  const jobs: SimulatedJob[] = [];
  const problems: JobLineProblem[] = [];
  let badLines = 0;
  const complain = (line: number, found: readonly Omit<JobLineProblem, "line">[]): void => {
    badLines += 1;
    for (const problem of found) {
      if (problems.length < mostProblems) problems.push({ ...problem, line });
    }
  };
  if (source.length > longestText) {
    const message = `Has more than ${longestText} characters`;
    complain(1, [{ code: "text-too-long", path: [], message }]);
    return { jobs, problems, badLines };
  }
  let line = 0;
  for (let from = source.startsWith("\uFEFF") ? 1 : 0; from < source.length; ) {
    const found = source.indexOf("\n", from);
    const to = found < 0 ? source.length : found;
    line += 1;
    const content = source.slice(from, to).trim();
    from = to + 1;
    if (content === "") continue;
    if (jobs.length >= mostJobs) {
      complain(line, [{ code: "too-many", path: [], message: `Only ${mostJobs} jobs are read` }]);
      break;
    }
    const read = readLine(content);
    if (Array.isArray(read)) complain(line, read);
    else jobs.push(read as SimulatedJob);
  }
  return { jobs, problems, badLines };
}

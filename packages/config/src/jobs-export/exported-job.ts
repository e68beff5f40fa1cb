import type { RecordedJob, RecordedRepository } from "@runs-fleet/core/github";

/** One line of the file: an attempt of a job that has ended. `simulate` reads it. */
export interface ExportedJob {
  /** GitHub's job id; every attempt has its own. */
  readonly id: string;
  readonly runId: string;
  /** From 1. */
  readonly attempt: number;
  /** `owner/name`. */
  readonly repository: string;
  readonly visibility: RecordedRepository["visibility"];
  readonly fork: boolean;
  /** What `runs-on` said. */
  readonly labels: readonly string[];
  readonly queuedAtMs: number;
  /** When GitHub says that a runner started it; absent for one that was cancelled while it waited. */
  readonly startedAtMs?: number;
  readonly completedAtMs: number;
  /** How long it ran; for one that never ran, how long it waited until it was cancelled. */
  readonly durationMs: number;
  /** In GitHub's words. */
  readonly conclusion: string;
  readonly runnerName?: string;
  readonly runnerGroup?: string;
}

/** Why a job is not in the file. */
export const leftOutReasons = [
  "outside-range",
  "unfinished",
  "skipped",
  "times-unreadable",
  "copied",
  "re-run",
  "github-hosted",
  "no-labels",
  "labels-too-long",
  "label-filter",
  "never-ran",
] as const;

/** One of {@link leftOutReasons}. */
export type LeftOut = (typeof leftOutReasons)[number];

/** What is taken in. */
export interface ExportRules {
  /** Jobs queued from here on, epoch milliseconds. */
  readonly fromMs: number;
  /** Jobs queued before this, epoch milliseconds. */
  readonly toMs: number;
  /** Takes in the jobs of GitHub's own runners. */
  readonly hosted: boolean;
  /** Leaves out re-runs. */
  readonly firstAttempts: boolean;
  /** A job is taken in when one of its labels matches one of these; empty: any job. `*` stands for anything. */
  readonly labels: readonly string[];
  /** Names of repositories, with or without their owner; empty: all. `*` stands for anything. */
  readonly repositories: readonly string[];
}

/** Labels that GitHub's standard runners have. Source: GitHub's page "GitHub-hosted runners reference", read 2026-11-24. */
const hostedLabel =
  /^(ubuntu-(latest|slim|\d\d\.\d\d)|windows-(latest|\d{2,4})|macos-(latest|\d\d))(-[a-z0-9-]+)?$/i;

/** Whether `text` matches `pattern`, in which `*` stands for anything; upper and lower case are alike. */
export function matches(pattern: string, text: string): boolean {
  const [first = "", ...parts] = pattern.toLowerCase().split("*");
  const subject = text.toLowerCase();
  if (parts.length === 0) return subject === first;
  const last = parts.pop() ?? "";
  if (!subject.startsWith(first) || !subject.endsWith(last)) return false;
  let from = first.length;
  for (const part of parts) {
    const at = subject.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return from + last.length <= subject.length;
}

/** Whether a repository, `owner/name`, is among those asked for. */
export function takesRepository(rules: ExportRules, name: string): boolean {
  const short = name.slice(name.indexOf("/") + 1);
  return (
    rules.repositories.length === 0 ||
    rules.repositories.some((pattern) => matches(pattern, pattern.includes("/") ? name : short))
  );
}

/** Whether GitHub's own runners had the job, or would have had it. */
function isHosted({ runnerGroup, runnerName, labels }: RecordedJob): boolean {
  if (runnerGroup !== undefined) return runnerGroup === "GitHub Actions";
  if (runnerName !== undefined) return /^(GitHub Actions|Hosted Agent)\b/.test(runnerName);
  return labels.length > 0 && labels.every((label) => hostedLabel.test(label));
}

/** More than a router takes, and than anybody means. */
const mostLabels = 100;
const longestLabel = 256;
/** No job runs or waits for longer, milliseconds: GitHub ends a workflow run after 35 days. */
const longestMs = 35 * 86_400_000;

/** A job that ended this much before it was queued is a copy, milliseconds: GitHub writes starts up to 1 s too early. */
const skewMs = 1_000;

/** The line of a job, or why it has none. */
export function judgeJob(
  job: RecordedJob,
  repository: RecordedRepository,
  rules: ExportRules,
): { readonly job: ExportedJob } | { readonly leftOut: LeftOut } {
  const leave = (leftOut: LeftOut) => ({ leftOut });
  const { createdAtMs, startedAtMs, completedAtMs, conclusion, runnerName } = job;
  if (createdAtMs === undefined) return leave("times-unreadable");
  if (createdAtMs < rules.fromMs || createdAtMs >= rules.toMs) return leave("outside-range");
  if (!job.finished) return leave("unfinished");
  if (conclusion === "skipped") return leave("skipped");
  if (completedAtMs === undefined) return leave("times-unreadable");
  // When only some jobs of a run are run again, GitHub lists the others anew with their old times.
  if (completedAtMs + skewMs < createdAtMs) return leave("copied");
  if (job.attempt > 1 && rules.firstAttempts) return leave("re-run");
  if (!rules.hosted && isHosted(job)) return leave("github-hosted");
  const labels = job.labels.filter((label) => label !== "");
  if (labels.length === 0) return leave("no-labels");
  if (labels.length > mostLabels || labels.some((label) => label.length > longestLabel)) {
    return leave("labels-too-long");
  }
  const wanted = (label: string) => rules.labels.some((pattern) => matches(pattern, label));
  if (rules.labels.length > 0 && !labels.some(wanted)) return leave("label-filter");
  const ran = runnerName !== undefined;
  if (!ran && conclusion !== "cancelled") return leave("never-ran");
  if (ran && startedAtMs === undefined) return leave("times-unreadable");
  const beganMs = ran ? Math.max(startedAtMs ?? createdAtMs, createdAtMs) : createdAtMs;
  const endedMs = Math.max(completedAtMs, beganMs);
  if (endedMs - beganMs > longestMs) return leave("times-unreadable");
  return {
    job: {
      id: job.id,
      runId: job.runId,
      attempt: job.attempt,
      repository: repository.name,
      visibility: repository.visibility,
      fork: repository.fork,
      labels,
      queuedAtMs: createdAtMs,
      ...(ran ? { startedAtMs: beganMs } : {}),
      completedAtMs: endedMs,
      durationMs: endedMs - beganMs,
      conclusion: conclusion ?? "unknown",
      ...(ran ? { runnerName } : {}),
      ...(job.runnerGroup === undefined ? {} : { runnerGroup: job.runnerGroup }),
    },
  };
}

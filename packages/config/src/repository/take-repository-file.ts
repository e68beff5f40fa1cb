import type { Cause, PushEvent } from "@runs-fleet/core";
import type { ConfigIssue } from "../issues/issue.ts";
import type { FleetConfig } from "../parse-config.ts";
import type { Finding } from "../watch/check-report.ts";
import type { Seen } from "../watch/config-state.ts";
import { problemsOf } from "../watch/problems-of.ts";
import { isBehind, seenHead, seenPush } from "../watch/push-order.ts";
import { narrowingWords } from "./narrowing-words.ts";
import { parseRepositoryFile } from "./parse-repository-file.ts";
import type { RepositoryRecord } from "./repository-record.ts";

/** What reading the file of a repository gave; `unchanged`: it is as it was when its ETag was kept. */
export type FileReading =
  | { readonly kind: "text"; readonly text: string; readonly sha: string; readonly etag: string }
  | { readonly kind: "absent" }
  | { readonly kind: "unusable"; readonly message: string }
  | { readonly kind: "unchanged" }
  | { readonly kind: "failed"; readonly cause: Cause };

/** What becomes of what is on record about a repository, and what the author of a push is told. */
export interface Taken {
  readonly record: RepositoryRecord;
  readonly finding: Finding;
}

interface TakeOptions {
  readonly nowMs: number;
  /** The file, as issues name it. */
  readonly path: string;
  /** What the organisation says. */
  readonly config?: FleetConfig;
}

/**
 * Takes a reading in. A file that is broken or cannot be read leaves what it said before; one that is gone says nothing more.
 *
 * @param before - What is on record. Absent: nothing.
 * @param push - The push of which it was read. Absent: it is the head of the branch.
 */
export function takeRepositoryFile(
  before: RepositoryRecord | undefined,
  reading: FileReading,
  push: PushEvent | undefined,
  options: TakeOptions,
): Taken {
  const { nowMs } = options;
  const stays = (outcome: Finding["outcome"], lookedAtMs: number): Taken => ({
    record: { ...before, lookedAtMs },
    finding: { outcome, issues: [] },
  });
  // What could not be read is not looked at yet.
  if (reading.kind === "failed") return stays({ kind: "kept-last-good", cause: reading.cause }, 0);
  if (reading.kind === "unchanged") return stays(unchanged(before), nowMs);

  if (reading.kind === "unusable") return takeUnusable(before, reading.message, push, options);
  const version = reading.kind === "text" ? reading.sha : undefined;
  const last = before?.seen;
  if (push === undefined && isBehind(version, last, nowMs)) return stays(unchanged(before), nowMs);
  const head = last?.version === version && last ? last : seenHead(version, nowMs, last);
  const seen = push ? seenPush(push, version, nowMs, last) : head;
  if (reading.kind === "text") return takeText(before, reading, push, seen, options);
  const isNews = before?.narrowing !== undefined || before?.rejected !== undefined;
  const outcome = isNews ? applied("") : unchanged(undefined);
  return { record: { seen, lookedAtMs: nowMs }, finding: { outcome, issues: [], ...told([]) } };
}

function takeText(
  before: RepositoryRecord | undefined,
  { text, sha, etag }: Extract<FileReading, { kind: "text" }>,
  push: PushEvent | undefined,
  seen: Seen,
  { nowMs, path, config }: TakeOptions,
): Taken {
  const parsed = parseRepositoryFile(text, {
    file: path,
    version: sha,
    ...(config === undefined ? {} : { config }),
  });
  const { issues } = parsed;
  const { narrowing, rejected } = before ?? {};
  const looked = {
    seen,
    lookedAtMs: nowMs,
    // The answer about a commit has another ETag than the one about the head.
    ...(push || etag === "" ? {} : { etag }),
  };
  if (!parsed.ok) return refused(before, looked, sha, issues, push);
  const isSame = narrowing?.version === sha && rejected === undefined;
  return {
    record: { narrowing: parsed.value, ...looked },
    finding: {
      outcome: isSame ? unchanged(before) : applied(sha),
      issues,
      ...told(narrowingWords(parsed.value)),
    },
  };
}

/** Version of what has none, because it is no file, or not one that can be read. */
const noVersion = "unusable";

function takeUnusable(
  before: RepositoryRecord | undefined,
  message: string,
  push: PushEvent | undefined,
  { nowMs, path }: TakeOptions,
): Taken {
  const start = { line: 1, column: 1, offset: 0 };
  const place = { file: path, path: [], start, end: start };
  const issue: ConfigIssue = { rule: "unusable-file", severity: "error", message, ...place };
  const last = before?.seen;
  const isKnown = last !== undefined && last.version === noVersion;
  const head = isKnown ? last : seenHead(noVersion, nowMs, last);
  const seen = push ? seenPush(push, noVersion, nowMs, last) : head;
  return refused(before, { seen, lookedAtMs: nowMs }, noVersion, [issue], push);
}

/** What was in force stays. */
function refused(
  before: RepositoryRecord | undefined,
  looked: Pick<RepositoryRecord, "seen" | "etag" | "lookedAtMs">,
  version: string,
  issues: readonly ConfigIssue[],
  push: PushEvent | undefined,
): Taken {
  const { narrowing, rejected } = before ?? {};
  const isOld = push === undefined && rejected?.version === version;
  const commit = push === undefined ? {} : { commit: push.after };
  const news = { version, ...commit, atMs: looked.lookedAtMs, ...problemsOf(issues) };
  return {
    record: {
      ...(narrowing === undefined ? {} : { narrowing }),
      ...looked,
      rejected: isOld ? rejected : news,
    },
    finding: { outcome: { kind: "rejected", issues }, issues },
  };
}

const applied = (version: string): Finding["outcome"] => ({ kind: "applied", version });

function unchanged(record: RepositoryRecord | undefined): Finding["outcome"] {
  return { kind: "unchanged", version: record?.narrowing?.version ?? "" };
}

function told(words: readonly string[]): Pick<Finding, "summary" | "plan"> {
  if (words.length === 0) {
    const plan = "Its jobs may use all that the organisation allows.";
    return { summary: "Nothing is narrowed", plan };
  }
  const plan = `Its jobs may use what the organisation allows, and of that only:\n\n${words.map((word) => `- ${word}`).join("\n")}`;
  return { summary: `Narrowed: ${words.join("; ")}`.slice(0, 200), plan };
}

import type { Result } from "@runs-fleet/scheduling";
import { type AliasMatch, findAlias } from "./aliases.ts";
import { complain, createDraft, type Draft, quoted, reconcile, toRequest } from "./draft.ts";
import { maxIssues, maxLabelLength, maxLabels } from "./limits.ts";
import { readSetting, readSettings } from "./read-settings.ts";
import type { LabelCatalog, LabelIssue, RunnerRequest } from "./request.ts";
import { type RunsOnLabels, translateRunsOn } from "./runs-on.ts";
import { isDigits, startsWithWord } from "./scan.ts";
import { findSetting } from "./settings.ts";

const marker = "runs-fleet";
const slash = 47;
const equals = 61;

/** What labels say: a request, or everything that is wrong with them. */
export type ParsedLabels = Result<RunnerRequest, readonly LabelIssue[]>;

/**
 * Where the marker of a label ends, -1 when the label is not ours. White space around the marker is no part of it, but
 * the label is meant for us: better refused with a reason than left waiting for a runner that never comes.
 */
function markerEnd(label: string): number {
  let start = 0;
  while (label.charCodeAt(start) <= 32) start += 1;
  if (!startsWithWord(label, start, marker)) return -1;
  let end = start + marker.length;
  while (label.charCodeAt(end) <= 32) end += 1;
  if (end === label.length) return end;
  const next = label.charCodeAt(end);
  return next === slash || next === equals ? end : -1;
}

function readRunId(draft: Draft, from: number): number {
  const { text } = draft;
  let end = from;
  while (end < text.length && text.charCodeAt(end) !== slash) end += 1;
  if (isDigits(text, from, end)) {
    draft.runId = text.slice(from, end);
    return end;
  }
  const written = text.slice(from, end);
  const at = written.indexOf("=");
  const message =
    at > 0 && findSetting(written, 0, at) !== undefined
      ? `Behind ${marker}= comes a run id; settings follow a slash: ${marker}/${written}`
      : `${quoted(written)} is no run id; write ${marker}=<digits>, or ${marker} alone`;
  complain(draft, "invalid-run-id", undefined, message);
  return end;
}

/** Reads a label with our marker, which ends at `end`. */
function readMarked(draft: Draft, end: number): void {
  const { text } = draft;
  if (text.length > maxLabelLength) return;
  if (end !== marker.length) {
    const message = `There is white space around ${marker} in ${quoted(text)}; remove it`;
    complain(draft, "invalid-value", undefined, message);
  }
  const from = text.charCodeAt(end) === equals ? readRunId(draft, end + 1) : end;
  if (from < text.length) readSettings(draft, from + 1);
}

/** Complains about labels that GitHub cannot give to a runner. */
function checkSizes(draft: Draft, labels: readonly string[]): void {
  if (labels.length > maxLabels) {
    const message = `The job has ${labels.length} labels; at most ${maxLabels} are possible`;
    complain(draft, "too-long", undefined, message);
    return;
  }
  for (const label of labels) {
    if (label.length <= maxLabelLength) continue;
    draft.label = label;
    const message = `The label ${quoted(label)} has ${label.length} characters; at most ${maxLabelLength} are possible`;
    complain(draft, "too-long", undefined, message);
  }
}

function finish(draft: Draft, labels: readonly string[]): ParsedLabels {
  reconcile(draft);
  checkSizes(draft, labels);
  const { issues } = draft;
  return issues.length > 0 ? { ok: false, issues } : { ok: true, value: toRequest(draft, labels) };
}

function parseMarked(
  labels: readonly string[],
  first: number,
  end: number,
  runners: LabelCatalog["runners"],
): ParsedLabels {
  const label = labels[first] ?? "";
  const draft = createDraft(label, runners);
  readMarked(draft, end);
  for (
    let i = first + 1;
    i < labels.length && i <= maxLabels && draft.issues.length < maxIssues;
    i += 1
  ) {
    const other = labels[i] ?? "";
    const otherEnd = markerEnd(other);
    if (otherEnd < 0) continue;
    // The second label is read on its own, so that it complains of its own faults alone.
    const second = createDraft(other, runners);
    const message = `${quoted(other)} is a second label for ${marker}; put all settings into one label`;
    complain(second, "several-labels", undefined, message);
    readMarked(second, otherEnd);
    reconcile(second);
    draft.issues.push(...second.issues.slice(0, maxIssues - draft.issues.length));
  }
  return finish(draft, labels);
}

function parseAlias(
  labels: readonly string[],
  match: AliasMatch,
  runners: LabelCatalog["runners"],
): ParsedLabels {
  const draft = createDraft(match.label, runners);
  draft.text = match.use;
  if (match.use !== "") readSettings(draft, 0);
  for (const other of match.others) {
    const message = `${quoted(other)} and ${quoted(match.label)} are both labels for a machine; keep one`;
    draft.label = other;
    complain(draft, "several-labels", undefined, message);
  }
  draft.label = match.label;
  return finish(draft, labels);
}

function parseRunsOn(
  labels: readonly string[],
  theirs: RunsOnLabels,
  runners: LabelCatalog["runners"],
): ParsedLabels {
  const draft = createDraft(theirs.markers[0] ?? "", runners);
  draft.runId = theirs.runId;
  for (const { label, text } of theirs.settings) {
    draft.label = label;
    draft.text = text;
    readSetting(draft, 0, text.indexOf("="), text.length);
  }
  for (const other of theirs.markers.slice(1, maxLabels)) {
    draft.label = other;
    const message = `${quoted(other)} is a second label with a marker; put all settings into one label`;
    complain(draft, "several-labels", undefined, message);
  }
  draft.label = theirs.markers[0] ?? "";
  return finish(draft, labels);
}

function isMarked(label: string): boolean {
  return markerEnd(label) >= 0;
}

function speaksRunsOn(catalog: LabelCatalog): boolean {
  return catalog.dialects?.includes("runs-on") ?? false;
}

/**
 * Reads what the labels of a job ask for: one label of ours (`runs-fleet/cpu=4/arch=arm64`), else the first alias of the
 * catalog that matches, else labels of a dialect that the catalog names. All issues are reported at once, up to 100.
 *
 * Labels compare without regard to case, as at GitHub. The time is proportional to the length of the labels, and nothing
 * but the compiled aliases of a catalog is kept between calls. Never throws.
 *
 * @returns `undefined` when no label is ours.
 * @example
 * parseLabels(["runs-fleet/cpu=4+16/arch=arm64"]); // { ok: true, value: { os: "linux", cpu: { min: 4, max: 16 }, ... } }
 * parseLabels(["ubuntu-latest"]); // undefined
 */
export function parseLabels(
  labels: readonly string[],
  catalog?: LabelCatalog,
): ParsedLabels | undefined {
  for (let i = 0; i < labels.length; i += 1) {
    const end = markerEnd(labels[i] ?? "");
    if (end >= 0) return parseMarked(labels, i, end, catalog?.runners);
  }
  if (catalog === undefined) return undefined;
  const match = findAlias(labels, catalog);
  if (match !== undefined) return parseAlias(labels, match, catalog.runners);
  const theirs = speaksRunsOn(catalog) ? translateRunsOn(labels) : undefined;
  return theirs === undefined ? undefined : parseRunsOn(labels, theirs, catalog.runners);
}

/**
 * The keys of a dialect's labels that {@link parseLabels} leaves out because nothing here answers to them, such as
 * `extras` of RunsOn: a note for the decision record.
 */
export function ignoredLabelKeys(
  labels: readonly string[],
  catalog: LabelCatalog,
): readonly string[] {
  if (!speaksRunsOn(catalog) || labels.some(isMarked)) return [];
  if (findAlias(labels, catalog) !== undefined) return [];
  return translateRunsOn(labels)?.ignored ?? [];
}

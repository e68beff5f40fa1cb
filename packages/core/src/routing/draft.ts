import { maxIssues } from "./limits.ts";
import type { LabelIssue, LabelIssueCode, RunnerRequest } from "./request.ts";
import type { Arch, Bounds, Os, Shape } from "./shape.ts";
import { cpuOfFamilies } from "./type-cpu.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A closed range of vCPUs. */
type Cpu = RunnerRequest["cpu"];

/** A request while its label is being read. */
export interface Draft {
  /** The label that issues are reported against. */
  label: string;
  /** What is being read: the label, or what an alias or a dialect makes of it. */
  text: string;
  readonly runners: Readonly<Record<string, Shape>> | undefined;
  readonly issues: LabelIssue[];
  readonly explicit: string[];
  /** One bit for each setting that was named, right or wrong. */
  seen: number;
  runId: string | undefined;
  os: Os | undefined;
  arch: Arch | undefined;
  cpu: Cpu | undefined;
  ramGib: Bounds | undefined;
  families: readonly string[];
  generation: number | undefined;
  diskGib: number | undefined;
  image: string | undefined;
  runner: string | undefined;
  /** What a built-in runner name says. */
  builtin: { readonly os: Os; readonly arch: Arch; readonly cpu: Cpu } | undefined;
  pool: string | undefined;
  spot: boolean;
  regions: readonly string[];
  environment: string | undefined;
}

const none: readonly string[] = Object.freeze([]);
const defaultCpu: Cpu = Object.freeze({ min: 2, max: 2 });

/** An empty draft of `label`. */
export function createDraft(label: string, runners: Draft["runners"]): Draft {
  return {
    label,
    text: label,
    runners,
    issues: [],
    explicit: [],
    seen: 0,
    runId: undefined,
    os: undefined,
    arch: undefined,
    cpu: undefined,
    ramGib: undefined,
    families: none,
    generation: undefined,
    diskGib: undefined,
    image: undefined,
    runner: undefined,
    builtin: undefined,
    pool: undefined,
    spot: true,
    regions: none,
    environment: undefined,
  };
}

/** Adds an issue to the draft. A `key` and a `suggestion` that are `undefined` are left out. */
export function complain(
  draft: Draft,
  code: LabelIssueCode,
  key: string | undefined,
  message: string,
  suggestion?: string,
): void {
  if (draft.issues.length >= maxIssues) return;
  const issue: Mutable<LabelIssue> = { code, label: draft.label, message };
  if (key !== undefined) issue.key = key;
  if (suggestion !== undefined) issue.suggestion = suggestion;
  draft.issues.push(issue);
}

/** Text of a label for a message: in quotes, with what does not print escaped, shortened. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}

/** Looks at settings that only make sense together. Call once, after the last setting. */
export function reconcile(draft: Draft): void {
  const { builtin, runner } = draft;
  if (builtin !== undefined) {
    if (draft.os !== undefined && draft.os !== builtin.os) {
      complain(
        draft,
        "contradiction",
        "os",
        `os=${draft.os} contradicts runner=${runner}, which is ${builtin.os}; leave one of them out`,
        builtin.os,
      );
    }
    if (draft.arch !== undefined && draft.arch !== builtin.arch) {
      complain(
        draft,
        "contradiction",
        "arch",
        `arch=${draft.arch} contradicts runner=${runner}, which is ${builtin.arch}; leave one of them out`,
        builtin.arch,
      );
    }
    return;
  }
  // The runner's name may still be a catalog's: route knows its system and looks again.
  if (draft.os === "windows" && draft.arch === "arm64") {
    complain(
      draft,
      "contradiction",
      "arch",
      "Windows machines are x64; write arch=x64 or os=linux",
      "x64",
    );
  }
}

/** The request that a draft without issues says, with defaults filled in. */
export function toRequest(draft: Draft, labels: readonly string[]): RunnerRequest {
  const { builtin } = draft;
  const os = draft.os ?? builtin?.os ?? "linux";
  const arch = draft.arch ?? builtin?.arch ?? (os === "windows" ? "x64" : undefined);
  const request: Mutable<RunnerRequest> = {
    labels,
    os,
    cpu: draft.cpu ?? cpuOfFamilies(draft.families, builtin?.cpu ?? defaultCpu),
    families: draft.families,
    spot: draft.spot,
    regions: draft.regions,
    explicit: draft.explicit,
  };
  // Absent fields stay absent, not undefined; a spread for each would cost more than all the rest.
  if (arch !== undefined) request.arch = arch;
  if (draft.ramGib !== undefined) request.ramGib = draft.ramGib;
  if (draft.generation !== undefined) request.generation = draft.generation;
  if (draft.diskGib !== undefined) request.diskGib = draft.diskGib;
  if (draft.image !== undefined) request.image = draft.image;
  if (draft.runner !== undefined) request.runner = draft.runner;
  if (draft.pool !== undefined) request.pool = draft.pool;
  if (draft.environment !== undefined) request.environment = draft.environment;
  if (draft.runId !== undefined) request.runId = draft.runId;
  return request;
}

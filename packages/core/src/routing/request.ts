import type { Arch, Bounds, Os, Shape } from "./shape.ts";

/** What is wrong with a label. */
export type LabelIssueCode =
  | "unknown-key"
  | "duplicate-key"
  | "empty-segment"
  | "empty-value"
  | "invalid-value"
  | "out-of-range"
  | "inverted-range"
  | "contradiction"
  | "invalid-run-id"
  | "several-labels"
  | "too-long";

/** One problem of one label. */
export interface LabelIssue {
  readonly code: LabelIssueCode;
  /** The label as the job wrote it. */
  readonly label: string;
  readonly key?: string;
  readonly message: string;
  /** Replaces the key, or the value, alone. */
  readonly suggestion?: string;
}

/** What the labels of a job ask for. */
export interface RunnerRequest {
  /** The job's labels as written: a runner registers exactly these. */
  readonly labels: readonly string[];
  readonly os: Os;
  readonly arch?: Arch;
  readonly cpu: { readonly min: number; readonly max: number };
  readonly ramGib?: Bounds;
  readonly families: readonly string[];
  readonly generation?: number;
  readonly diskGib?: number;
  readonly image?: string;
  readonly runner?: string;
  readonly pool?: string;
  readonly spot: boolean;
  /** In order of preference; empty: the environment decides. */
  readonly regions: readonly string[];
  readonly environment?: string;
  readonly runId?: string;
  /** Keys that the label named itself, in its order. */
  readonly explicit: readonly string[];
}

/**
 * Maps labels that are not ours to a request. `match`: one whole label, with the captures `(\d+)`, `([a-z]+)` and
 * `([a-z0-9-]+)`, in either case; `labels`: the job's labels as a set. `use` is the part behind the marker, such as
 * `cpu=$1/arch=arm64`; empty for all defaults.
 */
export type LabelAlias =
  | { readonly match: string; readonly use: string }
  | { readonly labels: readonly string[]; readonly use: string };

/** What {@link parseLabels} needs of the configuration. */
export interface LabelCatalog {
  /** The first that matches wins; a label of ours wins over all. */
  readonly aliases?: readonly LabelAlias[];
  readonly runners?: Readonly<Record<string, Shape>>;
  /** Whose labels are understood besides ours. */
  readonly dialects?: readonly "runs-on"[];
}

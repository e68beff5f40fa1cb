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
  /** What kind of problem it is; stable. */
  readonly code: LabelIssueCode;
  /** The label as the job wrote it. */
  readonly label: string;
  /** The key it is about, as written. Absent: the label as a whole. */
  readonly key?: string;
  /** What is wrong and what is accepted, in one sentence. */
  readonly message: string;
  /** Replaces the key, or the value, alone. */
  readonly suggestion?: string;
}

/** What the labels of a job ask for. */
export interface RunnerRequest {
  /** The job's labels as written: a runner registers exactly these. */
  readonly labels: readonly string[];
  /** Operating system. Without `os=` or a runner that says otherwise: `linux`. */
  readonly os: Os;
  /** Processor architecture. Absent: either. */
  readonly arch?: Arch;
  /** vCPUs, both ends included. Without `cpu=` or a runner that says otherwise: those of the types in `family=`, else 2. */
  readonly cpu: { readonly min: number; readonly max: number };
  /** Memory, GiB. */
  readonly ramGib?: Bounds;
  /** Instance families and types in lower case, as {@link Shape} has them. Empty: any. */
  readonly families: readonly string[];
  /** Instance generation, 1 to 12. Absent: any. */
  readonly generation?: number;
  /** Root volume, GiB. Absent: as the image says. */
  readonly diskGib?: number;
  /** Name of an image of the catalog. Absent: the catalog's choice for the system. */
  readonly image?: string;
  /** Name of the predefined runner that it began with. */
  readonly runner?: string;
  /** Name of the pool that it asks for. Absent: any machine of the shape. */
  readonly pool?: string;
  /** Whether spot may be bought. */
  readonly spot: boolean;
  /** In order of preference; empty: the environment decides. */
  readonly regions: readonly string[];
  /** Environment that it asks for. Absent: the catalog's default. */
  readonly environment?: string;
  /** Workflow run that the label names, decimal digits. */
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
  /** Shapes that `runner=` may name, besides the built-in ones. */
  readonly runners?: Readonly<Record<string, Shape>>;
  /** Whose labels are understood besides ours. */
  readonly dialects?: readonly "runs-on"[];
}

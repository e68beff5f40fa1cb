import type { Position } from "../issues/issue.ts";

/**
 * `dropped`: it has no counterpart. `changed`: it is there, and means something else. `ambiguous`: RunsOn does not say what it
 * means, and one of its meanings was taken.
 */
export type LossKind = "dropped" | "changed" | "ambiguous";

/** One thing that is not the same as it was with RunsOn. */
export interface ImportLoss {
  /** Where in RunsOn's file. Empty: the whole of it. */
  readonly path: readonly (string | number)[];
  /** In which way it is not the same. */
  readonly kind: LossKind;
  /** What is different, and what to do instead. */
  readonly message: string;
  /** Where it begins in the text. */
  readonly start: Position;
  /** Where it ends, not included. */
  readonly end: Position;
}

/** A loss that does not know its place yet. */
export interface FieldLoss extends Pick<ImportLoss, "path" | "kind" | "message"> {
  /** Where it is noted in our file, when that is not where its path leads. */
  readonly section?: "environments" | "policies";
}

/** Notes a loss. */
export type TellLoss = (
  kind: LossKind,
  path: FieldLoss["path"],
  message: string,
  section?: FieldLoss["section"],
) => void;

const longestQuote = 40;

/** What somebody wrote, in quotes, cut where it is long. */
export function quoted(text: string): string {
  const cut = text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text;
  return JSON.stringify(cut);
}

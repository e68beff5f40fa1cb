/** A place in a text: line and column from 1, columns and offset in UTF-16 units. */
export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** From 0, in UTF-16 units. */
  readonly offset: number;
}

/** One thing that is wrong in a configuration, or looks so. */
export interface ConfigIssue {
  /** What kind of mistake it is: stable, kebab-case. */
  readonly rule: string;
  /** An error keeps the configuration from being used; a warning does not. */
  readonly severity: "error" | "warning" | "note";
  /** For people, in one sentence. */
  readonly message: string;
  /** The file, as it was named. */
  readonly file: string;
  /** Where in the document. Empty: the whole of it. */
  readonly path: readonly (string | number)[];
  /** Where it begins in the text. */
  readonly start: Position;
  /** Where it ends, not included. */
  readonly end: Position;
  /** What was probably meant. */
  readonly suggestion?: string;
  /** A change of the text that mends it and changes nothing else: what to put in place of which UTF-16 units. */
  readonly fix?: { readonly start: number; readonly end: number; readonly text: string };
}

/** An issue that knows its field, and not yet its place. */
export interface FieldIssue {
  readonly rule: string;
  readonly severity: ConfigIssue["severity"];
  readonly message: string;
  readonly path: readonly (string | number)[];
  readonly suggestion?: string;
  /** Whether it is about the key rather than what stands behind it. */
  readonly isAboutKey?: boolean;
  /** The key that is missing in the mapping at `path`. */
  readonly missing?: string;
}

import * as v from "valibot";

/** What people are told of a key, in an editor and on the reference page. */
export interface Notes {
  /** What it means, in sentences: units, what it counts, what follows from it. */
  readonly description?: string;
  /** As they are written in the file. */
  readonly examples?: readonly unknown[];
  /** What holds when the key is absent, as it would be written. */
  readonly default?: unknown;
  /** What holds when the key is absent, where no value says it: the end of "Default: ...". */
  readonly otherwise?: string;
  /** What may stand there, in a few words: `a duration`. */
  readonly type?: string;
}

/** A schema that accepts the same, and that people are told something about. */
export function noted<const T extends v.GenericSchema>(schema: T, notes: Notes): T {
  // A pipe has all that its first schema has; of metadata alone it also takes and gives the same.
  return v.pipe(schema, v.metadata({ ...notes })) as unknown as T;
}

/** A key that has to be there. */
export function required<const T extends v.GenericSchema>(
  schema: T,
  description: string,
  notes: Notes = {},
): T {
  return noted(schema, { ...notes, description });
}

/** A key that may be left out; `null` is not left out. */
export function optional<const T extends v.GenericSchema>(
  schema: T,
  description: string,
  notes: Notes = {},
): v.ExactOptionalSchema<T, undefined> {
  return v.exactOptional(noted(schema, { ...notes, description }));
}

interface NotedPart {
  readonly kind: string;
  readonly metadata?: Notes;
  readonly pipe?: readonly NotedPart[];
}

/** What people are told of a schema: what was said last counts. */
export function notesOf(schema: unknown): Notes {
  const { pipe = [], metadata } = schema as NotedPart;
  const said = pipe.map((part) => (part.kind === "schema" ? notesOf(part) : (part.metadata ?? {})));
  return Object.assign({}, ...said, pipe.length === 0 ? metadata : {}) as Notes;
}

/** What of a schema is looked at to find one's way in it. */
export interface Part {
  readonly type: string;
  /** Of a mapping with known keys. */
  readonly entries?: Readonly<Record<string, Part>>;
  /** Of the only value that is taken. */
  readonly literal?: unknown;
  /** Of a choice. */
  readonly options?: readonly Part[];
  /** Of a list. */
  readonly item?: Part;
  /** Of a list of fixed length. */
  readonly items?: readonly Part[];
  /** Of a mapping of names. */
  readonly value?: Part;
  /** Of a key that may be left out. */
  readonly wrapped?: Part;
}

/** What may stand at a path, by the schema: of a choice, every form of it. */
export function partsAt(schema: unknown, path: readonly (string | number)[]): readonly Part[] {
  let parts = unwrap(schema as Part);
  for (const key of path) parts = parts.flatMap((part) => below(part, key)).flatMap(unwrap);
  return parts;
}

function unwrap(part: Part): readonly Part[] {
  if (part.wrapped) return unwrap(part.wrapped);
  if (part.options && part.type === "union") return part.options.flatMap(unwrap);
  return [part];
}

function below({ type, entries, item, items, value }: Part, key: string | number): readonly Part[] {
  if (entries) return Object.hasOwn(entries, key) ? [entries[key] as Part] : [];
  if (items) return items.slice(Number(key), Number(key) + 1);
  if (type === "array" && item) return [item];
  return value ? [value] : [];
}

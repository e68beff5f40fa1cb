type Path = readonly (string | number)[];

/** Remembers which field of the file became which field of the catalog. */
export interface Origins {
  /** What stands at `made` in the catalog, and below, comes from `written` in the file. */
  note(made: Path, written: Path): void;
  /** Where the file says what the catalog says at `made`: by the nearest field around it that is known. */
  find(made: Path): Path;
}

/** A field of the catalog. */
interface Field {
  written?: Path;
  readonly below: Map<string | number, Field>;
}

/** Remembers nothing yet: every field is where it is in the catalog. */
export function createOrigins(): Origins {
  const root: Field = { below: new Map() };
  return {
    note: (made, written) => {
      let field = root;
      for (const key of made) {
        const known = field.below.get(key);
        const next = known ?? { below: new Map() };
        if (known === undefined) field.below.set(key, next);
        field = next;
      }
      field.written = written;
    },
    find: (made) => {
      let field: Field | undefined = root;
      let nearest = made;
      for (const [index, key] of made.entries()) {
        field = field.below.get(key);
        if (field === undefined) break;
        if (field.written) nearest = [...field.written, ...made.slice(index + 1)];
      }
      return nearest;
    },
  };
}

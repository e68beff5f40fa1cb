type Path = readonly (string | number)[];

/** Remembers which field of the file became which field of the catalog. */
export interface Origins {
  /** What stands at `made` in the catalog, and below, comes from `written` in the file. */
  note(made: Path, written: Path): void;
  /** Where the file says what the catalog says at `made`: by the nearest field around it that is known. */
  find(made: Path): Path;
}

const keyOf = (path: Path): string => JSON.stringify(path);

/** Remembers nothing yet: every field is where it is in the catalog. */
export function createOrigins(): Origins {
  const known = new Map<string, Path>();
  return {
    note: (made, written) => void known.set(keyOf(made), written),
    find: (made) => {
      for (let length = made.length; length > 0; length -= 1) {
        const origin = known.get(keyOf(made.slice(0, length)));
        if (origin) return [...origin, ...made.slice(length)];
      }
      return made;
    },
  };
}

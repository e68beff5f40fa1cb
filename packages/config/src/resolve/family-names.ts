/** A name of families or types, and where the file says it. */
export interface FamilyName {
  /** In lower case: `c7g`, `c7*` or `c7g.large`. */
  readonly name: string;
  /** Which text of the list it is in. */
  readonly index: number;
}

/** The names that the texts of a `family` say: each may have several, with `+` between them. */
export function familyNames(texts: readonly string[]): readonly FamilyName[] {
  return texts.flatMap((text, index) =>
    text
      .toLowerCase()
      .split("+")
      .map((name) => ({ name, index })),
  );
}

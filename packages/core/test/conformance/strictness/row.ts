import type { Deviation } from "../emulator.ts";

/** Where a rule comes from, in words that say how far it can be trusted. */
export interface Source {
  /**
   * `doc`: the service's documentation says so. `report`: users met it. `code`: the service's or its client's source
   * shows it. `inferred`: it follows from what is known, and nobody wrote it down. `house`: our own rule, stricter than
   * the service.
   */
  readonly kind: "doc" | "report" | "code" | "inferred" | "house";
  /** What it is called. */
  readonly title: string;
  readonly url?: string;
}

/** Something that a fake does or refuses as its service does. */
export interface StrictnessRow {
  /** The rule, as the title of the test that proves it or in words of its own. */
  readonly rule: string;
  readonly source: Source;
  /** The test that proves it: a file below `packages/core`, and what stands in its title. */
  readonly proof: { readonly file: string; readonly title: string };
  /** `agrees`, how it lies, or why it was not tried. */
  readonly emulator: string;
}

/** The rows of one fake. */
export interface StrictnessTable {
  readonly fake: string;
  /** What stands for the service elsewhere; absent when nothing does. */
  readonly emulator?: string;
  readonly rows: readonly StrictnessRow[];
}

/** Rows for cases that an emulator was tried with as well. Every case needs a source; a source needs a case. */
export function rowsOf(
  cases: readonly { readonly name: string; readonly moto?: Deviation }[],
  file: string,
  sources: Readonly<Record<string, Source>>,
): readonly StrictnessRow[] {
  const names = new Set(cases.map(({ name }) => name));
  const strange = Object.keys(sources).filter((name) => !names.has(name));
  if (strange.length > 0) throw new Error(`No case is called ${strange.join("; ")}`);
  return cases.map(({ name, moto }) => {
    const source = sources[name];
    if (source === undefined) throw new Error(`No source is given for: ${name}`);
    return {
      rule: name,
      source,
      proof: { file, title: name },
      emulator: moto === undefined ? "agrees" : `lies: ${moto.why}`,
    };
  });
}

/** A row that no emulator was tried with. */
export function row(
  rule: string,
  source: Source,
  file: string,
  title: string,
  emulator = "not tried: has nothing of the kind",
): StrictnessRow {
  return { rule, source, proof: { file, title }, emulator };
}

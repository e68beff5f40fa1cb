import type { Catalog } from "@runs-fleet/core";
import type { FileForm } from "../form/file-form.ts";

/** Where something stands in the file. */
export type Path = readonly (string | number)[];

/** What is looked at beyond its form. */
export interface LintInput {
  /** The file with its units resolved. */
  readonly form: FileForm;
  /** The catalog that it describes: of the right form, as `parseCatalog` says; what refers to something that is not there is not whole. */
  readonly catalog: Catalog;
  /** From when on schedules are looked at, epoch milliseconds. Absent: only what they say at any time. */
  readonly atMs: number | undefined;
  /** Whether the file says at all these places what was written there: nothing in or around them was taken out as wrong. */
  isWhole(...paths: readonly Path[]): boolean;
}

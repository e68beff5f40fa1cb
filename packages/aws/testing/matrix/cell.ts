/** A cell of a fault matrix, as its test tells it to the report. */
export interface Cell {
  /** The title of its matrix. */
  readonly matrix: string;
  /** The name of the fault. */
  readonly row: string;
  /** The operation and the call. */
  readonly column: string;
  /** What came of it: `ok`, or the kind of the failure. */
  readonly outcome: string;
}

/** A value of our file. */
export type Value = string | number | boolean | readonly Value[] | Fields;

/** A mapping of our file, in the order in which it is written. */
export interface Fields {
  readonly [key: string]: Value;
}

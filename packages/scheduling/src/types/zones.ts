/** The offsets of one zone: `offsetMs[i]` holds from `at[i]` until `at[i + 1]`. */
export interface ZoneSpans {
  /** Epoch milliseconds, ascending; the first is not after the start of the range asked for. */
  readonly at: Float64Array;
  /** Local time minus UTC, milliseconds. Neighbours differ. */
  readonly offsetMs: Int32Array;
}

/** A range of time, half open. */
export interface ZoneRange {
  /** Epoch milliseconds, inclusive. */
  readonly fromMs: number;
  /** Epoch milliseconds, exclusive. */
  readonly toMs: number;
}

/**
 * Where offsets come from. The same question always gets the same answer.
 */
export interface ZoneSource {
  /** Release of the tz database, for example `2026f`; `unknown` when the runtime does not say. */
  readonly version: string;
  /**
   * Offsets of a zone between two instants; cheap when repeated.
   *
   * @param id - IANA name or link, in any case.
   * @throws A `RangeError` when the zone or that time is unknown here.
   */
  spans(id: string, fromMs: number, toMs: number): ZoneSpans;
  /** What is known of a zone; `undefined` = nothing. A source without this method knows all zones at all times. */
  range?(id: string): ZoneRange | undefined;
}

/** Zone data as plain JSON; {@link tableZones} reads it. */
export interface TzTable {
  /** Release of the tz database. */
  readonly version: string;
  /** Start of the table, minutes since the epoch. */
  readonly fromMinute: number;
  /** End of the table, exclusive, minutes since the epoch. */
  readonly toMinute: number;
  /** One history per line of `zones`: the first offset in minutes, then pairs of (minutes since the change before, new offset in minutes). */
  readonly rules: readonly (readonly number[])[];
  /** Names that share the history of the same index, separated by blanks. */
  readonly zones: readonly string[];
}

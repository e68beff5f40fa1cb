import { FleetError, type Json } from "@runs-fleet/core";
import * as v from "valibot";

const text = v.pipe(v.string(), v.maxLength(2_048));
const moment = v.number();
const optional = v.exactOptional;

/** What was looked at last. */
export const seenSchema = v.object({
  /** Absent: it was found by looking, not by a push. */
  commit: optional(text),
  pushedAtMs: optional(moment),
  /** Version of what was found there. Absent: nothing was. */
  version: optional(text),
  atMs: moment,
  /** Commits that came before it, as far as is known, the latest last. */
  older: v.array(text),
  /** Versions that were found before it, the latest last. */
  olderVersions: v.array(text),
});

/** What was refused. */
export const rejectedSchema = v.object({
  version: text,
  commit: optional(text),
  atMs: moment,
  problems: v.array(text),
  more: v.number(),
});

const schema = v.object({
  applied: optional(
    v.object({
      version: text,
      previous: optional(text),
      commit: optional(text),
      atMs: moment,
      /** Names of its pools, in order: each is a record of its own. */
      pools: v.array(text),
    }),
  ),
  seen: optional(seenSchema),
  rejected: optional(rejectedSchema),
  alert: optional(v.object({ code: text, message: text, sinceMs: moment })),
});

/**
 * What is on record about one configuration file: which version is in force, which push was looked at last, what was refused, and
 * why it cannot be read. One record, so that each step is taken whole or not at all.
 */
export type ConfigState = v.InferOutput<typeof schema>;
/** What was looked at last. */
export type Seen = v.InferOutput<typeof seenSchema>;

/**
 * Reads a record of ours.
 *
 * @throws A {@link FleetError} `config` for anything else.
 */
export function parseState(value: Json): ConfigState {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  throw new FleetError({ kind: "config", message: "The record of the configuration is not ours" });
}

import { FleetError, type Json, type Narrowing } from "@runs-fleet/core";
import * as v from "valibot";
import { rejectedSchema, type Seen, seenSchema } from "../watch/config-state.ts";

const text = v.pipe(v.string(), v.maxLength(2_048));
const optional = v.exactOptional;

const schema = v.object({
  /** The last one that was sound. Absent: it narrows nothing. */
  narrowing: optional(
    v.object({
      version: text,
      environments: optional(v.array(text)),
      pools: optional(v.array(text)),
      maxCpu: optional(v.number()),
      maxJobs: optional(v.number()),
      maxReruns: optional(v.number()),
    }),
  ),
  /** What was looked at last. */
  seen: optional(seenSchema),
  /** With which GitHub tells whether the head of the branch still has it. */
  etag: optional(text),
  rejected: optional(rejectedSchema),
  /** When the file was looked at last, epoch milliseconds. 0: it is to be looked at. */
  lookedAtMs: v.number(),
});

/** What is on record about the file of one repository. */
export interface RepositoryRecord {
  readonly narrowing?: Narrowing;
  readonly seen?: Seen;
  readonly etag?: string;
  readonly rejected?: v.InferOutput<typeof rejectedSchema>;
  readonly lookedAtMs: number;
}

/**
 * Reads a record of ours.
 *
 * @throws A {@link FleetError} `config` for anything else.
 */
export function parseRepositoryRecord(value: Json): RepositoryRecord {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  throw new FleetError({ kind: "config", message: "The record of a repository is not ours" });
}

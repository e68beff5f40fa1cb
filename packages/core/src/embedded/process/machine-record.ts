import * as v from "valibot";
import type { Market } from "../../routing/shape.ts";
import { parseJson } from "./files.ts";

/** What is known about a machine when it is bought; it never changes. */
export interface MachineRecord {
  readonly id: string;
  readonly attemptId: string;
  readonly token: string;
  readonly environment: string;
  readonly region: string;
  readonly zone?: string;
  readonly market: Market;
  readonly pool?: string;
  readonly specHash: string;
  /** Hard deadline, epoch milliseconds. */
  readonly deadlineMs: number;
  readonly launchedAtMs: number;
  readonly tags: Readonly<Record<string, string>>;
  /** Whether its process does nothing at all: a fault for tests. */
  readonly hangs: boolean;
  /** How long its process waits before it runs, milliseconds: a fault for tests. */
  readonly bootDelayMs: number;
}

const text = v.pipe(v.string(), v.maxLength(1_024));
const milliseconds = v.pipe(v.number(), v.minValue(0));

const schema = v.object({
  id: text,
  attemptId: text,
  token: text,
  environment: text,
  region: text,
  zone: v.exactOptional(text),
  market: v.picklist(["spot", "on-demand"]),
  pool: v.exactOptional(text),
  specHash: text,
  deadlineMs: milliseconds,
  launchedAtMs: milliseconds,
  tags: v.record(text, text),
  hangs: v.boolean(),
  bootDelayMs: milliseconds,
});

/** The record as it was written; `undefined` when the text is none. */
export function parseMachineRecord(json: string): MachineRecord | undefined {
  const result = v.safeParse(schema, parseJson(json));
  return result.success ? result.output : undefined;
}

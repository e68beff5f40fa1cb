import { join } from "node:path";
import * as v from "valibot";
import type { AgentEvent } from "../../wire/agent-event.ts";
import { parseAgentEvent } from "../../wire/parse.ts";
import { makeDirectory, parseJson, writeDurably } from "./files.ts";
import { eventsOf, fileNameFor } from "./layout.ts";

/** An event as it lies in its file. */
export interface EventEnvelope {
  readonly body: AgentEvent;
  readonly trace?: Readonly<Record<string, string>>;
}

/** Longest file that is read, characters. */
const longest = 65_536;

const schema = v.object({
  body: v.unknown(),
  trace: v.exactOptional(v.record(v.string(), v.pipe(v.string(), v.maxLength(1_024)))),
});

/** The envelope as it was written; `undefined` when the text is none. */
export function parseEventEnvelope(text: string): EventEnvelope | undefined {
  if (text.length > longest) return undefined;
  const result = v.safeParse(schema, parseJson(text));
  if (!result.success) return undefined;
  const body = parseAgentEvent(result.output.body);
  const { trace } = result.output;
  return body && { body, ...(trace && { trace }) };
}

/** Name of the event's file: in the order of time, and the same again for a repeated event. */
function nameOf(event: AgentEvent): string {
  const at = String(Math.max(0, event.atMs)).padStart(16, "0");
  const sequence = String(event.sequence).padStart(8, "0");
  return `${at}-${sequence}-${fileNameFor(event.id)}.json`;
}

/** An event ready to be written. */
export interface PreparedEvent {
  readonly name: string;
  readonly text: string;
}

/** The envelope as a file: what the sender does to its event afterwards changes nothing. */
export function prepareEvent(envelope: EventEnvelope): PreparedEvent {
  return { name: nameOf(envelope.body), text: JSON.stringify(envelope) };
}

/** The event is in the machine's directory, durably; writing it again changes nothing. */
export async function writeEvent(machine: string, event: PreparedEvent): Promise<void> {
  await makeDirectory(eventsOf(machine));
  await writeDurably(join(eventsOf(machine), event.name), event.text);
}

import type { Cause } from "../../ports/cause.ts";
import type { Json } from "../../ports/json.ts";
import type { DeadLetter } from "../dead-letter.ts";
import { deduplicationMs } from "../limits.ts";
import type { Prepare } from "./connection.ts";

/** How long dead letters are kept, milliseconds. */
const deadLetterMs = 14 * 86_400_000;

/** Most dead letters that are shown. */
const mostDeadLetters = 1_000;

/** A message as it is stored. */
export interface MessageRow {
  readonly sequence: number;
  readonly turn: number;
  readonly body: string;
  readonly trace: string | null;
  readonly receives: number;
}

/** A message as it is to be stored. */
export interface NewMessage {
  readonly body: string;
  readonly group: string;
  readonly trace: string | null;
  readonly deduplicationId: string | undefined;
}

function isDuplicate(prepare: Prepare, queue: string, id: string, nowMs: number): boolean {
  prepare("DELETE FROM deduplication WHERE queue = ? AND expires_at_ms <= ?").run(queue, nowMs);
  const { changes } = prepare(
    "INSERT OR IGNORE INTO deduplication (queue, id, expires_at_ms) VALUES (?, ?, ?)",
  ).run(queue, id, nowMs + deduplicationMs);
  return changes === 0;
}

/** The turn after the last one of the group and the last one that was served: see `createFairTurns`. */
const takeTurn = `
  INSERT INTO message_groups (queue, name, last_turn)
  VALUES (?1, ?2, 1 + COALESCE((SELECT served_turn FROM queues WHERE name = ?1), 0))
  ON CONFLICT (queue, name) DO UPDATE SET last_turn = MAX(last_turn + 1, excluded.last_turn)`;

const insert = `
  INSERT INTO messages (queue, turn, body, trace)
  VALUES (?1, (SELECT last_turn FROM message_groups WHERE queue = ?1 AND name = ?2), ?3, ?4)`;

/** Stores a message, unless it is a duplicate. */
export function addMessage(
  prepare: Prepare,
  queue: string,
  message: NewMessage,
  nowMs: number,
): void {
  const { body, group, trace, deduplicationId } = message;
  if (deduplicationId !== undefined && isDuplicate(prepare, queue, deduplicationId, nowMs)) return;
  prepare(takeTurn).run(queue, group);
  prepare(insert).run(queue, group, body, trace);
}

/** Forgets groups whose last turn is past: they start at the served turn anyway. */
export function sweepGroups(prepare: Prepare, queue: string): void {
  prepare(
    `DELETE FROM message_groups WHERE queue = ?1
     AND last_turn <= (SELECT served_turn FROM queues WHERE name = ?1)`,
  ).run(queue);
}

/** Whether a receive would find something. Needs no lock. */
export function hasReady(prepare: Prepare, queue: string, nowMs: number): boolean {
  const row = prepare(
    `SELECT EXISTS (SELECT 1 FROM messages WHERE queue = ? AND due_ms = 0)
         OR EXISTS (SELECT 1 FROM messages WHERE queue = ? AND due_ms > 0 AND due_ms <= ?) AS ready`,
  ).get(queue, queue, nowMs);
  return (row as { readonly ready: number }).ready === 1;
}

/** When the next hidden message comes back. */
export function nextDueMs(prepare: Prepare, queue: string): number | undefined {
  const row = prepare(
    "SELECT MIN(due_ms) AS due_ms FROM messages WHERE queue = ? AND due_ms > 0",
  ).get(queue);
  return (row as { readonly due_ms: number | null }).due_ms ?? undefined;
}

/** Makes ready what is due. */
export function wakeDue(prepare: Prepare, queue: string, nowMs: number): void {
  prepare("UPDATE messages SET due_ms = 0 WHERE queue = ? AND due_ms > 0 AND due_ms <= ?").run(
    queue,
    nowMs,
  );
}

/** Up to `max` ready messages, in order of turns. */
export function readyRows(prepare: Prepare, queue: string, max: number): readonly MessageRow[] {
  return prepare(
    `SELECT sequence, turn, body, trace, receives FROM messages
     WHERE queue = ? AND due_ms = 0 ORDER BY turn, sequence LIMIT ?`,
  ).all(queue, max) as MessageRow[];
}

/** Hides a message that is being received and answers the receipt. */
export function hideRow(prepare: Prepare, row: MessageRow, dueMs: number): string {
  const receives = row.receives + 1;
  const receipt = `${row.sequence}.${receives}`;
  prepare("UPDATE messages SET due_ms = ?, receives = ?, receipt = ? WHERE sequence = ?").run(
    dueMs,
    receives,
    receipt,
    row.sequence,
  );
  return receipt;
}

/** Remembers the turn that was served last. */
export function serveTurn(prepare: Prepare, queue: string, turn: number): void {
  prepare(
    `INSERT INTO queues (name, served_turn) VALUES (?, ?)
     ON CONFLICT (name) DO UPDATE SET served_turn = MAX(served_turn, excluded.served_turn)`,
  ).run(queue, turn);
}

/** Removes the message of a receipt; nothing when it was received again or is gone. */
export function removeByReceipt(prepare: Prepare, queue: string, receipt: string): void {
  prepare("DELETE FROM messages WHERE sequence = ? AND queue = ? AND receipt = ?").run(
    sequenceOf(receipt),
    queue,
    receipt,
  );
}

/** Hides the message of a receipt until `dueMs`; 0 makes it ready. Nothing when it is hidden no more. */
export function hideByReceipt(
  prepare: Prepare,
  queue: string,
  receipt: string,
  dueMs: number,
): void {
  prepare(
    "UPDATE messages SET due_ms = ? WHERE sequence = ? AND queue = ? AND receipt = ? AND due_ms > 0",
  ).run(dueMs, sequenceOf(receipt), queue, receipt);
}

/** The message of a receipt. */
export function findByReceipt(
  prepare: Prepare,
  queue: string,
  receipt: string,
): MessageRow | undefined {
  return prepare(
    `SELECT sequence, turn, body, trace, receives FROM messages
     WHERE sequence = ? AND queue = ? AND receipt = ?`,
  ).get(sequenceOf(receipt), queue, receipt) as MessageRow | undefined;
}

function sequenceOf(receipt: string): number {
  return Number.parseInt(receipt, 10) || 0;
}

/** Moves a message to the dead letters, and forgets very old ones. */
export function buryRow(
  prepare: Prepare,
  queue: string,
  row: MessageRow,
  cause: Cause,
  atMs: number,
): void {
  const { sequence, body, receives } = row;
  prepare(
    `INSERT OR REPLACE INTO dead_letters (sequence, queue, body, receives, code, message, at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  ).run(sequence, queue, body, receives, cause.code, cause.message, atMs);
  prepare("DELETE FROM messages WHERE sequence = ?").run(sequence);
  prepare("DELETE FROM dead_letters WHERE queue = ? AND at_ms <= ?").run(
    queue,
    atMs - deadLetterMs,
  );
}

/** The oldest dead letters; a body that is no JSON is shown as text. */
export function deadLetters(prepare: Prepare, queue: string): readonly DeadLetter<Json>[] {
  const rows = prepare(
    `SELECT sequence, body, receives, code, message, at_ms FROM dead_letters
     WHERE queue = ? ORDER BY sequence LIMIT ${mostDeadLetters}`,
  ).all(queue);
  return rows.map((row) => {
    const { sequence, body, receives, code, message, at_ms } = row as {
      readonly sequence: number;
      readonly body: string;
      readonly receives: number;
      readonly code: Cause["code"];
      readonly message: string;
      readonly at_ms: number;
    };
    const json = parseJson(body);
    return {
      id: `m${sequence}`,
      body: json === undefined ? body : json,
      cause: { code, message },
      attempts: receives,
      atMs: at_ms,
    };
  });
}

/** The value of a JSON text; `undefined` when it is none. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

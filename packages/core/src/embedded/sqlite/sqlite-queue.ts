import type { TraceCarrier } from "@runs-fleet/telemetry";
import type { Cause } from "../../ports/cause.ts";
import { FleetError } from "../../ports/failure.ts";
import type { Delivery, MessageQueue, SendOutcome } from "../../ports/message-queue.ts";
import { copyMessage } from "../copy-message.ts";
import { type DeadLetter, tooManyReceives } from "../dead-letter.ts";
import { createDoorbell } from "../doorbell.ts";
import { assertInteger, assertName, assertReceive, defaultMaxReceives } from "../limits.ts";
import { createConnection, type Prepare } from "./connection.ts";
import { resolveOptions, type SqliteOptions } from "./options.ts";
import * as messages from "./sqlite-messages.ts";

/** Options of {@link createSqliteQueue}. */
export interface SqliteQueueOptions<T> extends SqliteOptions {
  /** Which queue of the file it is. */
  readonly name: string;
  /** The typed body; throws, or answers `undefined`, when it is none. Such a message becomes a dead letter. */
  parse(body: unknown): T | undefined;
  /** Receives without an acknowledgement after which a message is a dead letter, at least 1. @defaultValue 50 */
  readonly maxReceives?: number;
}

/** A queue on local disk that shows its dead letters. */
export interface SqliteQueue<T> extends MessageQueue<T>, AsyncDisposable {
  /** The oldest 1,000 dead letters, with their bodies as they were sent. They are kept for 14 days. */
  deadLetters(): Promise<readonly DeadLetter<unknown>[]>;
}

/** How often another process's messages are looked for at first and at last, milliseconds. */
const firstLookMs = 20;
const longestLookMs = 100;

/** Sends between two sweeps of groups that wait for nothing. */
const sendsPerSweep = 1_000;

const accepted: SendOutcome = Object.freeze({ ok: true });

/** The typed body, or why there is none. The words say nothing of the content, which may be secret. */
function parseBody<T>(
  text: string,
  parse: (body: unknown) => T | undefined,
): { readonly body: T } | { readonly cause: Cause } {
  const json = messages.parseJson(text);
  if (json === undefined) {
    return { cause: { code: "config", message: "The stored body is damaged" } };
  }
  try {
    const body = parse(json);
    if (body !== undefined) return { body };
  } catch {
    // Told below: the error of a parser may quote the body.
  }
  return { cause: { code: "config", message: "The body is not what this queue carries" } };
}

/** The outcome of sends that failed together. */
function toOutcome(error: unknown): SendOutcome {
  if (FleetError.isInstance(error)) return { ok: false, error };
  throw error;
}

/**
 * A queue in a SQLite file on local disk; several hosts on one machine may share it. Sends that are under way together
 * share one transaction, and each resolves when that is durable.
 *
 * Behaves as the memory queue does. A receive that waits is woken at once by a send through this object, and within 100 ms
 * by one from elsewhere. Disposing ends waiting receives with a `config` failure.
 *
 * @throws A TypeError or RangeError for bad options. Failures are those of the store in the same file.
 */
export function createSqliteQueue<T>(options: SqliteQueueOptions<T>): SqliteQueue<T> {
  const { name, parse, maxReceives = defaultMaxReceives } = options;
  const resolved = resolveOptions(options);
  assertName(name, "The name of a queue");
  assertInteger(maxReceives, "maxReceives", 1);
  const { clock } = resolved;
  const connection = createConnection(resolved);
  const doorbell = createDoorbell(clock);
  let sends = 0;

  function takeRow(
    prepare: Prepare,
    row: messages.MessageRow,
    visibilityMs: number,
  ): Delivery<T> | undefined {
    messages.serveTurn(prepare, name, row.turn);
    const parsed =
      row.receives < maxReceives
        ? parseBody(row.body, parse)
        : { cause: tooManyReceives(row.receives) };
    const nowMs = clock.now();
    if ("cause" in parsed) {
      messages.buryRow(prepare, name, row, parsed.cause, nowMs);
      return undefined;
    }
    const receipt = messages.hideRow(prepare, row, nowMs + visibilityMs);
    return {
      id: `m${row.sequence}`,
      body: parsed.body,
      receipt,
      attempt: row.receives + 1,
      ...(row.trace === null ? {} : { trace: messages.parseJson(row.trace) as TraceCarrier }),
    };
  }

  function take(prepare: Prepare, max: number, visibilityMs: number): readonly Delivery<T>[] {
    messages.wakeDue(prepare, name, clock.now());
    const taken: Delivery<T>[] = [];
    while (taken.length < max) {
      const rows = messages.readyRows(prepare, name, max - taken.length);
      if (rows.length === 0) break;
      for (const row of rows) {
        const delivery = takeRow(prepare, row, visibilityMs);
        if (delivery !== undefined) taken.push(delivery);
      }
    }
    return taken;
  }

  /** How long to wait before the next look, given that nothing is ready now. */
  async function restMs(endMs: number, lookMs: number, signal?: AbortSignal): Promise<number> {
    const dueMs = await connection.read((prepare) => messages.nextDueMs(prepare, name), signal);
    const untilDueMs = dueMs === undefined ? lookMs : Math.max(1, dueMs - clock.now());
    return Math.min(endMs - clock.monotonicMs(), lookMs, untilDueMs);
  }

  return {
    async send(batch, callOptions) {
      const signal = callOptions?.signal;
      signal?.throwIfAborted();
      const copies = batch.map(copyMessage);
      const fresh = copies.flatMap((copy) => {
        if (!copy.ok) return [];
        const { body, group = "", trace, deduplicationId } = copy.message;
        return [
          {
            body: JSON.stringify(body),
            group,
            trace: trace === undefined ? null : JSON.stringify(trace),
            deduplicationId,
          },
        ];
      });
      if (fresh.length === 0) return copies.map((copy) => (copy.ok ? accepted : copy));
      let outcome = accepted;
      try {
        await connection.write((prepare) => {
          for (const message of fresh) messages.addMessage(prepare, name, message, clock.now());
          sends += 1;
          if (sends % sendsPerSweep === 0) messages.sweepGroups(prepare, name);
        }, signal);
        doorbell.ring();
      } catch (error) {
        outcome = toOutcome(error);
      }
      return copies.map((copy) => (copy.ok ? outcome : copy));
    },
    async receive({ max, waitMs, visibilityMs, signal }) {
      assertReceive({ max, waitMs, visibilityMs });
      const endMs = clock.monotonicMs() + waitMs;
      for (let lookMs = firstLookMs; ; lookMs = Math.min(longestLookMs, lookMs * 1.5)) {
        const isReady = await connection.read(
          (prepare) => messages.hasReady(prepare, name, clock.now()),
          signal,
        );
        if (isReady) {
          const taken = await connection.write(
            (prepare) => take(prepare, max, visibilityMs),
            signal,
          );
          if (taken.length > 0) return taken;
        }
        if (clock.monotonicMs() >= endMs) return [];
        await doorbell.wait(await restMs(endMs, lookMs, signal), signal);
      }
    },
    async acknowledge(deliveries, callOptions) {
      callOptions?.signal?.throwIfAborted();
      if (deliveries.length === 0) return;
      await connection.write((prepare) => {
        for (const { receipt } of deliveries) messages.removeByReceipt(prepare, name, receipt);
      }, callOptions?.signal);
    },
    async extend(deliveries, visibilityMs, callOptions) {
      callOptions?.signal?.throwIfAborted();
      assertInteger(visibilityMs, "visibilityMs", 0);
      if (deliveries.length === 0) return;
      await connection.write((prepare) => {
        const nowMs = clock.now();
        messages.wakeDue(prepare, name, nowMs);
        const dueMs = visibilityMs === 0 ? 0 : nowMs + visibilityMs;
        for (const { receipt } of deliveries) {
          messages.hideByReceipt(prepare, name, receipt, dueMs);
        }
      }, callOptions?.signal);
      if (visibilityMs === 0) doorbell.ring();
    },
    async deadLetter(delivery, cause, callOptions) {
      await connection.write((prepare) => {
        const row = messages.findByReceipt(prepare, name, delivery.receipt);
        if (row !== undefined) messages.buryRow(prepare, name, row, cause, clock.now());
      }, callOptions?.signal);
    },
    deadLetters: () => connection.read((prepare) => messages.deadLetters(prepare, name)),
    [Symbol.asyncDispose]: async () => {
      await connection[Symbol.asyncDispose]();
      doorbell.ring();
    },
  };
}

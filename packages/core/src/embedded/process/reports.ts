import { mkdirSync, watch } from "node:fs";
import { join, resolve } from "node:path";
import type { Cause } from "../../ports/cause.ts";
import type { Clock } from "../../ports/clock.ts";
import { FleetError } from "../../ports/failure.ts";
import type { Delivery, Message, MessageQueue, SendOutcome } from "../../ports/message-queue.ts";
import { systemClock } from "../../ports/system-clock.ts";
import type { AgentEvent } from "../../wire/agent-event.ts";
import { parseAgentEvent } from "../../wire/parse.ts";
import { createDoorbell } from "../doorbell.ts";
import { assertInteger, assertReceive, defaultMaxReceives } from "../limits.ts";
import { type PreparedEvent, parseEventEnvelope, prepareEvent, writeEvent } from "./event-files.ts";
import { asUnavailable } from "./files.ts";
import { hintsIn, isMachineName } from "./layout.ts";
import { createSpool, type SpooledFile } from "./spool.ts";

/** Options of {@link createProcessReports}. */
export interface ProcessReportsOptions {
  /** The directory of the machines. */
  readonly directory: string;
  /** Decides about visibility and waits. @defaultValue {@link systemClock} */
  readonly clock?: Clock;
  /** How often every machine's directory is looked into, hints or not, milliseconds. @defaultValue 2,000 */
  readonly rescanMs?: number;
  /** Receives without an acknowledgement after which an event is a dead letter, at least 1. @defaultValue 50 */
  readonly maxReceives?: number;
}

/**
 * The queue of what process machines report: files that they write into their own directories, so that the place says
 * who the sender is.
 *
 * Acknowledging removes the file. What was received is remembered by this process alone: a host that takes over gets
 * everything that was not acknowledged. An event that cannot be read goes to `dead-letters/`, with the cause beside it.
 *
 * @throws A `TypeError` or `RangeError` for a bad option.
 */
export function createProcessReports(
  options: ProcessReportsOptions,
): MessageQueue<AgentEvent> & AsyncDisposable {
  const { clock = systemClock, rescanMs = 2_000, maxReceives = defaultMaxReceives } = options;
  if (!options.directory) throw new TypeError("directory must be a path");
  assertInteger(rescanMs, "rescanMs", 1);
  assertInteger(maxReceives, "maxReceives", 1);
  const directory = resolve(options.directory);
  const spool = createSpool(directory);
  const doorbell = createDoorbell(clock);
  const hinted = new Set<string>();
  const closing = new AbortController();
  let rescanAtMs = Number.NEGATIVE_INFINITY;
  let watching = false;

  /** Hints only save time: without them each event waits for the next look at everything. */
  function watchHints(): void {
    watching = true;
    const hints = hintsIn(directory);
    try {
      mkdirSync(hints, { recursive: true, mode: 0o700 });
      const options = { persistent: false, signal: closing.signal };
      const watcher = watch(hints, options, (_change, name) => {
        if (name === null || !isMachineName(name)) return;
        hinted.add(name);
        doorbell.ring();
      });
      watcher.on("error", () => watcher.close());
    } catch {
      // The system grants no more watches.
    }
  }

  function look(): void {
    if (!watching) watchHints();
    const nowMs = clock.monotonicMs();
    if (nowMs >= rescanAtMs) {
      spool.scanAll();
      rescanAtMs = nowMs + rescanMs;
    } else {
      for (const name of hinted) spool.scan(name);
    }
    hinted.clear();
  }

  function bury(file: SpooledFile, cause: Cause): void {
    spool.bury(file, { ...cause, attempts: file.attempts, atMs: clock.now() });
  }

  function deliver(file: SpooledFile): Delivery<AgentEvent> | undefined {
    const { id, machineId, receipt, attempts } = file;
    if (attempts > maxReceives) {
      const message = `Received ${maxReceives} times without an acknowledgement`;
      bury(file, { code: "unknown", message });
      return undefined;
    }
    const text = spool.read(file);
    if (text === undefined) return undefined;
    const envelope = parseEventEnvelope(text);
    if (envelope === undefined) {
      bury(file, { code: "unknown", message: "The file is not an event of an agent" });
      return undefined;
    }
    const { body } = envelope;
    const trace = envelope.trace ?? body.trace;
    const sent = { id, body, receipt, attempt: attempts, sender: machineId };
    return trace ? { ...sent, trace } : sent;
  }

  function take(max: number, visibilityMs: number): readonly Delivery<AgentEvent>[] {
    const taken: Delivery<AgentEvent>[] = [];
    while (taken.length < max) {
      const file = spool.take(clock.monotonicMs(), visibilityMs);
      if (file === undefined) break;
      const delivery = deliver(file);
      if (delivery) taken.push(delivery);
    }
    return taken;
  }

  function lookAndTake(max: number, visibilityMs: number): readonly Delivery<AgentEvent>[] {
    try {
      look();
      return take(max, visibilityMs);
    } catch (error) {
      throw asUnavailable(error, "The events could not be read");
    }
  }

  /** Turns the message into a file's text, or into why it cannot be one. */
  function prepare({ body, trace }: Message<AgentEvent>): PreparedEvent | FleetError {
    if (parseAgentEvent(body) !== undefined && isMachineName(body.machineId)) {
      return prepareEvent({ body, ...(trace && { trace }) });
    }
    const message = "The message is not an event of a machine that can have a directory";
    return new FleetError({ kind: "config", message });
  }

  async function write(machineId: string, event: PreparedEvent): Promise<SendOutcome> {
    try {
      await writeEvent(join(directory, machineId), event);
    } catch (error) {
      return { ok: false, error: asUnavailable(error, "The event could not be written") };
    }
    hinted.add(machineId);
    return { ok: true };
  }

  return {
    send: async (messages, call) => {
      call?.signal?.throwIfAborted();
      const prepared = messages.map(
        (message) => [message.body.machineId, prepare(message)] as const,
      );
      const outcomes: SendOutcome[] = [];
      for (const [machineId, event] of prepared) {
        outcomes.push(
          "kind" in event ? { ok: false, error: event } : await write(machineId, event),
        );
      }
      doorbell.ring();
      return outcomes;
    },
    receive: async ({ max, waitMs, visibilityMs, signal }) => {
      assertReceive({ max, waitMs, visibilityMs });
      const endMs = clock.monotonicMs() + waitMs;
      for (;;) {
        signal?.throwIfAborted();
        const taken = lookAndTake(max, visibilityMs);
        const nowMs = clock.monotonicMs();
        if (taken.length > 0 || nowMs >= endMs) return taken;
        const wakeMs = Math.min(endMs, rescanAtMs, spool.nextVisibleMs() ?? endMs);
        await doorbell.wait(wakeMs - nowMs, signal);
      }
    },
    acknowledge: async (deliveries, call) => {
      call?.signal?.throwIfAborted();
      for (const { id, receipt } of deliveries) {
        const file = spool.find(id, receipt);
        if (file) spool.remove(file);
      }
    },
    extend: async (deliveries, visibilityMs, call) => {
      call?.signal?.throwIfAborted();
      assertInteger(visibilityMs, "visibilityMs", 0);
      const nowMs = clock.monotonicMs();
      for (const { id, receipt } of deliveries) {
        const file = spool.find(id, receipt);
        if (file && file.hiddenUntilMs > nowMs) file.hiddenUntilMs = nowMs + visibilityMs;
      }
      doorbell.ring();
    },
    deadLetter: async (delivery, cause, call) => {
      call?.signal?.throwIfAborted();
      const file = spool.find(delivery.id, delivery.receipt);
      if (file) bury(file, cause);
    },
    [Symbol.asyncDispose]: async () => closing.abort(),
  };
}

import type { TraceCarrier } from "@runs-fleet/telemetry";
import { createFairTurns } from "./fair-turns.ts";
import { createMinHeap } from "./min-heap.ts";

/** A message as the queue keeps it. */
export interface MemoryMessage<T> {
  readonly id: string;
  readonly sequence: number;
  readonly turn: number;
  readonly body: T;
  readonly trace: TraceCarrier | undefined;
  state: "ready" | "hidden" | "gone";
  receives: number;
  /** Names the last receive. */
  receipt: string;
  /** When a hidden message comes back. */
  dueMs: number;
}

/** The messages of one queue: ready ones in order of turns, hidden ones in order of return. */
export interface Messages<T> {
  add(body: T, group: string, trace: TraceCarrier | undefined): void;
  /** The message, if its last receive is the one named by the receipt and it is not gone. */
  find(id: string, receipt: string): MemoryMessage<T> | undefined;
  /** Takes the next ready message; the caller hides or removes it. */
  nextReady(): MemoryMessage<T> | undefined;
  /** Hides a message until `dueMs`, as a new receive or within the last one. */
  hide(message: MemoryMessage<T>, dueMs: number, isReceive: boolean): void;
  remove(message: MemoryMessage<T>): void;
  /** Makes ready what is due. */
  wakeDue(nowMs: number): void;
  /** When the next hidden message comes back; may be early after a change. */
  nextDueMs(): number | undefined;
}

/** No messages. Heaps are cleaned lazily: an item that no longer tells the truth is dropped when it comes up. */
export function createMessages<T>(): Messages<T> {
  const byId = new Map<string, MemoryMessage<T>>();
  const turns = createFairTurns();
  const ready = createMinHeap<MemoryMessage<T>>((left, right) =>
    left.turn === right.turn ? left.sequence < right.sequence : left.turn < right.turn,
  );
  const hidden = createMinHeap<{ readonly dueMs: number; readonly message: MemoryMessage<T> }>(
    (left, right) =>
      left.dueMs === right.dueMs
        ? left.message.sequence < right.message.sequence
        : left.dueMs < right.dueMs,
  );
  let lastSequence = 0;

  return {
    add(body, group, trace) {
      lastSequence += 1;
      const message: MemoryMessage<T> = {
        id: `m${lastSequence}`,
        sequence: lastSequence,
        turn: turns.next(group),
        body,
        trace,
        state: "ready",
        receives: 0,
        receipt: "",
        dueMs: 0,
      };
      byId.set(message.id, message);
      ready.push(message);
    },
    find(id, receipt) {
      const message = byId.get(id);
      return message?.receipt === receipt ? message : undefined;
    },
    nextReady() {
      for (;;) {
        const message = ready.pop();
        if (message === undefined) return undefined;
        if (message.state !== "ready") continue;
        turns.served(message.turn);
        return message;
      }
    },
    hide(message, dueMs, isReceive) {
      message.state = "hidden";
      message.dueMs = dueMs;
      if (isReceive) {
        message.receives += 1;
        message.receipt = `${message.id}.${message.receives}`;
      }
      hidden.push({ dueMs, message });
    },
    remove(message) {
      message.state = "gone";
      byId.delete(message.id);
    },
    wakeDue(nowMs) {
      for (;;) {
        const item = hidden.peek();
        if (item === undefined || item.dueMs > nowMs) return;
        hidden.pop();
        const { message, dueMs } = item;
        if (message.state !== "hidden" || message.dueMs !== dueMs) continue;
        message.state = "ready";
        ready.push(message);
      }
    },
    nextDueMs: () => hidden.peek()?.dueMs,
  };
}

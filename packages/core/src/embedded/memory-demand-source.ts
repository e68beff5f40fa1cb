import type { Clock } from "../ports/clock.ts";
import type { JobEvent } from "../ports/demand-event.ts";
import type { DemandSource } from "../ports/demand-source.ts";
import { FleetError } from "../ports/failure.ts";
import type { Delivery } from "../ports/message-queue.ts";
import { systemClock } from "../ports/system-clock.ts";
import { createMemoryQueue } from "./memory-queue.ts";

/** Longest wait for the next event, milliseconds. It only bounds one wait: waiting goes on until the signal aborts. */
const waitMs = 20_000;

/** Options of {@link createMemoryDemandSource}. */
export interface MemoryDemandSourceOptions {
  /** Name of the source in decisions. @defaultValue `memory` */
  readonly name?: string;
  /** Source of time. @defaultValue `systemClock` */
  readonly clock?: Clock;
  /** How long an event may go unacknowledged before it is yielded again, milliseconds. @defaultValue 60,000 */
  readonly redeliverMs?: number;
}

/** A source in memory that is fed by hand. */
export interface MemoryDemandSource extends DemandSource {
  /** Adds an event, to be yielded until it is acknowledged. */
  offer(event: JobEvent): Promise<void>;
}

/** A source that yields what it is offered: the reference of the contract, and a fake for tests. */
export function createMemoryDemandSource(
  options: MemoryDemandSourceOptions = {},
): MemoryDemandSource {
  const { name = "memory", clock = systemClock, redeliverMs = 60_000 } = options;
  const queue = createMemoryQueue<JobEvent>({ clock, maxReceives: Number.MAX_SAFE_INTEGER });
  return {
    name,
    async *receive(callOptions) {
      const signal = callOptions?.signal;
      const pending = new Map<string, Delivery<JobEvent>>();
      try {
        for (;;) {
          const deliveries = await queue.receive({
            max: 1,
            waitMs,
            visibilityMs: redeliverMs,
            ...(signal === undefined ? {} : { signal }),
          });
          for (const delivery of deliveries) {
            pending.set(delivery.id, delivery);
            yield {
              event: delivery.body,
              acknowledge: async () => {
                pending.delete(delivery.id);
                await queue.acknowledge([delivery]);
              },
            };
          }
        }
      } finally {
        // Whoever stops listening gives back what it did not acknowledge.
        await queue.extend([...pending.values()], 0);
      }
    },
    async offer(event) {
      const [outcome] = await queue.send([{ body: event }]);
      if (outcome?.ok === false) throw outcome.error;
      if (outcome === undefined) {
        throw new FleetError({ kind: "unknown", message: "The event was not queued" });
      }
    },
  };
}

import type { Clock } from "../ports/clock.ts";
import type { DemandEvent, PushEvent } from "../ports/demand-event.ts";
import type { MachineNotice } from "../ports/machine-notice.ts";
import type { Delivery, MessageQueue } from "../ports/message-queue.ts";
import { createSignalScope } from "../ports/signal-scope.ts";
import type { StateStore } from "../ports/state-store.ts";
import type { AgentEvent } from "../wire/agent-event.ts";
import { type NarrowingOf, narrowed } from "./ask-narrowing.ts";
import type { Incoming, Leadership } from "./controller.ts";
import type { Ledger } from "./ledger.ts";
import { jobKeyOf } from "./records.ts";

/** How long a received message is hidden, milliseconds: taking it in and storing it takes a fraction of that. */
const visibilityMs = 30_000;
const receiveWaitMs = 10_000;
const receiveMost = 100;
/** Above this many waiting items no more are received. */
const mostBacklog = 400;
/** A message that came so often is put aside for a person. */
const mostReceives = 50;
const retryMs = 1_000;
/** What fails comes again ever later, up to so much later: an outage of a while must not use up its receives. */
const longestRetryMs = 60_000;
const mostDoublings = 6;

/** Feeds a queue into the controller until the signal aborts. */
async function pump<T>(options: {
  readonly queue: MessageQueue<T>;
  readonly leadership: Leadership;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /**
   * What the controller takes in; `undefined`: nothing, it is acknowledged as it is; `later`: it is settled or postponed in its
   * own time.
   */
  readonly incoming: (
    delivery: Delivery<T>,
    settle: () => void,
    postpone: () => void,
  ) => Promise<Incoming | "later" | undefined>;
}): Promise<void> {
  const { queue, leadership, clock, signal, incoming } = options;
  const scope = createSignalScope(signal);
  let settled: Delivery<T>[] = [];
  /** Received and neither settled nor given back, by their ids. */
  const unsettled = new Map<string, Delivery<T>>();
  const settle = (delivery: Delivery<T>): void => {
    unsettled.delete(delivery.id);
    if (settled.push(delivery) > 1) return;
    // All that one commit made durable is acknowledged in one call.
    queueMicrotask(() => {
      const batch = settled;
      settled = [];
      // Not acknowledged: it comes again, and changes nothing.
      queue.acknowledge(batch).catch(() => undefined);
    });
  };
  while (!signal.aborted) {
    try {
      if (leadership.backlog() > mostBacklog) {
        await scope.run((own) => clock.sleep(5, own));
        continue;
      }
      const deliveries = await scope.run((own) =>
        queue.receive({ max: receiveMost, waitMs: receiveWaitMs, visibilityMs, signal: own }),
      );
      for (const delivery of deliveries) unsettled.set(delivery.id, delivery);
      await Promise.all(
        deliveries.map(async (delivery) => {
          if (delivery.attempt > mostReceives) {
            const cause = {
              code: "unknown",
              message: `Received ${delivery.attempt} times`,
            } as const;
            unsettled.delete(delivery.id);
            await queue.deadLetter(delivery, cause);
            return;
          }
          const item = await incoming(
            delivery,
            () => settle(delivery),
            () => {
              unsettled.delete(delivery.id);
              const doublings = Math.min(mostDoublings, delivery.attempt - 1);
              const laterMs = Math.min(longestRetryMs, retryMs * 2 ** doublings);
              queue.extend([delivery], laterMs).catch(() => undefined);
            },
          );
          if (item === "later") return;
          if (item) leadership.take(item);
          else settle(delivery);
        }),
      );
    } catch {
      if (signal.aborted) break;
      await scope.run((own) => clock.sleep(retryMs, own)).catch(() => undefined);
    }
  }
  // The next controller need not wait for them, least of all while a heartbeat of this process hides them.
  if (unsettled.size > 0) queue.extend([...unsettled.values()], 0).catch(() => undefined);
}

/** Whether a job ended before this controller's time: its record is closed, and taking the job in would open it again. */
export async function endedBefore(
  store: StateStore,
  ledger: Ledger,
  jobKey: string,
  signal: AbortSignal,
): Promise<boolean> {
  if (ledger.jobs.has(jobKey) || ledger.hasEnded(jobKey)) return false;
  const record = await store.get("jobs", jobKey, { signal });
  return record !== undefined && !record.open;
}

/**
 * Feeds jobs from the demand queue, and hands on pushes. A job that ended before this controller's time is recognised by its
 * closed record.
 */
export function pumpDemand(options: {
  readonly queue: MessageQueue<DemandEvent>;
  readonly leadership: Leadership;
  readonly store: StateStore;
  readonly clock: Clock;
  /** Takes in a push; when it rejects, the push comes again. Absent: pushes change nothing. */
  readonly onPush?: (event: PushEvent, signal: AbortSignal) => Promise<void>;
  /** What the repository of a job allows itself; when it rejects, the job comes again. Absent: none narrows anything. */
  readonly narrowing?: NarrowingOf | undefined;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { queue, leadership, store, clock, onPush, narrowing, signal } = options;
  const scope = createSignalScope(signal);
  const ledAtMs = clock.now();
  return pump({
    queue,
    leadership,
    clock,
    signal,
    incoming: async ({ body, trace }, settle, postpone) => {
      if (body.kind === "push") {
        if (onPush === undefined) return undefined;
        // It asks GitHub, which may take its time: jobs do not wait for that.
        onPush(body, signal).then(settle, postpone);
        return "later";
      }
      const key = jobKeyOf(body);
      // What ended since we lead is remembered; only a job older than that can have ended unseen.
      const younger = (body.createdAtMs ?? 0) > ledAtMs + 60_000;
      const ended =
        !younger && (await scope.run((own) => endedBefore(store, leadership.ledger, key, own)));
      if (ended) return undefined;
      const demand = {
        kind: "demand",
        trace,
        settle,
        isAwaited: queue.isOrdered === true,
      } as const;
      const isNew = body.action === "queued" && !leadership.ledger.jobs.has(key);
      if (narrowing === undefined || !isNew) return { ...demand, event: body };
      // It may have to ask GitHub: jobs of other repositories do not wait for that.
      scope
        .run((own) => narrowed(body, narrowing, own))
        .then((event) => {
          // Received for a leadership that is over, it was given back.
          if (!signal.aborted) leadership.take({ ...demand, event });
        }, postpone);
      return "later";
    },
  });
}

/** Feeds what providers say about machines. What is about machines that are not on the books changes nothing. */
export function pumpNotices(options: {
  readonly queue: MessageQueue<MachineNotice>;
  readonly leadership: Leadership;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<void> {
  return pump({
    ...options,
    incoming: ({ body }, settle) => {
      // Most of an account's events may be about others: they need not go through the controller.
      const known =
        body.kind === "interruption" || options.leadership.ledger.machines.has(body.machineId);
      return Promise.resolve(known ? { kind: "notice", notice: body, settle } : undefined);
    },
  });
}

/** Feeds what machines report. */
export function pumpReports(options: {
  readonly queue: MessageQueue<AgentEvent>;
  readonly leadership: Leadership;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<void> {
  return pump({
    ...options,
    incoming: ({ body, sender }, settle, postpone) =>
      Promise.resolve({ kind: "report", event: body, sender, settle, postpone }),
  });
}

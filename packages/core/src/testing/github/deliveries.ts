import { createHmac } from "node:crypto";
import type { World } from "./model.ts";
import type { FakeWebhooks, WebhookFaults, WebhookHandler } from "./webhook-types.ts";

/** One delivery, as GitHub keeps it for three days. */
export interface DeliveryRecord {
  readonly id: number;
  readonly guid: string;
  readonly atMs: number;
  readonly redelivery: boolean;
  readonly event: string;
  readonly action: string | null;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly body: string;
  /** 0 while it is on its way, and when nobody answered. */
  statusCode: number;
  status: string;
  durationMs: number;
}

/** The sender with what the deliveries API needs of it. */
export interface DeliveryDesk {
  readonly webhooks: FakeWebhooks;
  /** Oldest first. */
  readonly records: readonly DeliveryRecord[];
  get(id: number): DeliveryRecord | undefined;
  redeliver(record: DeliveryRecord): void;
  /** While true, events make no deliveries. */
  setDown(down: boolean): void;
  close(): void;
}

/** GitHub forgets deliveries after three days. */
export const deliveriesKeptMs: number = 3 * 86_400_000;
const answerLimitMs = 10_000;
const atOnce = 32;

function numberAt(payload: object, ...path: readonly string[]): number | null {
  let value: unknown = payload;
  for (const key of path) {
    value =
      typeof value === "object" && value !== null
        ? (value as Record<string, unknown>)[key]
        : undefined;
  }
  return typeof value === "number" ? value : null;
}

/** The webhook sender of the App of `world`. */
export function createDeliveryDesk(world: World, appId: string): DeliveryDesk {
  const { clock, entropy, timetable } = world;
  const records: DeliveryRecord[] = [];
  const byId = new Map<number, DeliveryRecord>();
  const counts = { delivered: 0, failed: 0, vanished: 0 };
  let target: { readonly send: WebhookHandler; readonly url: string } | undefined;
  let secret: string | undefined;
  let faults: WebhookFaults = {};
  let down = false;
  let closed = false;
  // Counted from the moment an event is accepted until its answer: what `settled` waits for.
  let onItsWay = 0;
  let waiters: (() => void)[] = [];
  let sending = 0;
  const backlog: DeliveryRecord[] = [];

  const arrived = (): void => {
    onItsWay -= 1;
    if (onItsWay > 0) return;
    const done = waiters;
    waiters = [];
    for (const wake of done) wake();
  };

  const settle = (record: DeliveryRecord, statusCode: number, status: string): void => {
    record.statusCode = statusCode;
    record.status = status;
    record.durationMs = clock.now() - record.atMs;
    const kind =
      statusCode >= 200 && statusCode < 400
        ? ("webhook-delivered" as const)
        : ("webhook-failed" as const);
    counts[kind === "webhook-delivered" ? "delivered" : "failed"] += 1;
    world.emit({ kind, atMs: clock.now(), event: record.event, guid: record.guid, statusCode });
    arrived();
  };

  const post = async (record: DeliveryRecord): Promise<void> => {
    const to = target;
    if (to === undefined) {
      settle(record, 0, "no target");
      return;
    }
    const signature =
      secret === undefined ? undefined : createHmac("sha256", secret).update(record.body);
    const abort = new AbortController();
    const calledOff = timetable.at(clock.now() + answerLimitMs, () =>
      abort.abort(new Error("timed out")),
    );
    const request = new Request(to.url, {
      method: "POST",
      body: record.body,
      signal: abort.signal,
      headers: {
        accept: "*/*",
        "content-type": "application/json",
        "user-agent": "GitHub-Hookshot/fake",
        "x-github-delivery": record.guid,
        "x-github-event": record.event,
        "x-github-hook-id": "1",
        "x-github-hook-installation-target-id": appId,
        "x-github-hook-installation-target-type": "integration",
        ...(signature === undefined
          ? {}
          : { "x-hub-signature-256": `sha256=${signature.digest("hex")}` }),
      },
    });
    const tooLate = new Promise<never>((_, reject) => {
      abort.signal.addEventListener("abort", () => reject(abort.signal.reason), { once: true });
    });
    try {
      const response = await Promise.race([to.send(request), tooLate]);
      await response.body?.cancel();
      settle(
        record,
        response.status,
        response.ok ? "OK" : `Invalid HTTP Response: ${response.status}`,
      );
    } catch {
      settle(record, 0, abort.signal.aborted ? "timed out" : "failed to connect to host");
    } finally {
      calledOff();
    }
  };

  const pump = (): void => {
    while (sending < atOnce) {
      const record = backlog.shift();
      if (record === undefined) return;
      sending += 1;
      void post(record).finally(() => {
        sending -= 1;
        pump();
      });
    }
  };

  const keep = (record: DeliveryRecord): void => {
    records.push(record);
    byId.set(record.id, record);
    onItsWay += 1;
    const oldest = records[0];
    if (oldest !== undefined && oldest.atMs < clock.now() - deliveriesKeptMs) {
      byId.delete(oldest.id);
      records.shift();
    }
  };

  const dispatch = (record: DeliveryRecord, delayMs: number): void => {
    keep(record);
    const go = (): void => {
      if (closed) return;
      backlog.push(record);
      pump();
    };
    if (delayMs > 0) timetable.at(clock.now() + delayMs, go);
    else queueMicrotask(go);
  };

  const happens = (probability: number | undefined): boolean =>
    probability !== undefined && probability > 0 && entropy.random() < probability;

  const send = (event: string, payload: object, options?: { readonly guid?: string }): string => {
    const guid = options?.guid ?? entropy.uuid();
    if (target === undefined) return guid;
    if (down || happens(faults.vanish)) {
      counts.vanished += 1;
      world.emit({ kind: "webhook-vanished", atMs: clock.now(), event, guid });
      return guid;
    }
    const action = (payload as { readonly action?: unknown }).action;
    const make = (ofGuid: string): DeliveryRecord => ({
      id: world.nextId(),
      guid: ofGuid,
      atMs: clock.now(),
      redelivery: false,
      event,
      action: typeof action === "string" ? action : null,
      installationId: numberAt(payload, "installation", "id"),
      repositoryId: numberAt(payload, "repository", "id"),
      body: JSON.stringify(payload),
      statusCode: 0,
      status: "pending",
      durationMs: 0,
    });
    const record = make(guid);
    if (happens(faults.loss)) {
      keep(record);
      settle(record, 502, "failed to connect to host");
      return guid;
    }
    const held = happens(faults.reorder) ? entropy.random() * (faults.reorderMs ?? 2_000) : 0;
    dispatch(record, (faults.delayMs ?? 0) + held);
    if (happens(faults.duplicate)) {
      dispatch(make(entropy.random() < 0.5 ? guid : entropy.uuid()), faults.delayMs ?? 0);
    }
    return guid;
  };

  return {
    records,
    get: (id) => byId.get(id),
    redeliver: (record) =>
      dispatch(
        {
          ...record,
          id: world.nextId(),
          atMs: clock.now(),
          redelivery: true,
          statusCode: 0,
          status: "pending",
        },
        0,
      ),
    setDown: (value) => {
      down = value;
    },
    close: () => {
      closed = true;
      backlog.length = 0;
    },
    webhooks: {
      target: (to, newSecret) => {
        secret = newSecret;
        if (to === undefined) target = undefined;
        else if (typeof to === "string") target = { url: to, send: (request) => fetch(request) };
        else target = { url: `${world.baseUrl}/webhook-target`, send: to };
      },
      faults: (next) => {
        faults = next;
      },
      send,
      settled: async () => {
        while (onItsWay > 0) await new Promise<void>((resolve) => waiters.push(resolve));
      },
      counts: () => ({ ...counts }),
    },
  };
}

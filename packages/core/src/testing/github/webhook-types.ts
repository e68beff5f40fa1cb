/** What goes wrong on the way of webhooks. Probabilities are in [0, 1]. */
export interface WebhookFaults {
  /** The delivery fails and is listed as failed, so it can be redelivered. */
  readonly loss?: number;
  /** The event makes no delivery at all. */
  readonly vanish?: number;
  /** The event arrives twice: half of them under one guid, half as from two hooks. */
  readonly duplicate?: number;
  /** The delivery is held back for up to `reorderMs`, so that later ones overtake it. */
  readonly reorder?: number;
  /** Longest time that a reordered delivery is held back, milliseconds. @defaultValue 2000 */
  readonly reorderMs?: number;
  /** Every delivery is late by this, milliseconds. */
  readonly delayMs?: number;
}

/** Answers a delivery in process. */
export type WebhookHandler = (request: Request) => Promise<Response>;

/** The webhook sender of the App. */
export interface FakeWebhooks {
  /** Sends from now on to this URL or handler, signed with this secret; `undefined` sends nowhere and records nothing. */
  target(target: string | WebhookHandler | undefined, secret?: string): void;
  /** Replaces the faults. */
  faults(faults: WebhookFaults): void;
  /** Sends any event, such as a real body; answers the guid. */
  send(event: string, payload: object, options?: { readonly guid?: string }): string;
  /** Resolves when nothing is on its way any more. */
  settled(): Promise<void>;
  /** Counts since the start. */
  counts(): Readonly<Record<"delivered" | "failed" | "vanished", number>>;
}

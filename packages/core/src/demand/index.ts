export {
  createWebhookHandler,
  defaultMaxBodyBytes,
  type WebhookHandlerOptions,
} from "./create-webhook-handler.ts";
export type { IgnoredReason } from "./read-payload.ts";
export { signBody } from "./signature.ts";
export { createSweep, type SweepOptions } from "./sweep.ts";
export type {
  DeliverySweep,
  QueuedSweep,
  Sweep,
  SweepFailure,
  SweepStop,
} from "./sweep-types.ts";
export type { WebhookErrorCode } from "./webhook-answer.ts";

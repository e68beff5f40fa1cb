export {
  createWebhookHandler,
  type WebhookHandlerOptions,
} from "./create-webhook-handler.ts";
export { createPollingSource, type PollingSourceOptions } from "./polling-source.ts";
export { signBody } from "./signature.ts";
export { createSweep } from "./sweep.ts";
export type { Sweep } from "./sweep-types.ts";

import { type Catalog, createWebhookHandler } from "@runs-fleet/core";
import type { SharedAdapters } from "./adapters.ts";
import type { Log } from "./log.ts";
import type { IntakeSettings } from "./settings.ts";

/** Webhooks to the queue, and nothing else: no lease, no machine, no call of GitHub. */
export interface Intake {
  /** Answers one webhook. */
  readonly handleWebhook: (request: Request) => Promise<Response>;
  /** Reads the catalog, for the labels in force. What cannot be read changes nothing. */
  refresh(): Promise<void>;
}

/**
 * Opens an intake. The catalog tells which labels are ours; `refresh` reads it, and the first reading must succeed.
 *
 * @throws What the first reading of the catalog throws.
 */
export async function openIntake(
  settings: IntakeSettings,
  adapters: Pick<SharedAdapters, "catalog" | "deliveries" | "demand">,
  log: Log,
): Promise<Intake> {
  let catalog: Catalog = await adapters.catalog();
  return {
    handleWebhook: createWebhookHandler({
      secrets: settings.webhookSecrets,
      queue: adapters.demand,
      deliveries: adapters.deliveries,
      labels: () => catalog,
    }),
    refresh: async () => {
      try {
        catalog = await adapters.catalog();
      } catch (error) {
        const words = error instanceof Error ? error.message : String(error);
        log({ code: "catalog-kept", message: `The labels in force stay as they were: ${words}` });
      }
    },
  };
}

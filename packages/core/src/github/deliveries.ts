import * as v from "valibot";
import { parseInstant } from "../demand/parse-instant.ts";
import type { GitHubDeliveries } from "../ports/github-client.ts";
import type { Api } from "./api.ts";
import { pathOf } from "./exchange.ts";
import { pagesOf } from "./pagination.ts";
import { readAs } from "./read-as.ts";
import { checkedId } from "./scopes.ts";

const deliverySchema = v.object({
  id: v.pipe(v.number(), v.integer()),
  guid: v.pipe(v.string(), v.maxLength(128)),
  delivered_at: v.string(),
  status: v.nullish(v.string()),
  status_code: v.nullish(v.number()),
});

type Delivery = v.InferOutput<typeof deliverySchema>;

const deliveriesSchema = v.array(deliverySchema);

/** A timeout may carry any code, 200 among them: the words count then. */
const failureWords = /time[d ]?-?\s?out|fail|error|invalid|refused/i;

function succeeded({ status, status_code: code }: Delivery): boolean {
  if (code === null || code === undefined || code < 200 || code >= 400) return false;
  return !failureWords.test(status ?? "");
}

/** Deliveries of the App's webhook by way of `api`. */
export function createDeliveries(api: Api): GitHubDeliveries {
  const identity = { kind: "app" } as const;
  return {
    // Unfiltered: GitHub's `status=failure` leaves out deliveries without a code, and only the whole tells which guid has
    // succeeded since, or before.
    async *listFailed(sinceMs, options) {
      const purpose = "list webhook deliveries";
      const path = "/app/hook/deliveries?per_page=100";
      const served = new Set<string>();
      const failed = new Map<string, string>();
      const request = { method: "GET", path, identity, purpose } as const;
      pages: for await (const page of pagesOf(api, request, options)) {
        for (const delivery of readAs(deliveriesSchema, page.data, purpose)) {
          const atMs = parseInstant(delivery.delivered_at);
          // Newest first, told by the second: older ones follow from here on.
          if (atMs !== undefined && atMs + 1_000 <= sinceMs) break pages;
          if (succeeded(delivery)) served.add(delivery.guid);
          else if (!failed.has(delivery.guid)) failed.set(delivery.guid, String(delivery.id));
        }
      }
      for (const [guid, id] of failed) if (!served.has(guid)) yield { id, guid };
    },
    redeliver: async (id, options) => {
      await api.call(
        {
          method: "POST",
          path: pathOf("app", "hook", "deliveries", checkedId(id, "delivery"), "attempts"),
          identity,
          purpose: `redeliver ${id}`,
        },
        options,
      );
    },
  };
}

import type { CallOptions } from "../ports/call-options.ts";
import { FleetError } from "../ports/failure.ts";
import type { GitHubDeliveries } from "../ports/github-client.ts";
import {
  type DeliverySweep,
  type SweepFailure,
  type SweepStop,
  sweepFailure,
  sweepStop,
} from "./sweep-types.ts";

/** GitHub redelivers what is younger than this. Source: docs.github.com, redelivering webhooks, read 2026-11. */
const redeliverableMs = 3 * 24 * 60 * 60 * 1000;

/** What a pass over failed deliveries works with. */
export interface DeliveryPass {
  readonly deliveries: GitHubDeliveries;
  readonly nowMs: number;
  readonly sinceMs: number;
  /** Most redeliveries that are tried. */
  readonly limit: number;
  /** Guids that are left alone, with the moment from which they no longer are. The pass keeps it up to date. */
  readonly leftAlone: Map<string, number>;
  readonly leaveAloneMs: number;
}

/** One pass over the deliveries that failed. Rejects only with the reason of an aborted signal. */
export async function passOverDeliveries(
  pass: DeliveryPass,
  call: CallOptions,
): Promise<DeliverySweep> {
  const { deliveries, leftAlone, nowMs } = pass;
  for (const [guid, untilMs] of leftAlone) if (untilMs <= nowMs) leftAlone.delete(guid);
  const failures: SweepFailure[] = [];
  let failed = 0;
  let redelivered = 0;
  let recent = 0;
  let stopped: SweepStop | undefined;
  try {
    const oldestMs = Math.max(pass.sinceMs, nowMs - redeliverableMs);
    for await (const { id, guid } of deliveries.listFailed(oldestMs, call)) {
      call.signal?.throwIfAborted();
      if (redelivered + failures.length >= pass.limit) {
        stopped = { reason: "limit" };
        break;
      }
      failed += 1;
      if (leftAlone.has(guid)) {
        recent += 1;
        continue;
      }
      try {
        await deliveries.redeliver(id, call);
        redelivered += 1;
      } catch (error) {
        call.signal?.throwIfAborted();
        stopped = sweepStop(error);
        if (stopped !== undefined) break;
        failures.push(sweepFailure(guid, error));
        // What may succeed next time is tried next time.
        if (FleetError.isInstance(error) && error.retryable) continue;
      }
      leftAlone.set(guid, nowMs + pass.leaveAloneMs);
    }
  } catch (error) {
    call.signal?.throwIfAborted();
    stopped = sweepStop(error);
    if (stopped === undefined) failures.push(sweepFailure("deliveries", error));
  }
  const counts = { failed, redelivered, recent, failures };
  return stopped === undefined ? counts : { ...counts, stopped };
}

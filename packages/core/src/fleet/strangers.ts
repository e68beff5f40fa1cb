import type { MachineProvider, ObservedMachine } from "../ports/machine-provider.ts";
import type { SignalScope } from "../ports/signal-scope.ts";
import type { StateStore } from "../ports/state-store.ts";
import type { FleetContext } from "./context.ts";
import type { LeaseKeeper } from "./lease-keeper.ts";
import type { Ledger } from "./ledger.ts";
import { strangerDeadlineMs } from "./take-observation.ts";
import { listingLagMs } from "./timings.ts";

/**
 * Looks into machines that the listing knows and the ledger does not: a closed record means that the machine should be
 * gone, so it is ended; no record means that we do not know, so it is left alone until no job of ours can run on it.
 */
export async function settleStrangers(
  options: {
    readonly ledger: Ledger;
    readonly store: StateStore;
    readonly provider: MachineProvider;
    readonly context: FleetContext;
    readonly keeper: LeaseKeeper;
    readonly scope: SignalScope;
  },
  listing: readonly ObservedMachine[],
  ids: readonly string[],
): Promise<void> {
  const { ledger, store, provider, context, keeper, scope } = options;
  const machines = new Map(listing.map((machine) => [machine.id, machine]));
  const leaked: string[] = [];
  for (const id of ids) {
    const observed = machines.get(id);
    if (!observed) continue;
    const record = await scope.run((signal) => store.get("machines", id, { signal }));
    const ageMs = context.nowMs - observed.launchedAtMs;
    const closed = record !== undefined && !record.open;
    // A listing can show a machine that ended a moment ago as running: give it the lag.
    if (closed ? ageMs > listingLagMs : ageMs > strangerDeadlineMs(context)) leaked.push(id);
  }
  if (leaked.length === 0 || !keeper.valid()) return;
  for (const machineId of leaked) {
    ledger.decide({
      atMs: context.nowMs,
      subject: { machineId },
      code: "leaked",
      message: "Runs although nobody owns it; it is ended",
    });
  }
  await scope.run((signal) => provider.terminate(leaked, { signal }));
}

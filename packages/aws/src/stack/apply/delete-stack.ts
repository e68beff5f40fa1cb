import { systemClock } from "@runs-fleet/core";
import type { Stack } from "../stack.ts";
import type { StackClients } from "./clients.ts";
import { everyOne } from "./every-one.ts";
import type { PlanStackOptions, StackStep } from "./plan-stack.ts";
import { stackResources } from "./stack-resources.ts";

/** Options of `deleteStack`. */
export interface DeleteStackOptions extends PlanStackOptions {
  /** Whether tables and the bucket stay. @defaultValue false */
  readonly keepData?: boolean;
  /** Told of each thing as it is removed. */
  readonly onRemoved?: (what: Pick<StackStep, "kind" | "name">) => void;
}

const data: ReadonlySet<string> = new Set(["table", "bucket"]);

/**
 * Nothing of a stack is there any more, in whatever state it was. Machines are not looked for: end them first, or their security
 * group cannot go.
 *
 * @throws A TypeError for a stack with placeholders. Rejects with a `FleetError` when AWS refuses; what was removed by then is gone.
 */
export async function deleteStack(
  clients: StackClients,
  stack: Stack,
  options: DeleteStackOptions = {},
): Promise<void> {
  const { clock = systemClock, signal, keepData = false, onRemoved } = options;
  for (const group of stackResources(clients, stack, clock).toReversed()) {
    signal?.throwIfAborted();
    await everyOne(
      group.map(async ({ kind, name, look, remove }) => {
        if (remove === undefined || (keepData && data.has(kind))) return;
        const { state } = await look();
        // A profile or a rule that broke off while it was made looks absent, and is not.
        await remove();
        if (state !== "absent") onRemoved?.({ kind, name });
      }),
    );
  }
}

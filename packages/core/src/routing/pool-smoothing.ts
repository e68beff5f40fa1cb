import type { Smoothing } from "@runs-fleet/scheduling";
import type { PoolConfig } from "./catalog.ts";

/**
 * How a pool's target rises and falls, as the schedule engine takes it: what the pool does not say is left out.
 *
 * @param leadMs - How far the target runs ahead, milliseconds: what a pool with a lead of `auto` has learnt. Absent: not.
 */
export function poolSmoothing(
  pool: Pick<PoolConfig, "holdMs" | "rampUp" | "rampDown" | "drainDeadlineMs">,
  leadMs: number | undefined,
): Omit<Smoothing, "leadMs"> & { readonly leadMs?: number } {
  const { holdMs, rampUp, rampDown, drainDeadlineMs } = pool;
  return {
    ...(leadMs === undefined ? {} : { leadMs }),
    ...(holdMs === undefined ? {} : { holdMs }),
    ...(rampUp === undefined ? {} : { rampUp }),
    ...(rampDown === undefined ? {} : { rampDown }),
    ...(drainDeadlineMs === undefined ? {} : { drainDeadlineMs }),
  };
}

import type { Smoothing } from "@runs-fleet/scheduling";
import type { PoolConfig } from "./catalog.ts";

/** How a pool's target rises and falls, as the schedule engine takes it. */
export function poolSmoothing(
  pool: Pick<PoolConfig, "holdMs" | "rampUp" | "rampDown" | "drainDeadlineMs">,
  leadMs: number | undefined,
): Smoothing {
  const { holdMs, rampUp, rampDown, drainDeadlineMs } = pool;
  return {
    ...(leadMs === undefined ? {} : { leadMs }),
    ...(holdMs === undefined ? {} : { holdMs }),
    ...(rampUp === undefined ? {} : { rampUp }),
    ...(rampDown === undefined ? {} : { rampDown }),
    ...(drainDeadlineMs === undefined ? {} : { drainDeadlineMs }),
  };
}

import type { FleetContext } from "./context.ts";
import type { MachineRecord } from "./records.ts";

/** Why a machine must be left alone; `undefined`: it may be stopped or terminated. */
export type Guard = "has-work" | "boot-grace" | "ready-dwell" | "not-idle" | "spot-never-stops";

/**
 * The one place that says whether a machine may be shed. Every path that shrinks a pool asks here; only a machine's own
 * deadlines go past it. What is not known counts as busy.
 *
 * Each line was an outage: machines stopped while they booted, while a claim was on its way, on the word of one
 * snapshot, or a whole batch of stops refused because of one spot machine in it (FIELD-NOTES A 3.4).
 */
export function guardOf(
  machine: MachineRecord,
  action: "stop" | "terminate",
  context: FleetContext,
): Guard | undefined {
  const { nowMs, timings } = context;
  if (machine.state !== "ready" && machine.state !== "stopped") return "not-idle";
  if (machine.jobKey !== undefined || machine.registration !== undefined) return "has-work";
  if (machine.state === "stopped") return action === "stop" ? "not-idle" : undefined;
  const readyAtMs = machine.readyAtMs;
  if (readyAtMs === undefined) return "not-idle";
  if (nowMs - machine.launchedAtMs < timings.bootGraceMs) return "boot-grace";
  if (nowMs - readyAtMs < timings.readyDwellMs) return "ready-dwell";
  if (action === "stop" && machine.market !== "on-demand") return "spot-never-stops";
  return undefined;
}

/** Earliest moment at which {@link guardOf} can let a ready machine go, epoch milliseconds. */
export function guardEndsMs(machine: MachineRecord, context: FleetContext): number {
  const { timings } = context;
  return Math.max(
    machine.launchedAtMs + timings.bootGraceMs,
    (machine.readyAtMs ?? context.nowMs) + timings.readyDwellMs,
  );
}

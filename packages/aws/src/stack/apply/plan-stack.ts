import { type Clock, systemClock } from "@runs-fleet/core";
import type { Stack } from "../stack.ts";
import type { StackClients } from "./clients.ts";
import type { StackDifference, StackResource } from "./resource.ts";
import { stackResources } from "./stack-resources.ts";

/** How one thing is. */
export interface StackStep {
  /** What it is: `table`, `bucket encryption`. */
  readonly kind: string;
  /** Its name. */
  readonly name: string;
  /** `absent`: it is to be made. `different`: it is there and not as the stack says. */
  readonly state: "absent" | "present" | "different";
  /** What differs; empty unless it is different. */
  readonly differences: readonly StackDifference[];
  /** What could not be seen, in words. */
  readonly unseen?: string;
}

/** Options of `planStack`. */
export interface PlanStackOptions {
  /** Time of waits. @defaultValue `systemClock` */
  readonly clock?: Clock;
  /** Ends the work between two calls. */
  readonly signal?: AbortSignal;
}

/**
 * How everything is that a stack says. Changes nothing.
 *
 * @throws A TypeError for a stack with placeholders. Rejects with a `FleetError` when AWS refuses to tell.
 */
export async function planStack(
  clients: StackClients,
  stack: Stack,
  { clock = systemClock, signal }: PlanStackOptions = {},
): Promise<readonly StackStep[]> {
  const steps: StackStep[] = [];
  for (const group of stackResources(clients, stack, clock)) {
    signal?.throwIfAborted();
    steps.push(...(await Promise.all(group.map(lookAt))));
  }
  return steps;
}

/** How one thing is. */
export async function lookAt(resource: StackResource): Promise<StackStep> {
  const { kind, name } = resource;
  const look = await resource.look();
  if (look.state === "absent") return { kind, name, state: "absent", differences: [] };
  const { differences, unseen } = look;
  const state = differences.length > 0 ? "different" : "present";
  return { kind, name, state, differences, ...(unseen === undefined ? {} : { unseen }) };
}

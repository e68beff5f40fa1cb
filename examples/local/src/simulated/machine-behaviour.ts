import type { Entropy } from "@runs-fleet/core";
import type { SimulatedMachinesOptions } from "@runs-fleet/core/testing";

/** Share of machines that the provider has no capacity for when they are bought. */
const refusedLaunches = 0.04;
/** Share of starts of stopped machines that it has no capacity for. */
const refusedStarts = 0.02;
/** Share of boots that take much longer than the others. */
const slowBoots = 0.03;
/** Share of machines that boot and never say a word. */
const muteMachines = 0.005;

const seconds = 1_000;

/** Machines as clouds have them: most boot in about a minute, some take longer, some are refused, a few never come. */
export function machineBehaviour(
  entropy: Entropy,
): Required<Pick<SimulatedMachinesOptions, "bootMs" | "refuse" | "mute">> {
  const booted = new Set<string>();
  const mute = new Set<string>();
  return {
    bootMs: (machineId) => {
      const slow = entropy.random() < slowBoots ? 40 : 0;
      // What was stopped has its disk and its image already.
      if (booted.has(machineId)) return (12 + 10 * entropy.random() + slow / 4) * seconds;
      booted.add(machineId);
      if (entropy.random() < muteMachines) mute.add(machineId);
      return (48 + 24 * entropy.random() + slow) * seconds;
    },
    refuse: ({ kind }) => {
      if (kind === "launch" && entropy.random() < refusedLaunches) return "capacity";
      if (kind === "start" && entropy.random() < refusedStarts) return "capacity";
      return undefined;
    },
    mute: (machineId) => mute.has(machineId),
  };
}

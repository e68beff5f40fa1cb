import type { Clock } from "../../src/ports/clock.ts";
import { FleetError } from "../../src/ports/failure.ts";
import type { MachineProvider } from "../../src/ports/machine-provider.ts";
import type { WorldOptions } from "../fleet/world.ts";

/** Launches that fail, and how many did. */
export interface FailingLaunches {
  /** One machine at a time: a launch that meets one gets fewer than it asked for, or none. */
  readonly refuse: NonNullable<WorldOptions["refuse"]>;
  /** Whole calls: half of them before their effect, half of them after it, so that only the answer is lost. */
  readonly provider: (provider: MachineProvider, clock: Clock) => MachineProvider;
  counts(): { readonly machines: number; readonly calls: number; readonly answers: number };
}

/** Launches that take `callMs`, and of which the share `rate` fails, in calls and in machines, as `random` has it. */
export function failLaunches(rate: number, callMs: number, random: () => number): FailingLaunches {
  let machines = 0;
  let calls = 0;
  let answers = 0;
  let isOut = false;
  return {
    refuse: (call) => {
      if (call.kind !== "launch") return undefined;
      // No machine means none in any market: the first one decides for all.
      if (call.market === call.attempt.markets[0]) {
        isOut = random() < rate;
        if (isOut) machines += 1;
      }
      return isOut ? "capacity" : undefined;
    },
    provider: (provider, clock) => ({
      ...provider,
      launch: async (attempt, call) => {
        const fate = random();
        await clock.sleep(callMs, call?.signal);
        if (fate < rate / 2) {
          calls += 1;
          throw new FleetError({ kind: "unavailable", message: "The connection broke" });
        }
        const result = await provider.launch(attempt, call);
        if (fate >= rate) return result;
        answers += 1;
        throw new FleetError({ kind: "unavailable", message: "The answer was lost" });
      },
    }),
    counts: () => ({ machines, calls, answers }),
  };
}

import type { Observation } from "./observe-provider.ts";
import { judgeFirstUse } from "./oracles/assignments.ts";

/** Notes when GitHub registers runners, and judges when they are used. */
export function followRunners(observation: Observation): void {
  const { truth } = observation;
  truth.github.onEvent((event) => {
    if (event.kind === "runner-registered")
      truth.registrations.set(event.runnerId, { name: event.runnerName, atMs: event.atMs });
    else if (event.kind === "runner-online") judgeFirstUse(observation, event);
  });
}

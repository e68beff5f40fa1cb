/**
 * How a fake listener misbehaves. A word for its whole life comes from `RUNS_FLEET_FAKE_SCENARIO` (in the environment or
 * the runner's `.env`), one for a job from the job itself; the job's word counts while it runs.
 */
export interface Scenario {
  /** Ends at once with this code: at its start, or when its job has ended. */
  readonly exitCode?: number;
  /** `exitCode` only at the first start; after it the listener runs as if nothing had been. */
  readonly once: boolean;
  /** Registers and never asks for a job. */
  readonly idle: boolean;
  /** Never registers and says nothing. */
  readonly deaf: boolean;
  /** Neither ends its job nor hears SIGINT. */
  readonly hang: boolean;
  /** Dies of a signal as soon as its job has begun. */
  readonly crash: boolean;
  /** Behaves as if its registration were gone. */
  readonly gone: boolean;
}

/** The words that {@link parseScenario} knows, for messages. */
export const scenarioWords =
  "idle, deaf, hang, crash, gone, exit-<code>, relaunch-<code> (exits with the code once, then runs)";

/** The scenario that a word stands for; `undefined`: the word is none. No word: everything goes well. */
export function parseScenario(word: string | undefined): Scenario | undefined {
  const scenario: Scenario = {
    once: false,
    idle: word === "idle",
    deaf: word === "deaf",
    hang: word === "hang",
    crash: word === "crash",
    gone: word === "gone",
  };
  if (word === undefined || word === "" || Object.values(scenario).includes(true)) return scenario;
  const [, kind, code] = /^(exit|relaunch)-(\d{1,3})$/.exec(word) ?? [];
  if (code === undefined || Number(code) > 255) return undefined;
  return { ...scenario, exitCode: Number(code), once: kind === "relaunch" };
}

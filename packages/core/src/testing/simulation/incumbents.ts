import type { Clock } from "../../ports/clock.ts";
import type { GitHubClient } from "../../ports/github-client.ts";
import { runSimulatedRunner } from "../machines/simulated-runner.ts";
import { createDice, createStream } from "./dice.ts";
import { floodRun } from "./plan-arrivals.ts";
import type { Trace } from "./trace.ts";
import type { Truth } from "./truth.ts";

const seconds = 1_000;
/** The others wait at GitHub until somebody cancels them, as jobs do whose old runners are gone. */
const servedRate = 0.6;

/** What the incumbents need. */
export interface IncumbentTools {
  readonly seed: number;
  readonly clock: Clock;
  readonly trace: Trace;
  /** By which they register. */
  readonly client: GitHubClient;
  /** Reaches GitHub. */
  readonly fetch: typeof fetch;
  /** The runner group that observed repositories may use. */
  readonly groupId: number;
}

/** Lets whatever serves observed repositories go on doing so: a runner of its own for most of their jobs. */
export function runIncumbents(
  truth: Truth,
  { seed, clock, trace, client, fetch: reach, groupId }: IncumbentTools,
): void {
  const dice = createDice(createStream(seed, "incumbents"));
  const serve = async (name: string, labels: readonly string[]): Promise<void> => {
    const { jitConfig } = await client.runners.mint("orgs/acme", { name, labels, groupId });
    const result = await runSimulatedRunner({
      ...{ jitConfig, clock, fetch: reach },
      signal: new AbortController().signal,
      news: { registered: async () => undefined, jobStarted: async () => undefined },
    });
    trace.add("incumbent", `${name}: ${result}`);
  };
  truth.github.onEvent((event) => {
    if (event.kind !== "job-queued" || !truth.observed.has(event.repository)) return;
    const { arrival } = truth.jobs.get(event.jobId) ?? {};
    const afterMs = dice.whole(5, 90) * seconds;
    if (!dice.chance(servedRate) || arrival === undefined || arrival.run === floodRun) return;
    const name = `incumbent-${event.jobId}`;
    truth.strangers.add(name);
    void clock
      .sleep(afterMs)
      .then(() => serve(name, arrival.labels))
      .catch(() => trace.add("incumbent", `${name} could not come`));
  });
}

import { createMemoryStore } from "../../src/embedded/index.ts";
import type { Check } from "../../src/ports/github-client.ts";
import type { MachineProvider, ObservedMachine } from "../../src/ports/machine-provider.ts";
import type { Catalog } from "../../src/routing/index.ts";
import { createFakeGitHub } from "../../src/testing/github/index.ts";
import { createAssignmentBoard } from "../../src/testing/machines/index.ts";
import { createSeededEntropy } from "../../src/testing/seeded-entropy.ts";
import { createJudge, type Judge } from "../../src/testing/simulation/judge.ts";
import type { Observation } from "../../src/testing/simulation/observe-provider.ts";
import type { Arrival, Scenario } from "../../src/testing/simulation/plan-scenario.ts";
import { createTrace } from "../../src/testing/simulation/trace.ts";
import { createTrouble, type Trouble } from "../../src/testing/simulation/trouble.ts";
import { createTruth, type Truth } from "../../src/testing/simulation/truth.ts";
import { createVirtualClock, type VirtualClock } from "../../src/testing/virtual-clock.ts";
import { aCatalog } from "../fleet/builders.ts";

/** A world in which nothing happens but what a test lets happen, for oracles to look at. */
export interface OracleStage {
  readonly clock: VirtualClock;
  readonly judge: Judge;
  readonly trouble: Trouble;
  readonly truth: Truth;
  readonly observation: Observation;
  /** What the provider has. */
  readonly machines: ObservedMachine[];
  /** Names of the invariants that were violated, in order. */
  found(): readonly string[];
  /** GitHub has this job, queued so long ago. */
  addJob(id: string, ageMs: number, arrival?: Partial<Arrival>): void;
  /** Its developer reads this about the job: by default, that it is refused. */
  tell(id: string, check?: Partial<Check>): Promise<void>;
  /** The provider has this machine, bought for a pool. */
  addMachine(id: string, pool: string, state?: ObservedMachine["state"]): void;
}

/** Makes a world that is calm and an hour old. */
export async function createOracleStage(
  catalog: Catalog = aCatalog(),
  startMs: number = Date.parse("2026-11-24T09:00:00Z"),
  world: Partial<Pick<Scenario, "observed" | "files">> = {},
): Promise<OracleStage> {
  const clock = createVirtualClock(startMs);
  const trace = createTrace(clock);
  const judge = createJudge(clock, trace);
  const trouble = createTrouble(clock, 1);
  const store = createMemoryStore({ clock });
  const machines: ObservedMachine[] = [];
  const provider = { list: async () => machines } as unknown as MachineProvider;
  const truth = createTruth({
    environment: "ci",
    region: "local",
    startMs,
    catalog,
    github: createFakeGitHub({ clock, entropy: createSeededEntropy(1) }),
    board: createAssignmentBoard(store),
    store,
    provider,
    ...world,
  });
  await clock.advance(60 * 60_000);
  return {
    clock,
    judge,
    trouble,
    truth,
    machines,
    observation: { truth, judge, trace, clock },
    found: () => judge.violations.map(({ invariant }) => invariant),
    addJob: (id, ageMs, arrival = {}) => {
      const queuedAtMs = clock.now() - ageMs;
      truth.jobs.set(id, {
        id,
        queuedAtMs,
        arrival: {
          atMs: 0,
          repository: "acme/app",
          labels: ["runs-fleet"],
          durationMs: 1_000,
          run: 1,
          result: "succeeded",
          isWrong: false,
          isForeign: false,
          ...arrival,
        },
      });
    },
    tell: async (id, check = {}) => {
      const { github } = truth;
      const sha = github.commitFile({ repository: "acme/app", path: "a", text: id });
      const told = github.client.checks.report("acme/app", {
        name: "runs-fleet",
        sha,
        externalId: `${id}.1`,
        conclusion: "failure",
        title: "No runner: labels-invalid",
        summary: "**labels-invalid**: There is no key cpus",
        annotations: [],
        ...check,
      });
      await clock.advance(60_000);
      await told;
    },
    addMachine: (id, pool, state = "running") => {
      const attempt = {
        id: `for-${id}`,
        token: id,
        shard: "ci/local",
        environment: "ci",
        region: "local",
        count: 1,
        shape: { os: "linux" as const, cpu: { min: 2, max: 2 } },
        markets: ["on-demand" as const],
        pool,
        specHash: "s",
        deadlineMs: clock.now() + 86_400_000,
      };
      truth.purchases.set(attempt.id, { attempt, machineIds: new Set([id]) });
      truth.attemptOf.set(id, attempt.id);
      machines.push({
        id,
        attemptId: attempt.id,
        state,
        market: "on-demand",
        launchedAtMs: clock.now(),
      });
    },
  };
}

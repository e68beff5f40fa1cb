import { createMemoryQueue, createMemoryStore } from "../../embedded/index.ts";
import type { MachineCall } from "../../embedded/memory-machine-options.ts";
import type { DemandEvent } from "../../ports/demand-event.ts";
import type { FailureKind } from "../../ports/failure.ts";
import type { AgentEvent } from "../../wire/agent-event.ts";
import { createFakeGitHub } from "../github/index.ts";
import { createAssignmentBoard, createSimulatedMachines } from "../machines/index.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { appKey } from "./app-key.ts";
import { applyFaults, soundWebhooks } from "./apply-faults.ts";
import { createDice, createStream } from "./dice.ts";
import type { Fault } from "./faults.ts";
import { followJobs } from "./follow-jobs.ts";
import { createJudge, type Violation } from "./judge.ts";
import { travellingFetch } from "./latency.ts";
import type { Mutant } from "./mutants.ts";
import { type Observation, observeProvider } from "./observe-provider.ts";
import {
  createQueueFacts,
  demandKey,
  judgeDemandAck,
  judgeReportAck,
  observeQueue,
} from "./observe-queue.ts";
import { createStoreFacts, observeStore } from "./observe-store.ts";
import { judgeSteady } from "./oracles/budget.ts";
import { judgeKnown, judgeWaits } from "./oracles/jobs.ts";
import { createMachineMemory, judgeMachines, judgeRest } from "./oracles/machines.ts";
import { judgeDelivery, judgeWebhook } from "./oracles/messages.ts";
import { judgeExplained } from "./oracles/status.ts";
import type { Scenario } from "./plan-scenario.ts";
import { createProcesses } from "./processes.ts";
import { statsOf } from "./stats.ts";
import { createTrace } from "./trace.ts";
import { createTrouble } from "./trouble.ts";
import { laggingListings, troubledQueue } from "./troubled-ports.ts";
import type { Truth } from "./truth.ts";

const minutes = 60_000;
const hours = 60 * minutes;
const environment = "ci";
const region = "local";
const secret = "simulated-secret";

/** After the last fault and job the fleet gets so long to come to rest; longer than any job may wait or run. */
const restMs: number = 100 * minutes;

/** What {@link simulate} is given. */
export interface SimulationPlan {
  readonly seed: number;
  readonly scenario: Scenario;
  readonly faults: readonly Fault[];
  readonly mutant?: Mutant;
}

/** What came of it. */
export interface SimulationOutcome {
  readonly trace: string;
  readonly violations: readonly Violation[];
  readonly stats: Readonly<Record<string, number>>;
}

/** Lets a fleet live through a plan, and judges all that it does. */
export async function simulate(plan: SimulationPlan): Promise<SimulationOutcome> {
  const { seed, scenario, faults, mutant = undefined } = plan;
  const clock = createVirtualClock(scenario.startMs);
  const trace = createTrace(clock);
  const judge = createJudge(clock, trace);
  const trouble = createTrouble(clock);
  const stream = (purpose: string) => createStream(seed, purpose);
  const noteAs = (who: string) => (what: string) => trace.add(who, what);
  let refusedByGitHub = 0;
  const github = createFakeGitHub({
    clock,
    app: { privateKey: appKey() },
    entropy: stream("github"),
    onExchange: ({ status }) => {
      if (status === 429 || status === 403) refusedByGitHub += 1;
    },
  });
  const trueStore = createMemoryStore({ clock });
  const board = createAssignmentBoard(mutant?.store?.(trueStore) ?? trueStore);
  const queueOf = <T>(name: string, inner = createMemoryQueue<T>({ clock })) =>
    troubledQueue<T>(inner, {
      trouble,
      clock,
      entropy: stream(`${name} queue`),
      note: noteAs(name),
    });
  const rawDemand = createMemoryQueue<DemandEvent>({ clock });
  const demand = queueOf<DemandEvent>("demand", rawDemand);
  const reports = queueOf<AgentEvent>("reports");
  const storeFacts = createStoreFacts();
  const demandFacts = createQueueFacts();
  const reportFacts = createQueueFacts();

  const reach = travellingFetch(github.fetch, { clock, entropy: stream("ways to GitHub") });
  const boots = createDice(stream("boots"));
  const mutes = new Set<string>();
  const refuse = (call: MachineCall): FailureKind | undefined =>
    (call.kind === "launch" || call.kind === "start") && trouble.active("capacity-gone").length > 0
      ? "capacity"
      : undefined;
  const agentReports = observeQueue(
    reports,
    reportFacts,
    ({ id }) => id,
    async () => undefined,
    clock,
  );
  const machines = createSimulatedMachines({
    region,
    clock,
    entropy: stream("agents"),
    board,
    reports: {
      ...agentReports,
      send: (messages, options) => {
        for (const { body } of messages) trace.add(body.machineId, body.kind);
        return agentReports.send(messages, options);
      },
    },
    fetch: reach,
    refuse,
    bootMs: (id) => {
      if (trouble.active("never-boots").length > 0) mutes.add(id);
      const factor = trouble.active("slow-boots").reduce((most, f) => Math.max(most, f.factor), 1);
      return Math.max(5_000, boots.spread(scenario.bootMs, 0.3) * factor);
    },
    mute: (id) => mutes.has(id),
  });
  const truth: Truth = {
    environment,
    region,
    shard: `${environment}/${region}`,
    catalog: scenario.catalog,
    github,
    board,
    store: trueStore,
    provider: machines.provider,
    jobs: new Map(),
    openJobs: new Set(),
    purchases: new Map(),
    deadlineOf: new Map(),
    runnerOf: new Map(),
    machineOf: new Map(),
    killed: new Set(),
    strangers: new Set(),
    movedAtMs: scenario.startMs,
    runnersDownAtMs: Number.NEGATIVE_INFINITY,
  };
  const observation: Observation = { truth, judge, trace, clock };
  const provider = laggingListings(mutant?.provider?.(machines.provider) ?? machines.provider, {
    trouble,
    clock,
    entropy: stream("listings"),
    note: noteAs("provider"),
  });
  const demandAck = judgeDemandAck(observation);
  const reportAck = judgeReportAck(observation);
  const badDemand = mutant?.demand?.(demand) ?? demand;
  const processes = createProcesses({
    seed,
    count: scenario.processes,
    environment,
    region,
    catalog: scenario.catalog,
    clock,
    github,
    trouble,
    trace,
    secret,
    fetch: reach,
    ports: (who) => {
      const watched = observeProvider(provider, who, observation);
      return {
        store: observeStore(board.store, who, observation, storeFacts),
        demand: observeQueue(badDemand, demandFacts, demandKey, demandAck, clock),
        reports: observeQueue(reports, reportFacts, ({ id }) => id, reportAck, clock),
        provider: mutant?.caller?.(watched, environment) ?? watched,
      };
    },
  });
  github.webhooks.faults(soundWebhooks);
  followJobs(observation, scenario.arrivals);
  github.webhooks.target(async (request) => {
    const guid = request.headers.get("x-github-delivery") ?? "";
    const response = await processes.handleWebhook(request);
    judgeWebhook(observation, guid, response.status, demandFacts);
    return response;
  }, secret);

  for (const [index, slot] of processes.slots.entries()) processes.bootLater(slot, index * 1_500);
  const wanted = scenario.arrivals.filter(({ isWrong }) => !isWrong);
  const labels = [...new Set(wanted.flatMap(({ labels: own }) => own))].sort();
  applyFaults(faults, {
    ...{ seed, clock, truth, trouble, trace, processes, machines, labels },
    fetch: reach,
  });

  const memory = createMachineMemory();
  const endMs = scenario.startMs + scenario.hours * hours + restMs;
  for (let minute = 1; clock.now() < endMs; minute += 1) {
    await clock.advance(minutes);
    judgeWaits(observation);
    await judgeKnown(observation, trouble);
    await judgeMachines(observation, trouble, memory);
    judgeDelivery(observation, trouble, "demand", demandFacts);
    judgeDelivery(observation, trouble, "reports", reportFacts);
    judgeSteady(observation, trouble, storeFacts);
    judge.check(
      "call-budget",
      "github",
      refusedByGitHub > 0 ? `GitHub refused ${refusedByGitHub} calls` : undefined,
    );
    // Not waited for: its questions take their time like all others, and a process may die over them.
    if (minute % 5 === 0) {
      judgeExplained(observation, trouble, processes.awake()).catch((error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        trace.add("judge", `could not ask for explanations: ${message}`);
      });
    }
  }
  await judgeRest(observation, memory);
  for (const { life } of processes.slots) life?.kill();
  await github[Symbol.asyncDispose]();
  return {
    trace: trace.text(),
    violations: judge.violations,
    stats: statsOf({ scenario, faults, truth, judge, processes, storeFacts }),
  };
}

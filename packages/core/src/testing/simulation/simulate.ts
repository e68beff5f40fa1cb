import { createMemoryQueue, createMemoryStore } from "../../embedded/index.ts";
import { fleetRules } from "../../fleet/rules.ts";
import type { DemandEvent } from "../../ports/demand-event.ts";
import type { MachineNotice } from "../../ports/machine-notice.ts";
import type { StateStore } from "../../ports/state-store.ts";
import type { AgentEvent } from "../../wire/agent-event.ts";
import { createEc2Host } from "../ec2/index.ts";
import { createFakeGitHub } from "../github/index.ts";
import {
  createAssignmentBoard,
  createSimulatedMachines,
  type MachineHooks,
} from "../machines/index.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { appKey } from "./app-key.ts";
import { applyFaults } from "./apply-faults.ts";
import { createCostMeter } from "./cost-meter.ts";
import { createCoverage } from "./coverage.ts";
import { isCause } from "./coverage-map.ts";
import { createStream } from "./dice.ts";
import type { Fault } from "./faults.ts";
import { followJobs } from "./follow-jobs.ts";
import { followRunners } from "./follow-runners.ts";
import { settleForeign } from "./foreign.ts";
import { clientOf, soundWebhooks } from "./github-faults.ts";
import { runIncumbents } from "./incumbents.ts";
import { createJudge, type Violation } from "./judge.ts";
import { travellingFetch } from "./latency.ts";
import { createMachineTroubles } from "./machine-troubles.ts";
import type { Mutant } from "./mutants/index.ts";
import type { Observation } from "./observe-provider.ts";
import { observeQueue } from "./observe-queue.ts";
import { createPortFacts, observedPorts, observedWebhooks } from "./observed-ports.ts";
import { createFloorMemory } from "./oracles/floors.ts";
import { addGroups } from "./oracles/isolation.ts";
import { noteAnswer } from "./oracles/narrowed.ts";
import { judgeObservedCheck } from "./oracles/observed.ts";
import { judgeTelling, takenCheck } from "./oracles/told.ts";
import type { Scenario } from "./plan-scenario.ts";
import { createProcesses } from "./processes.ts";
import { createTraces } from "./recording-telemetry.ts";
import { createRepositoryFiles } from "./repository-files.ts";
import { statsOf, waitsOf } from "./stats.ts";
import { createTrace } from "./trace.ts";
import { createTrouble } from "./trouble.ts";
import { createAccount, troubledProvider } from "./troubled-provider.ts";
import { troubledQueue, verifiedReports } from "./troubled-queue.ts";
import { createTruth, noteReport } from "./truth.ts";
import { createWatch } from "./watch.ts";

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
  /** Where machines come from. @defaultValue `memory`, which does at once what it is told */
  readonly cloud?: "memory" | "ec2";
  /** Ends it at the first violation of this invariant. */
  readonly until?: string | undefined;
}

/** What came of it. */
export interface SimulationOutcome {
  readonly trace: string;
  readonly violations: readonly Violation[];
  readonly stats: Readonly<Record<string, number>>;
  readonly waitsMs: readonly number[];
  readonly reached: readonly string[];
}

/** Lets a fleet live through a plan, and judges all that it does. */
export async function simulate(plan: SimulationPlan): Promise<SimulationOutcome> {
  const { seed, scenario, faults, mutant = undefined, until } = plan;
  const clock = createVirtualClock(scenario.startMs, { yields: false });
  const trace = createTrace(clock);
  const judge = createJudge(clock, trace);
  const trouble = createTrouble(clock, seed);
  const coverage = createCoverage(isCause);
  coverage.happened(faults);
  const stream = (purpose: string) => createStream(seed, purpose);
  const noteAs = (who: string) => (what: string) => trace.add(who, what);
  let refusedByGitHub = 0;
  const github = createFakeGitHub({
    clock,
    app: { privateKey: appKey() },
    entropy: stream("github"),
    onExchange: (exchange) => {
      const { status, response } = exchange;
      const check = takenCheck(exchange);
      if (check !== undefined) {
        judgeTelling(observation, trouble, facts.told, check);
        judgeObservedCheck(observation, check.externalId);
      }
      // A 403 without these words is no matter of budgets: a run that has not ended is not run again.
      const isLimit = status === 403 && /rate limit/i.test(JSON.stringify(response));
      if (status === 429 || isLimit) refusedByGitHub += 1;
    },
  });
  const trueStore: StateStore = {
    ...createMemoryStore({ clock }),
    // Of seeds that follow one another, every third pays for its commits, every third pays a little.
    holdMs: [0, 10_000, 2_000][seed % 3] ?? 0,
  };
  const board = createAssignmentBoard(mutant?.store?.(trueStore) ?? trueStore);
  const queueOf = <T>(name: string, inner = createMemoryQueue<T>({ clock })) =>
    troubledQueue<T>(inner, {
      trouble,
      clock,
      note: noteAs(name),
    });
  const rawDemand = createMemoryQueue<DemandEvent>({ clock });
  const demand = queueOf<DemandEvent>("demand", rawDemand);
  const forgers = new Map<string, string>();
  const reports = verifiedReports(queueOf<AgentEvent>("reports"), forgers);
  const notices = queueOf<MachineNotice>("notices");
  const traces = createTraces();
  const facts = createPortFacts();

  const reach = travellingFetch(github.fetch, { clock, entropy: stream("ways to GitHub") });
  const agentReports = observeQueue(
    reports,
    facts.reports,
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
        const own = messages.filter(({ body }) => !truth.foreign.machines.has(body.machineId));
        for (const { body } of own) noteReport(truth, trace, body);
        return agentReports.send(own, options);
      },
    },
    fetch: reach,
    ...(plan.cloud === "ec2"
      ? {
          host: (hooks: MachineHooks) =>
            createEc2Host({
              ...{ clock, region, entropy: stream("ec2"), ...hooks },
              // Whoever comes through the door is counted there.
              limits: false,
              buy: seed % 4 === 0 ? "instances" : "fleet",
              // Agents are up when the scenario says so, 5 s after the launch at the earliest.
              times: { pendingMs: { medianMs: 2_000, spread: 0.3 } },
            }),
        }
      : {}),
    ...createMachineTroubles({
      seed,
      trouble,
      clock,
      note: noteAs("provider"),
      bootMs: scenario.bootMs,
      pools: scenario.catalog.pools.map(({ name }) => name),
    }),
  });
  const truth = createTruth({
    environment,
    region,
    startMs: scenario.startMs,
    catalog: scenario.catalog,
    github,
    board,
    store: trueStore,
    provider: machines.truth,
    observed: scenario.observed,
    files: scenario.files,
  });
  const observation: Observation = { truth, judge, trace, clock };
  const isNarrowed = scenario.files.length > 0;
  const files = createRepositoryFiles({
    ...{ seed, clock, github, trouble, trace },
    files: scenario.files,
    answered: (...answer) => noteAnswer(facts.narrowed, ...answer),
  });
  const around = { trouble, clock, note: noteAs("provider") };
  const account = createAccount(around);
  const provider = troubledProvider(machines.provider, around);
  const processes = createProcesses({
    seed,
    count: scenario.processes,
    environment,
    region,
    catalog: scenario.catalog,
    widens: scenario.widens,
    clock,
    github,
    trouble,
    trace,
    secret,
    fetch: reach,
    door: account.door,
    refusedRerun: (jobId) => truth.refusedReruns.add(jobId),
    telemetry: traces.telemetry,
    insides: { rules: coverage.watch(mutant?.rules?.(fleetRules) ?? fleetRules) },
    onDecision: coverage.decided,
    through: mutant?.ports,
    files: isNarrowed ? files.source : undefined,
    ports: observedPorts(
      { store: board.store, demand, reports, notices, provider },
      observation,
      facts,
      traces,
      trouble,
      isNarrowed,
    ),
  });
  github.webhooks.faults(soundWebhooks);
  if (scenario.runnerGroup !== undefined)
    github.addRunnerGroup({ owner: "acme", name: scenario.runnerGroup });
  const groups = addGroups(truth, scenario.groups);
  followJobs(observation, scenario.arrivals);
  if (scenario.observed.length > 0) {
    const client = clientOf("incumbents", { seed, clock, truth, fetch: reach });
    const groupId = groups.get("others") ?? 1;
    runIncumbents(truth, { ...{ seed, clock, trace, client, groupId }, fetch: reach });
  }
  followRunners(observation);
  const webhooks = observedWebhooks(processes.handleWebhook, observation, facts, traces);
  github.webhooks.target(webhooks, secret);

  const endMs = scenario.startMs + scenario.hours * hours + restMs;
  settleForeign(truth, { clock, entropy: stream("foreign"), note: noteAs("foreign") });
  for (const [index, slot] of processes.slots.entries()) processes.bootLater(slot, index * 1_500);
  const wanted = scenario.arrivals.filter(({ isWrong, isForeign }) => !isWrong && !isForeign);
  const labels = [...new Set(wanted.flatMap(({ labels: own }) => own))].sort();
  applyFaults(faults, {
    ...{ seed, clock, truth, trouble, trace, judge, processes, machines, labels, forgers },
    reports: agentReports,
    notices,
    fetch: reach,
  });

  const watch = createWatch({
    observation,
    trouble,
    floors: createFloorMemory(truth.pools, scenario.startMs, endMs),
    facts,
    refusedByGitHub: () => refusedByGitHub,
    refusedByProvider: account.refusals,
    awake: processes.awake,
    catalogOf: processes.releases.catalogOf,
  });
  const meter = createCostMeter(truth);
  const isOver = (): boolean =>
    clock.now() >= endMs || judge.violations.some(({ invariant }) => invariant === until);
  for (let minute = 1; !isOver(); minute += 1) {
    await clock.advance(minutes);
    await watch.minute(minute);
    await meter.minute();
  }
  // Cut short, nothing has come to rest.
  if (clock.now() >= endMs) await watch.end();
  for (const { life } of processes.slots) life?.kill();
  await github[Symbol.asyncDispose]();
  traces.end();
  return {
    trace: trace.text(),
    violations: judge.violations,
    stats: {
      ...statsOf({ scenario, faults, truth, judge, processes, storeFacts: facts.store }),
      ...meter.totals(),
    },
    waitsMs: waitsOf(truth),
    reached: coverage.names(),
  };
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import type {
  MachineProvider,
  MessageQueue,
  ObservedMachine,
  Outcome,
  StateStore,
} from "@runs-fleet/core";
import { createMemoryStore } from "@runs-fleet/core/embedded";
import {
  createProcessMachineProvider,
  createProcessReports,
  withProcessAssignments,
} from "@runs-fleet/core/embedded/process";
import { prepareFakeRunnerDirectory } from "@runs-fleet/core/testing";
import type { AgentEvent } from "@runs-fleet/core/wire";
import type { Programs } from "./programs.ts";
import { type RunnerService, startRunnerService, type TestJob } from "./runner-service.ts";

/** How one machine of a test is made. */
export interface MachinePlan {
  readonly job?: TestJob;
  /** How its listener misbehaves. */
  readonly scenario?: string;
  /** Variables of its runner's `.env`. */
  readonly runnerEnvironment?: Readonly<Record<string, string>>;
  readonly timings?: Readonly<Record<string, number>>;
  /** Milliseconds from now to the machine's deadline. */
  readonly lifeMs?: number;
  readonly market?: "spot" | "on-demand";
}

/** A directory of process machines with all that they speak to. */
export interface TestFleet extends AsyncDisposable {
  readonly directory: string;
  readonly service: RunnerService;
  readonly provider: MachineProvider;
  /** A runner's directory for the plan. */
  prepareRunner(plan?: MachinePlan): Promise<string>;
  /** Buys one machine; answers its id. */
  launch(plan?: MachinePlan): Promise<string>;
  /** Starts the machine again, with the runner that it was launched with. */
  start(machineId: string): Promise<readonly Outcome[]>;
  /** Gives the machine the assignment for a runner that gets this job. */
  assign(machineId: string, job?: TestJob): Promise<void>;
  /** Waits for the machine to report this; answers all that it has reported. */
  until(
    machineId: string,
    kind: AgentEvent["kind"],
    count?: number,
  ): Promise<readonly AgentEvent[]>;
  /** The machine as it is listed. */
  machine(machineId: string): Promise<ObservedMachine | undefined>;
  /** Waits until the machine is listed in this state. */
  become(machineId: string, state: ObservedMachine["state"]): Promise<void>;
}

const filter = { environment: "ci", region: "local" };
const patienceMs = 20_000;

/** Looks every few milliseconds until it holds. */
export async function eventually(what: string, holds: () => Promise<boolean> | boolean) {
  const untilMs = performance.now() + patienceMs;
  while (!(await holds())) {
    if (performance.now() > untilMs) throw new Error(`Never came true: ${what}`);
    await delay(10);
  }
}

/** A fleet without machines. */
export async function createTestFleet(programs: Programs): Promise<TestFleet> {
  const root = await mkdtemp(join(tmpdir(), "runs-fleet-machines-"));
  const directory = join(root, "machines");
  const service = await startRunnerService();
  const providerOf = (environment: Readonly<Record<string, string>>) =>
    createProcessMachineProvider({
      directory,
      command: [process.execPath, programs.agent],
      environment,
    });
  const provider = providerOf({});
  const reports: MessageQueue<AgentEvent> & AsyncDisposable = createProcessReports({ directory });
  const store: StateStore = withProcessAssignments(createMemoryStore(), { directory });
  const lease = await store.leases.acquire("ci/local", "test", 3_600_000);
  if (lease === undefined) throw new Error("The lease is taken");
  const reported = new Map<string, AgentEvent[]>();
  const launchers = new Map<string, MachineProvider>();
  let counter = 0;
  const stopped = new AbortController();

  async function pump(): Promise<void> {
    while (!stopped.signal.aborted) {
      const deliveries = await reports.receive({
        max: 50,
        waitMs: 1_000,
        visibilityMs: 60_000,
        signal: stopped.signal,
      });
      for (const { sender = "", body } of deliveries) {
        reported.set(sender, [...(reported.get(sender) ?? []), body]);
      }
      await reports.acknowledge(deliveries);
    }
  }
  const pumping = pump().catch(() => undefined);

  async function prepareRunner(plan: MachinePlan = {}): Promise<string> {
    counter += 1;
    const runner = join(root, `runner-${counter}`);
    await prepareFakeRunnerDirectory(runner, {
      program: programs.listener,
      ...(plan.scenario !== undefined && { scenario: plan.scenario }),
      ...(plan.runnerEnvironment && { environment: plan.runnerEnvironment }),
    });
    return runner;
  }

  async function machine(machineId: string): Promise<ObservedMachine | undefined> {
    return (await provider.list(filter)).find(({ id }) => id === machineId);
  }

  return {
    directory,
    service,
    provider,
    prepareRunner,
    machine,
    launch: async (plan = {}) => {
      const runner = await prepareRunner(plan);
      const own = providerOf({
        RUNS_FLEET_RUNNER_DIR: runner,
        RUNS_FLEET_AGENT_TIMINGS: JSON.stringify({ fastPollMs: 60_000, ...plan.timings }),
      });
      const name = basename(runner);
      const { machines } = await own.launch({
        id: `attempt-${name}`,
        token: `token-${name}`,
        shard: "ci/local",
        environment: "ci",
        region: "local",
        count: 1,
        shape: { os: "linux", cpu: { min: 2, max: 2 } },
        markets: [plan.market ?? "on-demand"],
        specHash: "spec",
        deadlineMs: Date.now() + (plan.lifeMs ?? 600_000),
      });
      const id = machines[0]?.id ?? "";
      launchers.set(id, own);
      return id;
    },
    start: (machineId) => (launchers.get(machineId) ?? provider).start([machineId]),
    assign: async (machineId, job) => {
      const runnerName = `rf-${machineId}`;
      const value = {
        id: `assignment-of-${machineId}`,
        machineId,
        jitConfig: service.mint(runnerName, job),
        runnerName,
        labels: ["runs-fleet"],
        deadlineMs: Date.now() + 600_000,
      };
      const record = {
        table: "assignments",
        id: machineId,
        shard: "ci/local",
        open: true,
      } as const;
      await store.commit(lease, [{ ...record, expected: "absent", value }], { checked: true });
    },
    until: async (machineId, kind, count = 1) => {
      const events = () => reported.get(machineId) ?? [];
      await eventually(
        `${machineId} reports ${kind}`,
        () => events().filter((event) => event.kind === kind).length >= count,
      );
      return events();
    },
    become: (machineId, state) =>
      eventually(
        `${machineId} is ${state}`,
        async () => (await machine(machineId))?.state === state,
      ),
    [Symbol.asyncDispose]: async () => {
      stopped.abort();
      await pumping;
      await provider.terminate((await provider.list(filter)).map(({ id }) => id));
      await reports[Symbol.asyncDispose]();
      await service[Symbol.asyncDispose]();
      await rm(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 20 });
    },
  };
}

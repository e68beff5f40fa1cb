import type { MachineProvider } from "../../src/ports/machine-provider.ts";
import type { MessageQueue } from "../../src/ports/message-queue.ts";
import type { StateStore, Write } from "../../src/ports/state-store.ts";
import type { FakeGitHub, FakeGitHubEvent } from "../../src/testing/github/index.ts";
import type { AgentEvent } from "../../src/wire/agent-event.ts";
import { noPool, type Phase } from "./frames.ts";
import { createSightings, type Seen, type Sightings } from "./sightings.ts";

/** How a job got its machine: it was ready before, was started for it, or was bought for it. */
export type Served = "hot" | "stopped" | "cold";

/** A job that began. */
export interface Started {
  readonly jobId: string;
  readonly pool: string;
  readonly waitMs: number;
  readonly served: Served;
}

/** A stop or a termination of a machine that has work. */
export interface BusyTouch {
  readonly atMs: number;
  readonly machineId: string;
  readonly call: "stop" | "terminate";
  readonly why: "job" | "claim" | "unread assignment";
}

/** What happened. */
export interface Testimony
  extends Pick<Sightings, "machines" | "frames" | "arrivals" | "purchases"> {
  readonly started: readonly Started[];
  readonly busyTouches: readonly BusyTouch[];
  counts(): {
    /** Machines that the controller asked to be stopped or terminated. */
    readonly touches: number;
    /** Calls of `launch`, repeated ones too. */
    readonly launchCalls: number;
    /** Stopped machines that were started. */
    readonly starts: number;
  };
}

/** Somebody who sees every call, report, record and job, and asks the controller nothing. */
export interface Witness extends Testimony {
  readonly provider: (provider: MachineProvider) => MachineProvider;
  readonly store: (store: StateStore) => StateStore;
  readonly reports: (queue: MessageQueue<AgentEvent>) => MessageQueue<AgentEvent>;
  /** Watches the jobs; called before there are any. */
  watch(github: FakeGitHub): void;
  /** A job was queued. */
  queued(jobId: string, pool: string | undefined): void;
}

interface SeenJob {
  readonly pool: string;
  readonly queuedAtMs: number;
  state: "queued" | "started" | "ended";
}

const endStates: ReadonlySet<unknown> = new Set(["retiring", "gone", "stopping", "stopped"]);
const claimStates: ReadonlySet<unknown> = new Set([
  "claimed",
  "assigned",
  "withdrawing",
  "acknowledged",
  "registered",
]);

/** Somebody who has seen nothing yet. */
export function createWitness(nowMs: () => number): Witness {
  const sightings = createSightings(nowMs);
  const { machines, frames, arrivals, purchases, meet, move } = sightings;
  const byRunner = new Map<string, string>();
  const jobs = new Map<string, SeenJob>();
  const started: Started[] = [];
  const busyTouches: BusyTouch[] = [];
  let touches = 0;
  let launchCalls = 0;
  let starts = 0;

  const jobOfKey = (key = ""): SeenJob | undefined => jobs.get(key.split(".")[0] ?? "");
  const workOf = ({ runs, unread, jobKey }: Seen): BusyTouch["why"] | undefined => {
    if (runs !== undefined) return "job";
    if (unread) return "unread assignment";
    const job = jobOfKey(jobKey);
    return job !== undefined && job.state !== "ended" ? "claim" : undefined;
  };
  /** Looks at machines as a stop or a termination of them leaves the controller. */
  const judge = (call: BusyTouch["call"], ids: readonly string[]): void => {
    for (const id of ids) {
      touches += 1;
      const machine = machines.get(id);
      const why = machine && machine.phase !== "ended" ? workOf(machine) : undefined;
      if (why) busyTouches.push({ atMs: nowMs(), machineId: id, call, why });
    }
  };

  const readMachine = (machine: Seen, value: Readonly<Record<string, unknown>>): void => {
    const { state, jobKey, hardDeadlineMs, registration } = value;
    if (typeof hardDeadlineMs === "number") machine.hardDeadlineMs = hardDeadlineMs;
    if (typeof registration === "object" && registration !== null && "runnerName" in registration)
      byRunner.set(String(registration.runnerName), machine.id);
    if (endStates.has(state)) return;
    machine.jobKey = typeof jobKey === "string" ? jobKey : undefined;
    const { phase } = machine;
    if (phase !== "ready" && phase !== "claimed" && phase !== "spare") return;
    if (claimStates.has(state)) {
      move(machine, machine.jobKey === undefined ? "spare" : "claimed");
    } else if (state === "ready") move(machine, "ready");
  };
  const readWrite = ({ table, id, value }: Write): void => {
    const machine = machines.get(id);
    if (!machine) return;
    if (table === "assignments") machine.unread = value !== undefined;
    if (table === "machines" && typeof value === "object" && value !== null)
      readMachine(machine, value as Readonly<Record<string, unknown>>);
  };
  const readReport = ({ kind, machineId }: AgentEvent): void => {
    const machine = machines.get(machineId);
    if (!machine) return;
    if (kind === "ready") {
      machine.readyAtMs = nowMs();
      move(machine, "ready");
    } else if (kind === "acknowledged") machine.unread = false;
    // It switches itself off right after its last word.
    else if (kind === "finished") move(machine, "ended");
  };

  const begin = (jobId: string, { pool, queuedAtMs }: SeenJob, machine: Seen): void => {
    machine.runs = jobId;
    const wasReady = machine.readyAtMs <= queuedAtMs;
    const served = wasReady ? "hot" : machine.wasStopped ? "stopped" : "cold";
    started.push({ jobId, pool, waitMs: nowMs() - queuedAtMs, served });
    move(machine, "busy");
  };
  const readEvent = (event: FakeGitHubEvent): void => {
    if (event.kind !== "job-started" && event.kind !== "job-completed") return;
    const { jobId, runnerName = "" } = event;
    const job = jobs.get(jobId);
    if (!job) return;
    const machine = machines.get(byRunner.get(runnerName) ?? "");
    if (job.state === "queued") sightings.served(job.pool);
    if (event.kind === "job-completed") {
      job.state = "ended";
      if (machine?.runs === jobId) machine.runs = undefined;
      return;
    }
    job.state = "started";
    if (!machine) throw new Error(`Nobody knows runner ${runnerName} of job ${jobId}`);
    begin(jobId, job, machine);
  };

  const followed = async (phase: Phase, call: ReturnType<MachineProvider["stop"]>) => {
    const outcomes = await call;
    for (const { id, ok } of outcomes) {
      const machine = machines.get(id);
      if (!ok || !machine) continue;
      if (phase === "booting") starts += 1;
      move(machine, phase);
    }
    return outcomes;
  };

  return {
    machines,
    frames,
    arrivals,
    purchases,
    started,
    busyTouches,
    counts: () => ({ touches, launchCalls, starts }),
    provider: (provider) => ({
      ...provider,
      launch: async (attempt, call) => {
        launchCalls += 1;
        const result = await provider.launch(attempt, call);
        for (const { id } of result.machines) meet(attempt, id);
        return result;
      },
      start: (ids, call) => followed("booting", provider.start(ids, call)),
      stop: (ids, call) => {
        judge("stop", ids);
        return followed("stopped", provider.stop(ids, call));
      },
      terminate: (ids, call) => {
        judge("terminate", ids);
        return followed("ended", provider.terminate(ids, call));
      },
    }),
    store: (store) => ({
      ...store,
      commit: async (lease, writes, call) => {
        await store.commit(lease, writes, call);
        for (const write of writes) readWrite(write);
      },
    }),
    reports: (queue) => ({
      ...queue,
      send: async (messages, call) => {
        const outcomes = await queue.send(messages, call);
        for (const { body } of messages) readReport(body);
        return outcomes;
      },
    }),
    watch: (github) => {
      github.onEvent(readEvent);
    },
    queued: (jobId, pool = noPool) => {
      jobs.set(jobId, { pool, queuedAtMs: nowMs(), state: "queued" });
      sightings.queued(pool);
    },
  };
}

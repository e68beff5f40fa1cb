import { createMemoryMachineProvider } from "../../embedded/memory-machine-provider.ts";
import type { Clock } from "../../ports/clock.ts";
import type { LaunchAttempt, MachineProvider } from "../../ports/machine-provider.ts";
import type { MessageQueue } from "../../ports/message-queue.ts";
import type { AgentEvent } from "../../wire/agent-event.ts";
import { defaultEc2Limits } from "../ec2/index.ts";
import type { AssignmentBoard } from "../machines/index.ts";
import type { GitHubModel } from "./github-model.ts";
import type { JobLife, MachineLife } from "./lives.ts";
import type { Luck } from "./luck.ts";
import type { Witness } from "./witness.ts";

/** The machines of one shard, with agents that are told rather than look. */
export interface MachinesModel {
  readonly provider: MachineProvider;
  /** A document for the machine was stored: its agent reads it after the time that this takes. */
  assigned(machineId: string): void;
}

/** How long a machine takes to stop, milliseconds. */
const stopMs = 20_000;
/** How long before a spot machine is taken away it is told, milliseconds. */
const noticeOfEndMs = 120_000;
const hourMs = 3_600_000;
/**
 * An agent that registers this soon reports that it has read its assignment together with that, milliseconds: well before
 * the controller would take it back, and one pass of the controller less.
 */
const silentForMs = 15_000;
/** No interruption is drawn for a machine that lives longer, hours. */
const longestLifeHours = 24 * 7;

/** Makes the provider of a region; nothing fails but what the inputs say. */
export function createMachinesModel(options: {
  readonly shard: string;
  readonly region: string;
  readonly clock: Clock;
  readonly board: AssignmentBoard;
  readonly reports: MessageQueue<AgentEvent>;
  readonly github: GitHubModel;
  readonly luck: Luck;
  readonly witness: Witness;
}): MachinesModel {
  const { shard, region, clock, board, reports, github, luck, witness } = options;
  const sequences = new Map<string, number>();

  const memory = createMemoryMachineProvider({
    region,
    clock,
    stopMs,
    onNews: (news) => {
      if (news.kind === "booting") boot(news.id, news.attempt);
      else if (news.kind === "stopping") off(news.id, "stopped");
      else if (news.kind === "ending") off(news.id, undefined);
    },
  });

  const provider: MachineProvider = {
    ...memory,
    pace: { launch: defaultEc2Limits.RunInstances.request },
  };

  /** Does it after a while, unless the machine was switched off or on in between. */
  const later = (machine: MachineLife, delayMs: number, task: () => void): void => {
    const { power } = machine;
    void clock.sleep(delayMs).then(() => {
      if (machine.power === power) task();
    });
  };

  const report = (machine: MachineLife, event: object): void => {
    const sequence = (sequences.get(machine.id) ?? 0) + 1;
    sequences.set(machine.id, sequence);
    const id = `${machine.id}-${machine.power}-${sequence}`;
    const base = { id, machineId: machine.id, atMs: clock.now(), sequence };
    void reports.send([{ body: { ...base, ...event } as AgentEvent }]);
  };

  const boot = (id: string, attempt: LaunchAttempt): void => {
    const known = witness.machine(shard, id);
    const machine = known ?? witness.bought(id, attempt);
    machine.power += 1;
    sequences.delete(id);
    witness.booting(machine, known !== undefined);
    later(machine, luck.bootMs(machine, known !== undefined), () =>
      report(machine, { kind: "ready" }),
    );
    if (known === undefined && machine.isSpot) interrupt(machine);
  };

  const off = (id: string, use: "stopped" | undefined): void => {
    const machine = witness.machine(shard, id);
    if (machine === undefined) return;
    machine.power += 1;
    witness.off(machine, use);
    const { runnerName } = machine;
    if (runnerName !== undefined) github.vanish(runnerName);
  };

  const interrupt = (machine: MachineLife): void => {
    for (let hour = 0; hour < longestLifeHours; hour += 1) {
      const partOfHour = luck.interruption(machine, hour);
      if (partOfHour === undefined) continue;
      later(machine, Math.round((hour + partOfHour) * hourMs), () => {
        report(machine, { kind: "interrupted", endsAtMs: clock.now() + noticeOfEndMs });
        later(machine, noticeOfEndMs, () => end(machine));
      });
      return;
    }
  };

  const end = (machine: MachineLife): void => {
    void provider.terminate([machine.id]);
  };

  const finish = (machine: MachineLife, result: "succeeded" | "no-job"): void => {
    delete machine.runnerName;
    report(machine, { kind: "finished", result, timingsMs: {} });
    later(machine, luck.endingMs(machine), () => end(machine));
  };

  const run = (machine: MachineLife, life: JobLife, runnerName: string): void => {
    witness.started(life, machine);
    report(machine, { kind: "job-started", runnerName });
    later(machine, runsForMs(life, clock.now()), () => {
      github.complete(runnerName);
      finish(machine, "succeeded");
    });
  };

  const read = (machine: MachineLife): void => {
    const assignment = board.read(machine.id);
    // Taken back before it was read.
    if (assignment === undefined || !board.blank(assignment)) return;
    const { runnerName, jitConfig } = assignment;
    machine.readAtMs = clock.now();
    const registrationMs = luck.registrationMs(machine);
    const tells = (): void => report(machine, { kind: "acknowledged" });
    if (registrationMs > silentForMs) tells();
    later(machine, registrationMs, () => {
      machine.runnerName = runnerName;
      if (registrationMs <= silentForMs) tells();
      report(machine, { kind: "registered", runnerName });
      const connected = github.connect(jitConfig, {
        started: (life) => run(machine, life, runnerName),
        dismissed: () => finish(machine, "no-job"),
      });
      if (!connected) finish(machine, "no-job");
    });
  };

  return {
    provider,
    assigned: (machineId) => {
      const machine = witness.machine(shard, machineId);
      if (machine) later(machine, luck.assignmentMs(machine), () => read(machine));
    },
  };
}

/** How long the job runs when it starts now; one that was cancelled while it waited runs to the moment of that. */
function runsForMs({ job }: JobLife, nowMs: number): number {
  const cancelled = job.conclusion === "cancelled" && job.startedAtMs === undefined;
  return cancelled ? Math.max(0, job.queuedAtMs + job.durationMs - nowMs) : job.durationMs;
}

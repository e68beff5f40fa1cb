import type { MachineCall } from "../../embedded/memory-machine-options.ts";
import { createMemoryMachineProvider } from "../../embedded/memory-machine-provider.ts";
import type { Clock, Entropy } from "../../ports/clock.ts";
import type { FailureKind } from "../../ports/failure.ts";
import type { MachineProvider } from "../../ports/machine-provider.ts";
import type { MessageQueue } from "../../ports/message-queue.ts";
import type { AgentEvent } from "../../wire/agent-event.ts";
import type { AssignmentBoard } from "./assignment-board.ts";
import type { MachineHooks, MachineHost } from "./machine-host.ts";
import { runSimulatedRunner } from "./simulated-runner.ts";

/** How machines behave. */
export interface SimulatedMachinesOptions {
  /** The one region whose machines these are. */
  readonly region: string;
  /** Source of time. */
  readonly clock: Clock;
  /** Source of event ids and jitter. */
  readonly entropy: Entropy;
  /** Where the machines find their assignments. */
  readonly board: AssignmentBoard;
  /** Where their agents report. */
  readonly reports: MessageQueue<AgentEvent>;
  /** Where runners find their GitHub. */
  readonly fetch: typeof fetch;
  /** Makes the machines, such as those of a simulated EC2. @defaultValue a memory provider */
  readonly host?: (hooks: MachineHooks) => MachineHost;
  /** How many machines a memory provider has pending, running or stopping at once. @defaultValue no limit */
  readonly capacity?: number;
  /** From launch or start to `ready`, milliseconds. @defaultValue 30,000 */
  readonly bootMs?: (machineId: string) => number;
  /** Answers the kind of failure of a call that is to fail; it then has no effect. */
  readonly refuse?: (call: MachineCall) => FailureKind | undefined;
  /** Whether this machine's agent never says a word. */
  readonly mute?: (machineId: string) => boolean;
}

/** Machines whose agents live in this process and on the given clock. */
export interface SimulatedMachines {
  /** Buys and ends these machines. */
  readonly provider: MachineProvider;
  /** The same, but its listings tell what is so: for judges. */
  readonly truth: MachineProvider;
  /** Kills a machine as a reclaimed spot instance dies: without a word. */
  kill(machineId: string): Promise<void>;
  /** Lets it run on and do nothing any more. */
  hang(machineId: string): void;
  /** Lets its agent report this, whatever is the case; one that is off or has not booted says nothing. */
  say(machineId: string, words: Readonly<Record<string, unknown>>): Promise<void>;
}

const quickPollMs = 2_000;
const quickForMs = 120_000;
const slowPollMs = 30_000;

/** Machines of a memory provider, which does at once what it is told. */
function memoryHost({
  region,
  clock,
  capacity,
}: SimulatedMachinesOptions): (hooks: MachineHooks) => MachineHost {
  return ({ refuse, onNews }) => {
    const provider = createMemoryMachineProvider({
      region,
      clock,
      onNews,
      ...(capacity === undefined ? {} : { capacity }),
      ...(refuse ? { refuse } : {}),
    });
    const end = async (machineId: string): Promise<void> => {
      await provider.terminate([machineId]);
    };
    return { provider, truth: provider, shutDown: end, kill: end };
  };
}

/** Makes a provider whose machines boot, take assignments, run jobs of the fake GitHub, and end. */
export function createSimulatedMachines(options: SimulatedMachinesOptions): SimulatedMachines {
  const { clock, entropy, board, reports, refuse } = options;
  const { bootMs = () => 30_000, mute = () => false } = options;
  const { host = memoryHost(options) } = options;
  const alive = new Map<string, AbortController>();
  const bells = new Map<string, () => void>();
  const voices = new Map<string, (event: object) => Promise<void>>();
  const { provider, truth, shutDown, kill } = host({
    ...(refuse ? { refuse } : {}),
    onNews: (news) => {
      if (news.kind === "booting") boot(news.id);
      else if (news.kind === "rung") bells.get(news.id)?.();
      else end(news.id);
    },
    onInterruption: (id, endsAtMs) => {
      voices
        .get(id)?.({ kind: "interrupted", endsAtMs })
        .catch(() => undefined);
    },
  });

  const end = (machineId: string): void => {
    alive.get(machineId)?.abort(new Error("The machine is off"));
    alive.delete(machineId);
    voices.delete(machineId);
  };

  const boot = (machineId: string): void => {
    end(machineId);
    const power = new AbortController();
    alive.set(machineId, power);
    live(machineId, power.signal).catch(() => undefined);
  };

  const live = async (machineId: string, signal: AbortSignal): Promise<void> => {
    let sequence = 0;
    const report = async (event: object): Promise<void> => {
      signal.throwIfAborted();
      sequence += 1;
      const base = { id: entropy.uuid(), machineId, atMs: clock.now(), sequence };
      await reports.send([{ body: { ...base, ...event } as AgentEvent }]);
    };
    await clock.sleep(bootMs(machineId), signal);
    if (mute(machineId)) return;
    const bootedAtMs = clock.now();
    voices.set(machineId, report);
    await report({ kind: "ready" });
    for (;;) {
      const assignment = board.read(machineId);
      if (assignment && board.blank(assignment)) {
        await report({ kind: "acknowledged" });
        const { runnerName, jitConfig } = assignment;
        const result = await runSimulatedRunner({
          jitConfig,
          fetch: options.fetch,
          clock,
          signal,
          news: {
            registered: () => report({ kind: "registered", runnerName }),
            jobStarted: () => report({ kind: "job-started", runnerName }),
          },
        });
        await report({ kind: "finished", result, timingsMs: {} });
        await shutDown(machineId);
        return;
      }
      const quick = clock.now() - bootedAtMs < quickForMs;
      const pauseMs = quick ? quickPollMs : slowPollMs * (0.8 + 0.4 * entropy.random());
      await listen(machineId, pauseMs, signal);
    }
  };

  /** A ring does not call the sleep off: it ends by itself soon, or with the machine. */
  const listen = async (machineId: string, pauseMs: number, signal: AbortSignal): Promise<void> => {
    const rung = new Promise<void>((resolve) => {
      bells.set(machineId, resolve);
    });
    await Promise.race([rung, clock.sleep(pauseMs, signal)]).finally(() => bells.delete(machineId));
  };

  return {
    provider,
    truth,
    kill,
    hang: end,
    say: async (machineId, words) => voices.get(machineId)?.(words),
  };
}

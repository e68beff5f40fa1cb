import { createGitHubClient } from "../../github/index.ts";
import type { Clock } from "../../ports/clock.ts";
import type { SimulatedMachines } from "../machines/index.ts";
import { runSimulatedRunner } from "../machines/simulated-runner.ts";
import { createDice, createStream } from "./dice.ts";
import { type Fault, faultSpanMs } from "./faults.ts";
import type { Processes } from "./processes.ts";
import type { Trace } from "./trace.ts";
import type { Trouble } from "./trouble.ts";
import { machinesOf, type Truth } from "./truth.ts";

/** What faults act on. */
export interface Stage {
  readonly seed: number;
  readonly clock: Clock;
  readonly truth: Truth;
  readonly trouble: Trouble;
  readonly trace: Trace;
  readonly processes: Processes;
  readonly machines: SimulatedMachines;
  /** Reaches GitHub. */
  readonly fetch: typeof fetch;
  /** Labels that jobs ask for. */
  readonly labels: readonly string[];
}

/** Webhooks when nothing is wrong with them. */
export const soundWebhooks = { delayMs: 120 } as const;

/** A process that met no call to die at dies where it stands. */
const ambushMs = 120_000;

/** Lets every fault of the plan happen at its time. */
export function applyFaults(faults: readonly Fault[], stage: Stage): void {
  for (const fault of faults) {
    void stage.clock.sleep(fault.atMs).then(() => happen(fault, stage));
  }
}

async function happen(fault: Fault, stage: Stage): Promise<void> {
  const { clock, trouble, trace } = stage;
  trace.add("fault", describe(fault));
  trouble.begin(fault);
  const end = begin(fault, stage);
  await clock.sleep(faultSpanMs(fault));
  await end;
  trouble.end(fault);
  trace.add("fault", `${fault.id} is over`);
}

function describe(fault: Fault): string {
  const { id, kind, atMs: _, ...rest } = fault;
  const words = Object.entries(rest).map(([name, value]) => `${name}=${value}`);
  return [id, kind, ...words].join(" ");
}

/** Begins it; what it answers resolves when the fault has had its way, at the earliest after its span. */
function begin(fault: Fault, stage: Stage): Promise<void> | undefined {
  const { clock, processes, truth, trouble } = stage;
  if (fault.kind === "crash" || fault.kind === "kill") return kill(fault, stage);
  if (fault.kind === "pause") {
    const life = processes.slots[fault.process]?.life;
    life?.pause();
    return clock.sleep(fault.forMs).then(() => life?.resume());
  }
  if (fault.kind === "restart") {
    const slot = processes.slots[fault.process];
    if (slot) processes.restart(slot);
  }
  if (fault.kind === "machines-die") return reclaim(fault.id, fault.count, stage);
  // Does its business by itself: a runner that gets no job leaves after 5 minutes.
  if (fault.kind === "thief") void steal(fault.id, fault.label, stage);
  if (fault.kind === "webhooks") {
    const { github } = truth;
    github.webhooks.faults({ ...fault, delayMs: fault.delayMs + soundWebhooks.delayMs });
    return clock.sleep(fault.forMs).then(() => {
      const others = trouble.active("webhooks").filter(({ id }) => id !== fault.id);
      github.webhooks.faults(others.at(-1) ?? soundWebhooks);
    });
  }
  if (fault.kind === "github-down") {
    const { github } = truth;
    github.setOutage(fault);
    return clock.sleep(fault.forMs).then(() => {
      if (fault.runners) truth.runnersDownAtMs = clock.now();
      const others = trouble.active("github-down").filter(({ id }) => id !== fault.id);
      github.setOutage(others.at(-1));
    });
  }
  return undefined;
}

async function kill(
  fault: Extract<Fault, { readonly kind: "crash" | "kill" }>,
  { clock, processes }: Stage,
): Promise<void> {
  const slot = processes.slots[fault.process];
  const life = slot?.life;
  // One that is down already, or draining its last, stays so.
  if (slot === undefined || life === undefined || life.isDead()) return;
  const died = new Promise<void>((resolve) => life.onDeath(resolve));
  if (fault.kind === "kill") life.kill();
  else {
    life.crashAtNext(fault.port, fault.when);
    void clock.sleep(ambushMs).then(life.kill);
  }
  await died;
  await clock.sleep(fault.downMs);
  if (slot.life === life) processes.boot(slot);
}

async function reclaim(id: string, count: number, stage: Stage): Promise<void> {
  const { seed, truth, machines, trace } = stage;
  const dice = createDice(createStream(seed, `victims of ${id}`));
  const running = (await machinesOf(truth)).filter(({ state }) => state === "running");
  for (let index = 0; index < count && running.length > 0; index += 1) {
    const [victim] = running.splice(dice.whole(0, running.length - 1), 1);
    if (victim === undefined) return;
    truth.killed.add(victim.id);
    trace.add("provider", `reclaims ${victim.id}`);
    await machines.kill(victim.id);
  }
}

/** Registers somebody else's runner that may take any job with the label. */
async function steal(id: string, label: number, stage: Stage): Promise<void> {
  const { seed, clock, truth, trace, labels } = stage;
  const { github } = truth;
  const name = `stranger-${id}`;
  const wanted = labels[label % labels.length];
  if (wanted === undefined) return;
  const entropy = createStream(seed, name);
  const client = createGitHubClient({
    appId: github.app.id,
    privateKey: github.app.privateKey,
    baseUrl: "https://github.fake",
    fetch: stage.fetch,
    clock,
    entropy,
  });
  truth.strangers.add(name);
  try {
    const { jitConfig } = await client.runners.mint("orgs/acme", {
      name,
      labels: [wanted],
      groupId: 1,
    });
    const result = await runSimulatedRunner({
      jitConfig,
      fetch: stage.fetch,
      clock,
      signal: new AbortController().signal,
      news: { registered: async () => undefined, jobStarted: async () => undefined },
    });
    trace.add("stranger", `${name} with ${wanted}: ${result}`);
  } catch {
    trace.add("stranger", `${name} could not come`);
  }
}

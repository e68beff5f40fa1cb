import type { ObservedMachine } from "../../ports/machine-provider.ts";
import type { AgentEvent } from "../../wire/agent-event.ts";
import { createDice, createStream, type Dice } from "./dice.ts";
import type { FaultOf } from "./faults.ts";
import type { Stage } from "./stage.ts";
import { busyRunners, machinesOf } from "./truth.ts";

function diceOf(fault: { readonly id: string }, { seed }: Stage): Dice {
  return createDice(createStream(seed, `victims of ${fault.id}`));
}

/** Up to so many running machines, those to which something happened already left out. */
async function pickRunning(
  count: number,
  dice: Dice,
  { truth }: Stage,
  fits: (machine: ObservedMachine) => boolean = () => true,
): Promise<readonly ObservedMachine[]> {
  const running = (await machinesOf(truth)).filter(
    (machine) => machine.state === "running" && !truth.killed.has(machine.id) && fits(machine),
  );
  const picked: ObservedMachine[] = [];
  while (picked.length < count && running.length > 0)
    picked.push(...running.splice(dice.whole(0, running.length - 1), 1));
  return picked;
}

/** The provider ends a machine; that it has may be told by an event of its own, at once or late. */
async function take(id: string, dice: Dice, stage: Stage): Promise<void> {
  const { clock, truth, machines, notices } = stage;
  truth.takenAtMs.set(id, clock.now());
  const isTold = dice.chance(0.5);
  const afterMs = dice.pick([0, 1_000, 90_000]);
  await machines.kill(id);
  const notice = { kind: "ended", machineId: id, atMs: clock.now() } as const;
  if (isTold) void clock.sleep(afterMs).then(() => notices.send([{ body: notice }]));
}

/** Up to so many running machines, most of them with a job: there is more to lose. */
async function pickVictims(
  count: number,
  dice: Dice,
  stage: Stage,
  fits: (machine: ObservedMachine) => boolean = () => true,
): Promise<readonly ObservedMachine[]> {
  const { truth } = stage;
  const busy = busyRunners(truth);
  const works = ({ id }: ObservedMachine): boolean => busy.has(truth.runnerOf.get(id) ?? "");
  const wanted = dice.chance(0.75)
    ? (machine: ObservedMachine) => works(machine) && fits(machine)
    : fits;
  const picked = await pickRunning(count, dice, stage, wanted);
  if (picked.length === count || wanted === fits) return picked;
  const others = await pickRunning(
    count - picked.length,
    dice,
    stage,
    (machine) => !works(machine) && fits(machine),
  );
  return [...picked, ...others];
}

/** Running machines end without a word. */
export async function reclaim(fault: FaultOf<"machines-die">, stage: Stage): Promise<void> {
  const { truth, trace } = stage;
  const dice = diceOf(fault, stage);
  for (const { id } of await pickVictims(fault.count, dice, stage)) {
    truth.killed.add(id);
    trace.add("provider", `reclaims ${id}`);
    await take(id, dice, stage);
  }
}

/** Who tells the fleet that a spot machine ends: events are lost and come twice, agents are slow, and some just die. */
const tellers = ["both", "both", "agent", "provider", "provider twice", "nobody"] as const;

/** The provider thinks that running machines may end soon. */
export async function advise(fault: FaultOf<"rebalance-notices">, stage: Stage): Promise<void> {
  const { clock, notices, trace } = stage;
  for (const { id } of await pickRunning(fault.count, diceOf(fault, stage), stage)) {
    trace.add("provider", `says that ${id} may end soon`);
    await notices.send([{ body: { kind: "rebalance", machineId: id, atMs: clock.now() } }]);
  }
}

/** Spot machines learn that they end, report it, and do or do not. */
export async function giveNotice(fault: FaultOf<"spot-notices">, stage: Stage): Promise<void> {
  const { clock, truth, machines, notices, trace } = stage;
  const isSpot = ({ market }: ObservedMachine) => market === "spot";
  const dice = diceOf(fault, stage);
  const told = await pickVictims(fault.count, dice, stage, isSpot);
  const atMs = clock.now();
  const endsAtMs = atMs + fault.forMs;
  for (const { id } of told) {
    const teller = dice.pick(tellers);
    if (fault.isTrue) truth.killed.add(id);
    if (teller !== "nobody") truth.announced.add(id);
    trace.add("provider", `ends ${id} in ${fault.forMs} ms: ${teller} says so`);
    const body = { kind: "interruption", machineId: id, atMs, endsAtMs } as const;
    if (teller === "both" || teller.startsWith("provider")) await notices.send([{ body }]);
    if (teller === "provider twice") {
      void clock.sleep(dice.whole(0, 60_000)).then(() => notices.send([{ body }]));
    }
    // Not waited for: what it says may take as long as its notice.
    if (teller === "both" || teller === "agent") {
      void machines.say(id, { kind: "interrupted", endsAtMs });
    }
  }
  await clock.sleep(fault.forMs);
  if (!fault.isTrue) return;
  for (const { id } of told) {
    trace.add("provider", `reclaims ${id} as it said`);
    await take(id, dice, stage);
  }
}

/** Machines run on and do nothing any more. */
export async function hang(fault: FaultOf<"machines-hang">, stage: Stage): Promise<void> {
  const { truth, machines, trace } = stage;
  for (const { id } of await pickRunning(fault.count, diceOf(fault, stage), stage)) {
    truth.killed.add(id);
    trace.add(id, "hangs");
    machines.hang(id);
  }
}

type Words = Readonly<Record<string, unknown>>;

/** What a job that took over its machine may say in its name. */
function lieOf(dice: Dice, nowMs: number, others: readonly string[]): Words {
  const runnerName = others[dice.whole(0, Math.max(0, others.length - 1))] ?? "nobody";
  const lies: readonly [Words, ...Words[]] = [
    { kind: "ready" },
    { kind: "acknowledged" },
    { kind: "registered", runnerName },
    { kind: "job-started", runnerName },
    { kind: "finished", result: "succeeded", timingsMs: {} },
    { kind: "finished", result: "no-job", timingsMs: {} },
    { kind: "interrupted", endsAtMs: nowMs - 60_000 },
    { kind: "interrupted", endsAtMs: nowMs + 365 * 86_400_000 },
    { kind: "ready", sequence: 1_000_000 },
    { kind: "job-started", runnerName, sequence: 0 },
  ];
  return dice.pick(lies);
}

/** Machines say what is not so, each in its own name. */
export async function lie(fault: FaultOf<"machines-lie">, stage: Stage): Promise<void> {
  const { clock, truth, machines, trace } = stage;
  const dice = diceOf(fault, stage);
  for (const { id } of await pickRunning(fault.count, dice, stage)) {
    // What comes of it is its own fault; nobody else may suffer.
    truth.killed.add(id);
    const words = lieOf(dice, clock.now(), [...truth.runnerOf.values()].slice(-20));
    trace.add(id, `lies: ${JSON.stringify(words)}`);
    await machines.say(id, words);
  }
}

/** Machines speak in the name of others, and of such that never were. */
export async function forgeReports(fault: FaultOf<"reports-forged">, stage: Stage): Promise<void> {
  const { seed, clock, truth, reports, forgers, trace } = stage;
  const dice = diceOf(fault, stage);
  const entropy = createStream(seed, `reports of ${fault.id}`);
  const victims = await pickRunning(fault.count, dice, stage);
  const names = [...truth.runnerOf.values()].slice(-20);
  for (let index = 0; index < fault.count; index += 1) {
    const victim = victims[index]?.id;
    // Where nobody runs, a machine of another environment speaks of itself.
    const machineId = victim ?? `elsewhere-${fault.id}-${index}`;
    const id = entropy.uuid();
    const own = victim === undefined ? undefined : truth.runnerOf.get(victim);
    const words = { ...lieOf(dice, clock.now(), own === undefined ? names : [own]) };
    const base = { id, machineId, atMs: clock.now(), sequence: dice.pick([1, 5, 1_000]) };
    if (victim !== undefined) forgers.set(id, `elsewhere-${fault.id}`);
    trace.add("forger", `says of ${machineId}: ${JSON.stringify(words)}`);
    await reports.send([{ body: { ...words, ...base } as AgentEvent }]);
  }
}

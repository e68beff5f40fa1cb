import { createDice, createStream } from "./dice.ts";
import type { FaultOf, Whom } from "./faults.ts";
import type { Slot } from "./slot.ts";
import type { Stage } from "./stage.ts";

/** A process that met no call to die at dies where it stands. */
const ambushMs = 120_000;

function placeOf(whom: Whom, { processes }: Stage): Slot | undefined {
  if (whom === "controller") return processes.controller() ?? processes.slots[0];
  return processes.slots[whom % processes.slots.length];
}

/** Kills a process, at once or around a call of its own, and boots the next one later. */
export async function kill(fault: FaultOf<"crash" | "kill">, stage: Stage): Promise<void> {
  const { clock, processes } = stage;
  const slot = placeOf(fault.process, stage);
  const life = slot?.life;
  // One that is down already stays so.
  if (slot === undefined || life === undefined || life.isDead()) return;
  const died = new Promise<void>((resolve) => life.onDeath(resolve));
  if (fault.kind === "kill") life.kill();
  else {
    if (fault.port === "alarm") slot.alarm = fault.when;
    else
      life.crashAtNext(
        fault.call === undefined ? `${fault.port}.` : `${fault.port}.${fault.call}`,
        fault.when,
      );
    void clock.sleep(ambushMs).then(life.kill);
  }
  await died;
  await clock.sleep(fault.downMs);
  if (slot.life === life) processes.boot(slot);
}

/** Freezes a process. */
export async function pause(fault: FaultOf<"pause">, stage: Stage): Promise<void> {
  const slot = placeOf(fault.process, stage);
  if (slot !== undefined) await freeze(slot, fault.forMs, stage);
}

async function freeze(slot: Slot, forMs: number, { clock, trace }: Stage): Promise<void> {
  const { life } = slot;
  if (life === undefined || life.isDead()) return;
  trace.add(slot.name, "freezes");
  life.pause();
  await clock.sleep(forMs);
  life.resume();
}

/** Drains a process and starts the next one. */
export function restart(fault: FaultOf<"restart">, stage: Stage): void {
  const slot = placeOf(fault.process, stage);
  if (slot !== undefined) stage.processes.restart(slot);
}

/** Replaces all processes one by one: for a while the old and the new release work side by side. */
export async function deploy(fault: FaultOf<"deploy">, stage: Stage): Promise<void> {
  const { seed, clock, processes, trace, truth } = stage;
  const dice = createDice(createStream(seed, `order of ${fault.id}`));
  const release = processes.releases.next(fault.outdates);
  truth.isWidened ||= processes.releases.at(release).catalog.rollout !== truth.catalog.rollout;
  trace.add("deploy", `release ${release} begins`);
  const left = [...processes.slots];
  let thawed: Promise<void> = Promise.resolve();
  while (left.length > 0) {
    const [slot] = left.splice(dice.whole(0, left.length - 1), 1);
    if (slot === undefined) break;
    slot.release = release;
    processes.restart(slot);
    await clock.sleep(fault.stepMs);
    const [last, another] = left;
    if (fault.freezeMs > 0 && last !== undefined && another === undefined)
      thawed = freeze(last, fault.freezeMs, stage);
  }
  await thawed;
}

/** Sets a clock wrong, and right again. */
export async function skew(fault: FaultOf<"clock-skew">, stage: Stage): Promise<void> {
  const { clock, processes, trace } = stage;
  const slot = processes.slots[fault.process % processes.slots.length];
  if (slot === undefined) return;
  const { offsetMs, driftMs, forMs } = fault;
  const sinceMs = clock.now();
  const own = { offsetMs, driftMs, sinceMs, untilMs: sinceMs + forMs };
  slot.skew = own;
  trace.add(slot.name, `has a clock that is ${offsetMs} ms off and drifts by ${driftMs} ms`);
  await clock.sleep(forMs);
  if (slot.skew !== own) return;
  slot.skew = undefined;
  trace.add(slot.name, "has its clock set right");
}

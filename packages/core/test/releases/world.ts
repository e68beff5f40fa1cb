import type { Effect, EffectResult } from "../../src/fleet/effects.ts";
import { wordOf } from "../../src/fleet/job-check.ts";
import { createLedger, type Ledger } from "../../src/fleet/ledger.ts";
import type { JobEvent } from "../../src/ports/demand-event.ts";
import { FleetError } from "../../src/ports/failure.ts";
import type { Market } from "../../src/routing/shape.ts";
import type { Dice } from "../../src/testing/simulation/dice.ts";
import type { AgentEvent } from "../../src/wire/agent-event.ts";
import { parseAssignment } from "../../src/wire/parse.ts";
import { anEvent, nowMs, shard } from "../fleet/builders.ts";
import { listed, reportOf, type TrueMachine, type TrueRunner, workOf } from "./machines.ts";

/** A job as GitHub has it. */
export interface TrueJob {
  readonly id: string;
  readonly labels: readonly string[];
  state: "queued" | "running" | "over";
  runner?: string;
}

/** News on its way to the controller: it comes when the adversary pleases, once, twice or never. */
export type News =
  | { readonly kind: "demand"; readonly event: JobEvent }
  | { readonly kind: "report"; readonly event: AgentEvent; readonly sender: string };

/** A fleet, its GitHub and its provider as they really are, in the hands of an adversary. */
export interface World {
  readonly ledger: Ledger;
  nowMs: number;
  readonly machines: Map<string, TrueMachine>;
  readonly jobs: Map<string, TrueJob>;
  readonly news: News[];
  readonly pending: Effect[];
  /** Names that GitHub has registered: each only once. */
  readonly names: Set<string>;
  /** Ends of machines that had work, in words. */
  readonly kills: string[];
  readonly released: Map<string, number>;
}

/** A world in which nothing has happened. */
export function createWorld(): World {
  const world: World = {
    ledger: createLedger({ shard, records: [], now: () => world.nowMs }),
    nowMs,
    machines: new Map(),
    jobs: new Map(),
    news: [],
    pending: [],
    names: new Set(),
    kills: [],
    released: new Map(),
  };
  return world;
}

/** Stores what was decided, judges what ends, and hands the effects to the adversary. */
export function settle(world: World): void {
  const { ledger, machines } = world;
  const doomed = new Map([...ledger.machines].map(([id, record]) => [id, record]));
  const { commits, effects } = ledger.seal();
  for (const effect of effects) {
    if (effect.kind !== "stop" && effect.kind !== "terminate") continue;
    const machine = machines.get(effect.machineId);
    const record = doomed.get(effect.machineId);
    const code = record?.history.at(-1)?.code ?? "unknown";
    const name = `${effect.kind}: ${code}`;
    world.released.set(name, (world.released.get(name) ?? 0) + 1);
    const work = machine && workOf(machine);
    // The machine's own hard deadline, or its pool's drain deadline, is the last word.
    const isOverdue = record !== undefined && record.hardDeadlineMs <= world.nowMs;
    if (work !== undefined && !isOverdue)
      world.kills.push(`${effect.kind} of ${effect.machineId} (${code}) although ${work}`);
  }
  for (const { table, id, value } of commits.flatMap(({ writes }) => writes)) {
    const machine = table === "assignments" ? machines.get(id) : undefined;
    if (machine === undefined) continue;
    const assignment = value === undefined ? undefined : parseAssignment(value);
    if (assignment !== undefined) {
      if (machine.document?.assignment.id !== assignment.id)
        machine.document = { assignment, isRead: false };
    } else if (machine.document && !machine.document.isRead) delete machine.document;
  }
  world.pending.push(...effects);
}

const unknown = (): { readonly error: FleetError } => ({
  error: new FleetError({ kind: "unknown", message: "No answer" }),
});

function removed(machine: TrueMachine | undefined): void {
  if (machine?.runner && machine.runner.state !== "busy") machine.runner.state = "over";
}

/** Does what was asked for, or not, and answers truly, or not at all; a removal of a busy runner it cannot do. */
export function answer(world: World, effect: Effect, dice: Dice): EffectResult | undefined {
  const { ledger, machines } = world;
  const isDone = dice.chance(0.85);
  const isTold = dice.chance(0.8);
  const machine = "machineId" in effect ? machines.get(effect.machineId) : undefined;
  switch (effect.kind) {
    case "launch":
    case "recover": {
      const { attemptId } = effect;
      const request = ledger.attempts.get(attemptId)?.request;
      if (!request) return undefined;
      const mine = () => [...machines.values()].filter((own) => own.attemptId === attemptId);
      for (let left = request.count - mine().length; isDone && left > 0; left -= 1) {
        const id = `m${machines.size}`;
        const market = dice.pick<Market>(["on-demand", request.markets[0] ?? "on-demand"]);
        const base = { id, attemptId, market, launchedAtMs: world.nowMs, sequence: 0 };
        machines.set(id, { ...base, power: "on", isUp: false });
      }
      const shown = mine().map(listed);
      if (effect.kind === "recover")
        return { kind: "recovered", attemptId, found: isTold ? shown : unknown() };
      const result = isTold ? { machines: shown, failures: [] } : unknown();
      return { kind: "launched", attemptId, result };
    }
    case "mint": {
      const { machineId } = effect;
      const registration = ledger.machines.get(machineId)?.registration;
      if (!registration || !machine || !isDone)
        return { kind: "minted", machineId, runnerName: "none", scope: "", result: unknown() };
      const { runnerName, scope, demand } = registration;
      if (world.names.has(runnerName)) {
        const error = new FleetError({ kind: "conflict", message: "The name is taken" });
        return { kind: "minted", machineId, runnerName, scope, result: { error } };
      }
      world.names.add(runnerName);
      const runner: TrueRunner = { name: runnerName, id: runnerName, demand, state: "waiting" };
      machine.runner = runner;
      const minted = { runnerId: runner.id, jitConfig: runnerName };
      return { kind: "minted", machineId, runnerName, scope, result: isTold ? minted : unknown() };
    }
    case "withdraw": {
      const { machineId } = effect;
      const document = machine?.document;
      if (isDone && document && !document.isRead) delete machine.document;
      const result = document?.isRead ? "read" : "withdrawn";
      return { kind: "withdrawn", machineId, result: isDone && isTold ? result : unknown() };
    }
    case "deregister": {
      const { machineId } = effect;
      const isBusy = machine?.runner?.state === "busy";
      // `busy` flaps: GitHub may say it of a runner whose job is over, or whose next one never came.
      const says = isBusy || dice.chance(0.2) ? "busy" : "removed";
      if (says === "removed" && isDone) removed(machine);
      return { kind: "deregistered", machineId, result: isDone && isTold ? says : unknown() };
    }
    case "start":
    case "stop":
    case "terminate":
    case "ring": {
      if (machine && isDone && machine.power !== "gone" && effect.kind !== "ring") {
        const power = ({ start: "on", stop: "off", terminate: "gone" } as const)[effect.kind];
        if (machine.power !== power) Object.assign(machine, { power, isUp: false, sequence: 0 });
      }
      const outcome =
        isDone && isTold ? { ok: true } : { ok: false, failure: "throttled" as const };
      return {
        kind: "outcome",
        action: effect.kind,
        outcome: { id: effect.machineId, ...outcome },
      };
    }
    case "verify": {
      const job = world.jobs.get(effect.jobKey.split(".")[0] ?? "");
      const event = job && eventOf(job);
      return { kind: "verified", jobKey: effect.jobKey, event: isTold ? event : unknown() };
    }
    case "check": {
      const { jobKey } = effect;
      const job = ledger.jobs.get(jobKey);
      const result = isTold ? undefined : unknown();
      return { kind: "checked", jobKey, word: job && wordOf(job), result };
    }
    case "rerun":
      // No machine is lost there while it works.
      return { kind: "rerun", jobKey: effect.jobKey, result: { answer: "gone" } };
  }
}

/** What GitHub says of the job now. Whoever runs it is named: `completed` without a runner means that none took it. */
export function eventOf({ id, labels, state, runner }: TrueJob): JobEvent {
  const action = state === "queued" ? "queued" : state === "running" ? "in_progress" : "completed";
  const named = runner === undefined ? {} : { runnerName: runner };
  return anEvent(id, action, { labels, ...named });
}

/** Somebody reports in the name of another machine. */
export function forge(world: World, dice: Dice): News | undefined {
  const all = [...world.machines.values()];
  const victim = all[dice.whole(0, Math.max(0, all.length - 1))];
  const sender = all[dice.whole(0, Math.max(0, all.length - 1))];
  if (!victim || !sender || victim === sender) return undefined;
  const words = { kind: "finished", result: "succeeded", timingsMs: {} } as const;
  const event = reportOf({ ...victim, sequence: victim.sequence + 5 }, world.nowMs, words);
  return { kind: "report", event, sender: sender.id };
}

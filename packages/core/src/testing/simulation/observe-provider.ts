import type { Clock } from "../../ports/clock.ts";
import type {
  LaunchAttempt,
  MachineProvider,
  ObservedMachine,
} from "../../ports/machine-provider.ts";
import type { Judge } from "./judge.ts";
import { judgeReach } from "./oracles/isolation.ts";
import type { Trace } from "./trace.ts";
import { busyRunners, machinesOf, poolOf, renewDeadline, type Truth } from "./truth.ts";

/** Where oracles look and write. */
export interface Observation {
  readonly truth: Truth;
  readonly judge: Judge;
  readonly trace: Trace;
  readonly clock: Clock;
}

/** Terminated machines answer a kill with nothing; all others are looked at before they are touched. */
async function judgeKill(
  { truth, judge, clock }: Observation,
  act: string,
  ids: readonly string[],
): Promise<void> {
  const present = new Map((await machinesOf(truth)).map((machine) => [machine.id, machine]));
  const busy = busyRunners(truth);
  for (const id of ids) {
    const machine = present.get(id);
    if (machine === undefined) continue;
    const isPastDeadline = clock.now() >= (truth.deadlineOf.get(id) ?? Number.POSITIVE_INFINITY);
    const runner = truth.runnerOf.get(id);
    const works = runner !== undefined && busy.has(runner);
    const unread = truth.board.read(id) !== undefined;
    const why = works ? `its runner ${runner} has a job` : unread ? "its assignment is unread" : "";
    judge.check(
      "no-busy-kill",
      id,
      why !== "" && !isPastDeadline && !truth.killed.has(id)
        ? `${act} of ${id} although ${why}`
        : undefined,
    );
  }
}

/** Checks the limits that the catalog sets. */
export function judgeBounds(
  { truth, judge }: Observation,
  machines: readonly ObservedMachine[],
): void {
  const running = machines.filter(({ state }) => state === "running" || state === "pending");
  const most = truth.environmentLimit ?? Number.POSITIVE_INFINITY;
  judge.check(
    "bounded",
    "environment",
    running.length > most ? `${running.length} machines run, ${most} may` : undefined,
  );
  for (const { name, limits } of truth.pools) {
    const own = machines.filter((machine) => poolOf(truth, machine)?.name === name).length;
    judge.check(
      "bounded",
      `pool ${name}`,
      own > limits.machines
        ? `pool ${name} has ${own} machines, ${limits.machines} may be`
        : undefined,
    );
  }
}

/** The provider as one process reaches it: every effect is traced and judged by what is really the case. */
export function observeProvider(
  inner: MachineProvider,
  who: string,
  observation: Observation,
  told: {
    listing(): void;
    listed(machines: readonly ObservedMachine[]): void;
    purchase(attempt: LaunchAttempt): void;
  },
): MachineProvider {
  const { truth, judge, trace, clock } = observation;
  const moved = (): void => {
    truth.movedAtMs = clock.now();
  };
  return {
    ...inner,
    launch: async (attempt, options) => {
      judgeReach(observation, who, "launch", attempt);
      told.purchase(attempt);
      const stored = await truth.store.get("attempts", attempt.id);
      judge.check(
        "no-double-launch",
        `stored ${attempt.id}`,
        stored === undefined ? `attempt ${attempt.id} is bought before it is stored` : undefined,
      );
      const fact = truth.purchases.get(attempt.id) ?? { attempt, machineIds: new Set<string>() };
      truth.purchases.set(attempt.id, fact);
      moved();
      const result = await inner.launch(attempt, options);
      const { environment, region } = attempt;
      const bought = await truth.provider.list({ environment, region, attemptId: attempt.id });
      for (const { id } of bought) {
        if (!fact.machineIds.has(id)) truth.deadlineOf.set(id, attempt.deadlineMs);
        fact.machineIds.add(id);
        truth.attemptOf.set(id, attempt.id);
      }
      trace.add(
        who,
        `launch ${attempt.count} for ${attempt.pool ?? "jobs"}: ${result.machines.map(({ id }) => id).join(" ") || (result.failures[0]?.kind ?? "nothing")}`,
      );
      judge.check(
        "no-double-launch",
        attempt.id,
        fact.machineIds.size > attempt.count
          ? `attempt ${attempt.id} bought ${fact.machineIds.size} machines, ${attempt.count} were asked for`
          : undefined,
      );
      judgeBounds(observation, await machinesOf(truth));
      return result;
    },
    start: async (ids, options) => {
      judgeReach(observation, who, "start", { machineIds: ids });
      moved();
      const outcomes = await inner.start(ids, options);
      for (const { id, ok } of outcomes) {
        if (!ok) continue;
        renewDeadline(truth, id, clock.now());
        truth.startedAtMs.set(id, clock.now());
      }
      trace.add(who, `start ${inWords(outcomes)}`);
      judgeBounds(observation, await machinesOf(truth));
      return outcomes;
    },
    stop: async (ids, options) => {
      judgeReach(observation, who, "stop", { machineIds: ids });
      await judgeKill(observation, "stop", ids);
      moved();
      const outcomes = await inner.stop(ids, options);
      for (const { id, ok } of outcomes) if (ok) truth.readyAtMs.delete(id);
      trace.add(who, `stop ${inWords(outcomes)}`);
      return outcomes;
    },
    terminate: async (ids, options) => {
      judgeReach(observation, who, "terminate", { machineIds: ids });
      await judgeKill(observation, "termination", ids);
      moved();
      const outcomes = await inner.terminate(ids, options);
      for (const { id, ok } of outcomes) if (ok) truth.endedAtMs.set(id, clock.now());
      trace.add(who, `terminate ${inWords(outcomes)}`);
      return outcomes;
    },
    ring: async (ids, nonce, options) => {
      judgeReach(observation, who, "ring", { machineIds: ids });
      const outcomes = await inner.ring(ids, nonce, options);
      trace.add(who, `ring ${inWords(outcomes)}`);
      return outcomes;
    },
    list: async (filter, options) => {
      judgeReach(observation, who, "list", filter);
      if (filter.attemptId === undefined) told.listing();
      const machines = await inner.list(filter, options);
      told.listed(machines);
      if (filter.attemptId !== undefined) {
        trace.add(who, `list ${filter.attemptId}: ${machines.length}`);
      }
      return machines;
    },
  };
}

function inWords(outcomes: readonly { id: string; ok: boolean; failure?: string }[]): string {
  return outcomes.map(({ id, ok, failure }) => (ok ? id : `${id}:${failure}`)).join(" ");
}

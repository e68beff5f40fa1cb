import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  aCatalog,
  aContext,
  anEvent,
  aPool,
  aReport,
  nowMs,
  shard,
} from "../../test/fleet/builders.ts";
import { aStep, type Step } from "../../test/fleet/steps.ts";
import { createMemoryStore } from "../embedded/index.ts";
import { FleetError } from "../ports/failure.ts";
import type { MachineNotice } from "../ports/machine-notice.ts";
import type { ObservedMachine } from "../ports/machine-provider.ts";
import { createSeededEntropy } from "../testing/seeded-entropy.ts";
import { createVirtualClock } from "../testing/virtual-clock.ts";
import type { Effect, EffectResult, RerunAnswer } from "./effects.ts";
import { createGates } from "./gates.ts";
import { createLedger } from "./ledger.ts";
import { createPlanMemory } from "./plan-memory.ts";
import { planPass } from "./plan-pass.ts";
import { jobKeyOf, type MachineRecord } from "./records.ts";
import { takeDemand } from "./take-demand.ts";
import { takeNotice } from "./take-notice.ts";
import { takeListing } from "./take-observation.ts";
import { takeReport } from "./take-report.ts";
import { takeResult } from "./take-result.ts";

const catalog = aCatalog({
  environments: [{ name: "ci", regions: ["local"], machines: 9 }],
  pools: [aPool("p", { hot: 1, stopped: 1, limits: { machines: 5 } })],
  policies: [
    { name: "few", repositories: ["acme/few"], allow: {}, limits: { perRepository: 2 } },
    { name: "everyone", repositories: ["acme/*"], allow: {} },
  ],
});

/** A controller without its loop: what happens is taken in, planned, stored in a real store, and the effects pile up. */
async function controller() {
  const clock = createVirtualClock(nowMs);
  const store = createMemoryStore({ clock });
  const lease = await store.leases.acquire(shard, "test", 100 * 3_600_000);
  if (!lease) throw new Error("The lease is free");
  const ledger = createLedger({ shard, records: [], now: clock.now });
  const memory = createPlanMemory({
    gates: createGates(() => 0.5),
    mintsPerMinute: 20,
    registrar: { scopeOf: () => "orgs/acme", mint: () => Promise.reject(new Error("unused")) },
    entropy: createSeededEntropy(1),
  });
  const context = () => aContext({ nowMs: clock.now(), catalog });
  const pending: Effect[] = [];
  let bought = 0;

  const statesBefore = () =>
    new Map([...ledger.machines.values()].map((machine) => [machine.id, machine]));

  /** Who ends a machine must know that nothing runs there, or its own deadline has passed (no-busy-kill). */
  const checkKills = (
    effects: readonly Effect[],
    before: ReadonlyMap<string, MachineRecord>,
    removed?: string,
  ) => {
    for (const effect of effects) {
      if (effect.kind !== "terminate" && effect.kind !== "stop") continue;
      const machine = before.get(effect.machineId);
      if (!machine || machine.hardDeadlineMs <= clock.now()) continue;
      const idle = ["booting", "ready", "stopped", "stopping", "ending", "retiring"].includes(
        machine.state,
      );
      const told =
        removed === machine.id &&
        ["withdrawing", "acknowledged", "registered"].includes(machine.state);
      // Its registration never came, so it was handed nothing.
      const givenUp = machine.state === "claimed" && machine.deadlineMs <= clock.now();
      expect({ state: machine.state, mayEnd: idle || told || givenUp }).toEqual({
        state: machine.state,
        mayEnd: true,
      });
      if (effect.kind === "stop") expect(machine.market).toBe("on-demand");
      if (machine.state === "ready") expect(machine.jobKey).toBeUndefined();
    }
  };

  const persist = async (
    before: ReadonlyMap<string, MachineRecord>,
    removed?: string,
  ): Promise<void> => {
    const batch = ledger.seal();
    for (const { writes, checked } of batch.commits) await store.commit(lease, writes, { checked });
    checkKills(batch.effects, before, removed);
    pending.push(...batch.effects);
  };

  const settle = async (): Promise<void> => {
    for (let pass = 0; ; pass++) {
      const before = statesBefore();
      const nextMs = planPass(ledger, context(), memory, false);
      await persist(before);
      if (nextMs > clock.now()) return;
      // A controller that plans again at once although nothing happens would never sleep.
      expect(pass).toBeLessThan(20);
    }
  };

  const check = (): void => {
    const jobs = [...ledger.jobs.values()];
    const machines = [...ledger.machines.values()];
    for (const { id, jobKey } of machines) {
      const job = ledger.jobs.get(jobKey ?? "");
      if (job) expect([id, job.machineId]).toEqual([id, id]);
    }
    for (const job of jobs) {
      const machine = ledger.machines.get(job.machineId ?? "");
      if (job.state === "queued") expect(job.machineId).toBeUndefined();
      if (job.state !== "assigned" || !machine) continue;
      if (["running", "ending", "retiring"].includes(machine.state)) continue;
      expect([job.key, machine.state, machine.jobKey]).toEqual([job.key, machine.state, job.key]);
    }
    for (const id of ledger.assignments.keys()) {
      expect(["assigned", "withdrawing"]).toContain(ledger.machines.get(id)?.state);
    }
    const names = machines.flatMap(({ registration }) => registration?.runnerName ?? []);
    expect(new Set(names).size).toBe(names.length);
    const few = jobs.filter(
      ({ repository, state }) => repository === "acme/few" && state === "assigned",
    );
    expect(few.length).toBeLessThanOrEqual(2);
    const coming = [...ledger.attempts.values()]
      .filter(({ state }) => state === "open")
      .reduce((sum, { request }) => sum + request.count, 0);
    expect(machines.length + coming).toBeLessThanOrEqual(9);
    for (const record of [...jobs, ...machines]) {
      expect(Number.isSafeInteger(record.deadlineMs)).toBe(true);
    }
  };

  return {
    clock,
    ledger,
    memory,
    context,
    pending,
    statesBefore,
    persist,
    settle,
    check,
    buy: () => `m${String(bought++).padStart(3, "0")}`,
  };
}

type Controller = Awaited<ReturnType<typeof controller>>;
const pick = <T>(list: readonly T[], index: number): T | undefined =>
  list[index % Math.max(1, list.length)];

function answerTo(
  effect: Effect,
  { how, failure }: Extract<Step, { do: "answer" }>,
  stage: Controller,
): EffectResult | undefined {
  const { ledger, clock } = stage;
  const error = { error: new FleetError({ kind: failure, message: failure }) };
  const fails = how === 0;
  switch (effect.kind) {
    case "launch":
    case "recover": {
      const { attemptId } = effect;
      const count = ledger.attempts.get(attemptId)?.request.count ?? 0;
      const given = fails ? 0 : how === 1 ? Math.floor(count / 2) : count;
      const machines = Array.from(
        { length: given },
        (): ObservedMachine => ({
          id: stage.buy(),
          attemptId,
          state: "pending",
          market: how === 2 ? "spot" : "on-demand",
          launchedAtMs: clock.now(),
        }),
      );
      if (effect.kind === "recover") {
        return { kind: "recovered", attemptId, found: fails ? error : machines };
      }
      return { kind: "launched", attemptId, result: fails ? error : { machines, failures: [] } };
    }
    case "mint": {
      const { machineId } = effect;
      const { runnerName = "none", scope = "orgs/acme" } =
        ledger.machines.get(machineId)?.registration ?? {};
      const result = fails ? error : { runnerId: `r-${runnerName}`, jitConfig: "jit" };
      return { kind: "minted", machineId, runnerName, scope, result };
    }
    case "withdraw":
      return {
        kind: "withdrawn",
        machineId: effect.machineId,
        result: fails ? error : how % 2 === 1 ? "read" : "withdrawn",
      };
    case "deregister":
      return {
        kind: "deregistered",
        machineId: effect.machineId,
        result: fails ? error : how === 1 ? "busy" : "removed",
      };
    case "start":
    case "stop":
    case "terminate":
    case "ring":
      return {
        kind: "outcome",
        action: effect.kind,
        outcome: { id: effect.machineId, ok: !fails, ...(fails ? { failure } : {}) },
      };
    case "verify": {
      const action =
        (["queued", "queued", "in_progress", "completed"] as const)[how % 4] ?? "queued";
      const [id = "", attempt] = effect.jobKey.split(".");
      const event = anEvent(id, action, { attempt: Number(attempt) });
      return {
        kind: "verified",
        jobKey: effect.jobKey,
        event: fails ? error : how === 5 ? undefined : event,
      };
    }
    case "check":
      return {
        kind: "checked",
        jobKey: effect.jobKey,
        word: how === 5 ? "waits" : "refused",
        result: fails ? error : undefined,
      };
    case "rerun": {
      const { jobKey } = effect;
      const again = anEvent(jobKey.replace(".1", ""), "queued", { attempt: 2 });
      const answers: readonly RerunAnswer[] = [
        { answer: "not-yet" },
        { answer: "free" },
        { answer: "accepted" },
        { answer: "gone" },
        { answer: "again", event: again, isEnded: ledger.hasEnded(jobKeyOf(again)) },
      ];
      const answer = answers[how % answers.length] ?? { answer: "spent" };
      return { kind: "rerun", jobKey, result: fails ? error : answer };
    }
  }
}

async function take(stage: Controller, what: Step): Promise<void> {
  const { ledger, clock, memory, context, pending } = stage;
  const machines = [...ledger.machines.values()];
  const before = stage.statesBefore();
  let removed: string | undefined;
  switch (what.do) {
    case "demand": {
      const runnerName = pick(machines, what.runner)?.registration?.runnerName;
      const named = what.action !== "queued" && what.runner < 7 && runnerName !== undefined;
      const event = anEvent(String(what.job), what.action, {
        attempt: what.attempt,
        repository: what.job % 3 === 0 ? "acme/few" : "acme/app",
        labels: [what.job % 2 === 0 ? "runs-fleet/pool=p" : "runs-fleet"],
        ...(named ? { runnerName } : {}),
        ...(what.action === "completed" ? { conclusion: what.conclusion } : {}),
      });
      takeDemand(ledger, context(), event);
      break;
    }
    case "report": {
      const machine = pick(machines, what.machine);
      if (!machine) break;
      const runnerName = machine.registration?.runnerName ?? "none";
      const sequence = Math.max(1, machine.sequence + what.ahead);
      const named = what.kind === "registered" || what.kind === "job-started";
      const result = what.ahead === 2 ? { result: "no-job" } : {};
      const changes = {
        sequence,
        ...(named ? { runnerName } : {}),
        ...(what.kind === "finished" ? result : {}),
      };
      takeReport(ledger, context(), aReport(machine.id, what.kind, changes), machine.id);
      break;
    }
    case "notice": {
      const machineId = pick(machines, what.machine)?.id ?? "none";
      const base = { machineId, atMs: clock.now() };
      const notice: MachineNotice =
        what.kind === "interruption"
          ? { ...base, kind: what.kind, endsAtMs: clock.now() + 120_000 }
          : { ...base, kind: what.kind };
      takeNotice(ledger, context(), notice);
      break;
    }
    case "answer": {
      const index = what.effect % Math.max(1, pending.length);
      const [effect] = pending.splice(index, 1);
      const answer = effect && answerTo(effect, what, stage);
      if (effect && "machineId" in effect && effect.kind === "deregister")
        removed = effect.machineId;
      if (answer) takeResult(ledger, context(), memory.gates, answer);
      break;
    }
    case "list": {
      const listing = machines
        .filter((_, index) => index !== what.hide)
        .map(
          ({ id, market, launchedAtMs }, index): ObservedMachine => ({
            id,
            market,
            launchedAtMs,
            state: what.states[index % what.states.length] ?? "running",
          }),
        );
      takeListing(ledger, context(), listing, clock.now());
      break;
    }
    case "wait":
      await clock.advance(what.ms);
  }
  await stage.persist(before, removed);
  stage.check();
  await stage.settle();
  stage.check();
}

const runs = process.env["RUNS_FLEET_FULL"] === "1" ? 10_000 : 500;

describe("a controller that anything may happen to", { timeout: 300_000 }, () => {
  it("keeps jobs and machines consistent, within their limits, alive while they may be busy, and comes to rest", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(aStep, { minLength: 5, maxLength: 90 }), async (steps) => {
        const stage = await controller();
        await stage.settle();
        for (const what of steps) await take(stage, what);
      }),
      { numRuns: runs },
    );
  });
});

import { describe, expect, it } from "vitest";
import {
  aContext,
  aJob,
  aMachine,
  anAssignment,
  anEvent,
  aRegistration,
  nowMs,
} from "../../test/fleet/builders.ts";
import { aResultStage, failed, failureKinds } from "../../test/fleet/result-stage.ts";
import type { FailureKind } from "../ports/failure.ts";
import type { EffectResult } from "./effects.ts";
import type { JobRecord, MachineRecord } from "./records.ts";
import type { MachineState } from "./transitions.ts";

/** Job 1 is assigned to machine m, which is in the given state. */
function pair(
  state: MachineState,
  changes: Partial<MachineRecord> = {},
  job: Partial<JobRecord> = {},
) {
  const handed = state === "assigned" || state === "withdrawing";
  return aResultStage({
    jobs: [aJob("1", { state: "assigned", machineId: "m", ...job })],
    machines: [
      aMachine("m", { state, jobKey: "1.1", registration: aRegistration("m"), ...changes }),
    ],
    assignments: handed ? [anAssignment("m")] : [],
  });
}

describe("the answer to a registration", () => {
  const minted = (result: Extract<EffectResult, { kind: "minted" }>["result"]): EffectResult => ({
    kind: "minted",
    machineId: "m",
    runnerName: "rf-m-1",
    scope: "orgs/acme",
    result,
  });
  const fine = minted({ runnerId: "9", jitConfig: "jit" });

  it("becomes an assignment, is stored under a check of the lease, and rung for", () => {
    const { ledger, take } = pair("claimed");
    take(fine);
    expect(ledger.assignments.get("m")).toMatchObject({ jitConfig: "jit", runnerName: "rf-m-1" });
    expect(ledger.machines.get("m")).toMatchObject({ state: "assigned" });
    expect(ledger.machines.get("m")?.registration?.runnerId).toBe("9");
    expect(ledger.jobs.get("1.1")).toMatchObject({ assignedAtMs: nowMs, runnerName: "rf-m-1" });
    const batch = ledger.seal();
    expect(batch.commits.map(({ checked }) => checked)).toEqual([true]);
    expect(batch.effects).toEqual([{ kind: "ring", machineId: "m" }]);
  });

  it.each(failureKinds)(
    "that is the error %s gives machine and job back and shuts the right gate",
    (kind) => {
      const { ledger, take, gates } = pair("claimed");
      take(minted(failed(kind)));
      expect(ledger.machines.get("m")).toMatchObject({ state: "ready" });
      expect(ledger.machines.get("m")?.registration).toBeUndefined();
      expect(ledger.jobs.get("1.1")?.state).toBe("queued");
      const everybody = gates.shut("mint:orgs/acme", nowMs);
      const alike = gates.shut("mint:orgs/acme:acme||runs-fleet", nowMs);
      // A wrong label or group is its own job's fault; a taken name is nobody's.
      expect(everybody !== undefined).toBe(kind !== "config" && kind !== "conflict");
      expect(alike !== undefined).toBe(kind === "config");
    },
  );

  it("that is late belongs to nobody: the registration is left to the sweep", () => {
    const { ledger, take } = pair("claimed", {
      registration: aRegistration("m", { runnerName: "rf-m-2" }),
    });
    take(fine);
    take(minted(failed("unavailable")));
    expect(ledger.machines.get("m")?.state).toBe("claimed");
    expect(ledger.assignments.size).toBe(0);
    const other = pair("ready");
    other.take(fine);
    expect(other.ledger.machines.get("m")?.state).toBe("ready");
  });

  it("still registers the runner when its job was cancelled meanwhile: it serves the next one", () => {
    const { ledger, take } = aResultStage({
      machines: [aMachine("m", { state: "claimed", registration: aRegistration("m") })],
    });
    take(fine);
    expect(ledger.machines.get("m")?.state).toBe("assigned");
  });
});

describe("taking an assignment back", () => {
  it("that succeeded gives the job back and asks GitHub to remove the runner", () => {
    const { ledger, take, effects } = pair("withdrawing");
    take({ kind: "withdrawn", machineId: "m", result: "withdrawn" });
    expect(ledger.jobs.get("1.1")?.state).toBe("queued");
    expect(ledger.machines.get("m")).toMatchObject({ state: "withdrawing" });
    expect(ledger.assignments.size).toBe(0);
    expect(effects()).toEqual([{ kind: "deregister", machineId: "m" }]);
  });

  it("that came too late lets the agent have it", () => {
    const { ledger, take, effects } = pair("withdrawing");
    take({ kind: "withdrawn", machineId: "m", result: "read" });
    expect(ledger.machines.get("m")?.state).toBe("acknowledged");
    expect(ledger.jobs.get("1.1")?.state).toBe("assigned");
    expect(effects()).toEqual([]);
  });

  it("that the agent's own word overtook changes nothing", () => {
    const { ledger, take } = pair("running");
    take({ kind: "withdrawn", machineId: "m", result: "read" });
    take({ kind: "withdrawn", machineId: "m", result: "withdrawn" });
    expect(ledger.machines.get("m")?.state).toBe("running");
    expect(ledger.jobs.get("1.1")?.state).toBe("assigned");
  });

  it.each(failureKinds)("that failed with %s is unknown: its deadline tries again", (kind) => {
    const { ledger, take } = pair("withdrawing");
    take({ kind: "withdrawn", machineId: "m", result: failed(kind) });
    expect(ledger.machines.get("m")).toMatchObject({ state: "withdrawing", jobKey: "1.1" });
    expect(ledger.jobs.get("1.1")?.state).toBe("assigned");
  });
});

describe("removing an idle runner", () => {
  it.each(["acknowledged", "registered", "withdrawing"] as const)(
    "of a machine that is %s ends the machine and gives the job back",
    (state) => {
      const { ledger, take, effects } = pair(state);
      take({ kind: "deregistered", machineId: "m", result: "removed" });
      expect(ledger.machines.get("m")?.state).toBe("retiring");
      expect(ledger.jobs.get("1.1")?.state).toBe("queued");
      expect(effects()).toEqual([{ kind: "terminate", machineId: "m" }]);
    },
  );

  it.each(["acknowledged", "registered", "withdrawing"] as const)(
    "that GitHub calls busy leaves a machine that was %s to its job (no-busy-kill)",
    (state) => {
      const { ledger, take, effects } = pair(state);
      take({ kind: "deregistered", machineId: "m", result: "busy" });
      expect(ledger.machines.get("m")?.state).toBe("running");
      expect(effects()).toEqual([]);
    },
  );

  it.each(["running", "ending", "ready", "claimed", "assigned"] as const)(
    "does nothing to a machine that is %s by now",
    (state) => {
      const { ledger, take, effects } = pair(state);
      take({ kind: "deregistered", machineId: "m", result: "removed" });
      expect(ledger.machines.get("m")?.state).toBe(state);
      expect(effects()).toEqual([]);
    },
  );

  it.each(failureKinds)("that failed with %s leaves everything as it is", (kind) => {
    const { ledger, take } = pair("registered");
    take({ kind: "deregistered", machineId: "m", result: failed(kind) });
    expect(ledger.pendingWrites()).toBe(0);
  });
});

describe("the outcome of a batched call", () => {
  const outcome = (
    action: "start" | "stop" | "terminate" | "ring",
    kind?: FailureKind,
  ): EffectResult => ({
    kind: "outcome",
    action,
    outcome: { id: "m", ok: kind === undefined, ...(kind === undefined ? {} : { failure: kind }) },
  });
  const machine = (state: MachineState, changes: Partial<MachineRecord> = {}) =>
    aResultStage({ machines: [aMachine("m", { state, ...changes })] });

  it.each(["throttled", "unavailable"] as const)(
    "start, %s: the machine is kept and soon asked for again",
    (kind) => {
      const { ledger, take } = machine("booting", { wasStopped: true });
      take(outcome("start", kind));
      expect(ledger.machines.get("m")).toMatchObject({ state: "booting" });
      expect((ledger.machines.get("m")?.deadlineMs ?? 0) - nowMs).toBeLessThanOrEqual(15_000);
    },
  );

  it.each(["capacity", "quota", "config", "conflict", "unknown"] as const)(
    "start, %s: the machine goes and no other of its kind is started for a while",
    (kind) => {
      const { ledger, take, gates, effects } = machine("booting", { wasStopped: true });
      take(outcome("start", kind));
      expect(ledger.machines.get("m")?.state).toBe("retiring");
      expect(effects()).toEqual([{ kind: "terminate", machineId: "m" }]);
      expect(gates.shut("start:shape:a", nowMs)?.cause.code).toBe(kind);
    },
  );

  it("start, fine: opens the gate and waits for the agent", () => {
    const { ledger, take, gates } = machine("booting", { wasStopped: true });
    gates.fail("start:shape:a", new Error("x"), nowMs);
    take(outcome("start"));
    expect(gates.shut("start:shape:a", nowMs)).toBeUndefined();
    expect(ledger.machines.get("m")?.state).toBe("booting");
  });

  it.each(failureKinds.filter((kind) => kind !== "not-found"))(
    "stop, %s: never becomes a termination",
    (kind) => {
      const { ledger, take, effects } = machine("stopping");
      take(outcome("stop", kind));
      expect(ledger.machines.get("m")?.state).toBe("stopping");
      expect(effects()).toEqual([]);
    },
  );

  it.each(["stop", "terminate"] as const)("%s, not-found: the machine is gone", (action) => {
    const { ledger, take } = machine(action === "stop" ? "stopping" : "retiring");
    take(outcome(action, "not-found"));
    expect(ledger.hasGone("m")).toBe(true);
  });

  it("terminate, fine: the listing, not the promise, closes the record (no-leak)", () => {
    const { ledger, take } = machine("retiring");
    take(outcome("terminate"));
    expect(ledger.machines.get("m")?.state).toBe("retiring");
  });

  it.each([undefined, ...failureKinds])("ring, %s: says nothing about the machine", (kind) => {
    const { ledger, take } = machine("assigned");
    take(outcome("ring", kind));
    expect(ledger.pendingWrites()).toBe(0);
  });
});

describe("what GitHub says when it is asked about a job", () => {
  const verified = (event: Extract<EffectResult, { kind: "verified" }>["event"]): EffectResult => ({
    kind: "verified",
    jobKey: "1.1",
    event,
  });

  it.each(["running", "ending", "retiring"] as const)(
    "queued, while its machine is %s: a sibling took the runner, so the job waits again",
    (state) => {
      const { ledger, take } = pair(state);
      take(verified(anEvent("1", "queued")));
      expect(ledger.jobs.get("1.1")?.state).toBe("queued");
      expect(ledger.machines.get("m")?.jobKey).toBeUndefined();
    },
  );

  it.each(["claimed", "assigned", "acknowledged", "registered"] as const)(
    "queued, while its machine is %s: that is how it should be",
    (state) => {
      const { ledger, take } = pair(state);
      take(verified(anEvent("1", "queued")));
      expect(ledger.jobs.get("1.1")?.state).toBe("assigned");
    },
  );

  it("queued, while its machine is lost: it waits again", () => {
    const { ledger, take } = aResultStage({
      jobs: [aJob("1", { state: "assigned", machineId: "m" })],
    });
    take(verified(anEvent("1", "queued")));
    expect(ledger.jobs.get("1.1")?.state).toBe("queued");
  });

  it("completed: it is over", () => {
    const { ledger, take } = pair("running", {}, { state: "running" });
    take(verified(anEvent("1", "completed", { runnerName: "rf-m-1" })));
    expect(ledger.hasEnded("1.1")).toBe(true);
    expect(ledger.machines.get("m")?.state).toBe("ending");
  });

  it("an error: unknown is not absent", () => {
    const { ledger, take } = pair("running");
    for (const kind of failureKinds) take(verified(failed(kind)));
    expect(ledger.pendingWrites()).toBe(0);
  });

  it.each(["queued", "assigned"] as const)(
    "nothing, once: a job that is %s waits on; nothing again later: it is over, and its machine is free",
    (state) => {
      const { ledger, take } = pair("registered", {}, { state });
      take(verified(undefined));
      take(verified(undefined), aContext({ nowMs: nowMs + 44_000 }));
      expect(ledger.jobs.get("1.1")?.state).toBe(state);
      take(verified(undefined), aContext({ nowMs: nowMs + 45_000 }));
      expect(ledger.hasEnded("1.1")).toBe(true);
      expect(ledger.ended[0]).toMatchObject({
        state: "cancelled",
        cause: { code: "cancelled-on-github" },
      });
      expect(ledger.machines.get("m")?.state).toBe("registered");
      if (state === "assigned") expect(ledger.machines.get("m")?.jobKey).toBeUndefined();
    },
  );

  it("nothing, and then the job again: its absence is forgotten", () => {
    const { ledger, take } = pair("registered");
    take(verified(undefined));
    take(verified(anEvent("1", "queued")), aContext({ nowMs: nowMs + 10_000 }));
    take(verified(undefined), aContext({ nowMs: nowMs + 60_000 }));
    expect(ledger.jobs.get("1.1")?.state).toBe("assigned");
  });

  it("nothing, of a job that runs: its end is for its runner and GitHub to tell", () => {
    const { ledger, take } = pair("running", {}, { state: "running" });
    take(verified(undefined));
    take(verified(undefined), aContext({ nowMs: nowMs + 600_000 }));
    expect(ledger.pendingWrites()).toBe(0);
  });
});

describe("a check run", () => {
  const untold = aJob("1", { state: "failed", headSha: "abc", checkTriesLeft: 2 });
  const checked = { kind: "checked", jobKey: "1.1", word: "refused" } as const;

  it("that was reported closes the record", () => {
    const { ledger, take } = aResultStage({ jobs: [untold] });
    take({ ...checked, result: undefined });
    expect(ledger.jobs.size).toBe(0);
    const [write] = ledger.seal().commits.flatMap((commit) => commit.writes);
    expect(write?.open).toBe(false);
  });

  it("that failed is tried again later, and given up at last", () => {
    const { ledger, take } = aResultStage({ jobs: [untold] });
    take({ ...checked, result: failed("config") });
    expect(ledger.jobs.get("1.1")).toMatchObject({ checkTriesLeft: 1 });
    expect(ledger.jobs.get("1.1")?.deadlineMs).toBeGreaterThan(nowMs);
    take({ ...checked, result: failed("config") });
    expect(ledger.jobs.size).toBe(0);
  });

  it("of an earlier word says nothing about the one that is due", () => {
    const told = { atMs: nowMs, tries: 1, isOver: true };
    const running = aJob("2", { state: "running", headSha: "abc", told });
    const { ledger, take } = aResultStage({ jobs: [untold, running] });
    for (const jobKey of ["1.1", "2.1"]) {
      take({ ...checked, jobKey, word: "waits", result: undefined });
      take({ ...checked, jobKey, word: "waits", result: failed("config") });
    }
    expect(ledger.pendingWrites()).toBe(0);
    take({ ...checked, jobKey: "2.1", word: "over", result: undefined });
    expect(ledger.jobs.get("2.1")?.told).toEqual({ ...told, isDone: true });
  });
});

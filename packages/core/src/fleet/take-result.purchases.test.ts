import { describe, expect, it } from "vitest";
import { aContext, aMachine, anAttempt, nowMs } from "../../test/fleet/builders.ts";
import { aResultStage, failed, failureKinds } from "../../test/fleet/result-stage.ts";
import type { ObservedMachine } from "../ports/machine-provider.ts";

const bought = (id: string, changes: Partial<ObservedMachine> = {}): ObservedMachine => ({
  id,
  attemptId: "a",
  state: "pending",
  market: "spot",
  launchedAtMs: nowMs,
  ...changes,
});

describe("the answer to a launch", () => {
  it("writes every machine down and settles the purchase", () => {
    const { ledger, take, gates } = aResultStage({ attempts: [anAttempt("a", {}, 2)] });
    take({
      kind: "launched",
      attemptId: "a",
      result: { machines: [bought("m1"), bought("m2")], failures: [] },
    });
    expect([...ledger.machines.values()].map(({ id, state }) => [id, state])).toEqual([
      ["m1", "booting"],
      ["m2", "booting"],
    ]);
    expect(ledger.attempts.size).toBe(0);
    expect(gates.shut("launch:shape:a", nowMs)).toBeUndefined();
  });

  it("that is partial keeps what came and holds the rest back with the provider's reason", () => {
    const { ledger, take, gates } = aResultStage({ attempts: [anAttempt("a", {}, 2)] });
    const failures = [{ kind: "capacity", message: "None left" } as const];
    take({ kind: "launched", attemptId: "a", result: { machines: [bought("m1")], failures } });
    expect(ledger.machines.size).toBe(1);
    expect(ledger.attempts.size).toBe(0);
    expect(gates.shut("launch:shape:a", nowMs)?.cause).toEqual({
      code: "capacity",
      message: "None left",
    });
  });

  it("marks what was bought for the stopped tier", () => {
    const { ledger, take } = aResultStage({ attempts: [anAttempt("a", { reason: "stopped" })] });
    take({ kind: "launched", attemptId: "a", result: { machines: [bought("m")], failures: [] } });
    expect(ledger.machines.get("m")?.bankWhenReady).toBe(true);
  });

  it.each(failureKinds)(
    "that is the error %s settles the purchase only if it is a plain refusal",
    (kind) => {
      const { ledger, take, effects, gates } = aResultStage({ attempts: [anAttempt("a")] });
      take({ kind: "launched", attemptId: "a", result: failed(kind) });
      const refused = ["capacity", "quota", "auth", "config"].includes(kind);
      expect(ledger.attempts.get("a")?.state).toBe(refused ? undefined : "recovering");
      expect(effects()).toEqual(refused ? [] : [{ kind: "recover", attemptId: "a" }]);
      expect(gates.shut("launch:shape:a", nowMs)?.cause.code).toBe(kind);
    },
  );

  it("that is a late refusal does not settle a purchase which recovery has repeated", () => {
    const { ledger, take } = aResultStage({ attempts: [anAttempt("a", { state: "recovering" })] });
    take({ kind: "launched", attemptId: "a", result: failed("capacity") });
    expect(ledger.attempts.get("a")?.state).toBe("recovering");
  });

  it("that comes twice, or shows a machine that is gone, writes nothing down again", () => {
    const { ledger, take } = aResultStage({
      attempts: [anAttempt("a", {}, 2)],
      machines: [aMachine("m1", { state: "retiring" })],
    });
    ledger.putMachine(aMachine("m1", { state: "gone" }));
    const result = { machines: [bought("m1"), bought("m2")], failures: [] };
    take({ kind: "launched", attemptId: "a", result });
    take({ kind: "launched", attemptId: "a", result });
    expect([...ledger.machines.keys()]).toEqual(["m2"]);
  });
});

describe("what recovery finds", () => {
  const recovering = anAttempt("a", { state: "recovering" }, 2);

  it("is adopted; the purchase is settled as soon as all of it is there", () => {
    const { ledger, take } = aResultStage({ attempts: [recovering] });
    take({ kind: "recovered", attemptId: "a", found: [bought("m1")] });
    expect(ledger.machines.size).toBe(1);
    expect(ledger.attempts.get("a")?.deadlineMs).toBeGreaterThan(nowMs);
    take({ kind: "recovered", attemptId: "a", found: [bought("m1"), bought("m2")] });
    expect(ledger.machines.size).toBe(2);
    expect(ledger.attempts.size).toBe(0);
  });

  it("settles the purchase once the listing has had the time to show everything", () => {
    const { ledger, take } = aResultStage({ attempts: [recovering] });
    const later = aContext({ nowMs: recovering.openedAtMs + 300_000 });
    take({ kind: "recovered", attemptId: "a", found: [] }, later);
    expect(ledger.attempts.size).toBe(0);
  });

  it.each(failureKinds)(
    "is unknown after the error %s, however late: it is looked for again",
    (kind) => {
      const { ledger, take } = aResultStage({ attempts: [recovering] });
      const later = aContext({ nowMs: recovering.openedAtMs + 3_000_000 });
      take({ kind: "recovered", attemptId: "a", found: failed(kind) }, later);
      expect(ledger.attempts.get("a")?.state).toBe("recovering");
      expect(ledger.attempts.get("a")?.deadlineMs).toBeGreaterThan(later.nowMs);
    },
  );

  it("is not written down when it has ended", () => {
    const { ledger, take } = aResultStage({ attempts: [recovering] });
    const found = [bought("m1", { state: "terminated" }), bought("m2", { state: "terminated" })];
    take({ kind: "recovered", attemptId: "a", found });
    expect(ledger.machines.size).toBe(0);
    expect(ledger.attempts.size).toBe(0);
  });
});

import { describe, expect, it } from "vitest";
import { aContext, aJob, aLedger, aMachine, anAttempt, nowMs } from "../../test/fleet/builders.ts";
import { hardDeadlineFrom, machineDeadline } from "./change-machine.ts";
import {
  attemptRules,
  checkedState,
  isTerminal,
  jobRules,
  type MachineState,
  machineRules,
  type StateRule,
} from "./transitions.ts";

const tables: Readonly<
  Record<
    string,
    { readonly rules: Readonly<Record<string, StateRule<string>>>; readonly first: string }
  >
> = {
  jobs: { rules: jobRules, first: "queued" },
  attempts: { rules: attemptRules, first: "open" },
  machines: { rules: machineRules, first: "booting" },
};

const rows = Object.entries(tables).flatMap(([table, { rules, first }]) =>
  Object.entries(rules).map(([state, rule]) => ({ table, state, rule, rules, first })),
);

function reachable(rules: Readonly<Record<string, StateRule<string>>>, first: string) {
  const seen = new Set([first]);
  for (const state of seen) for (const next of rules[state]?.next ?? []) seen.add(next);
  return seen;
}

describe("the tables of transitions", () => {
  it.each(rows)(
    "$table: $state has one owner unless it is the last, and leads to states that exist",
    ({ state, rule, rules }) => {
      expect(rule.owner === undefined).toBe(rule.next.length === 0);
      expect(isTerminal(rules, state)).toBe(rule.next.length === 0);
      for (const next of rule.next) expect(Object.keys(rules)).toContain(next);
      expect(rule.next).not.toContain(state);
    },
  );

  it.each(rows)(
    "$table: $state is reached from $first, and an end is reached from it",
    ({ state, rules, first }) => {
      expect(reachable(rules, first).has(state)).toBe(true);
      expect([...reachable(rules, state)].some((end) => isTerminal(rules, end))).toBe(true);
    },
  );

  it("has owners that differ, so that no two of them act on one state", () => {
    const owners = Object.values(machineRules).flatMap(({ owner }) => owner ?? []);
    // `retirement` sheds what is ready or stopped; each of the others owns one state.
    const others = owners.filter((owner) => owner !== "retirement");
    expect(new Set(others).size).toBe(others.length);
  });

  it.each(Object.keys(machineRules) as MachineState[])(
    "gives a machine that becomes %s a deadline that is finite and not past",
    (state) => {
      const context = aContext();
      const hardMs = hardDeadlineFrom(context);
      const deadlineMs = machineDeadline(state, hardMs, context);
      expect(Number.isSafeInteger(deadlineMs)).toBe(true);
      expect(deadlineMs).toBeGreaterThan(nowMs);
      // A stopped machine alone may stay for ever: its pool owns it, and its next start gives it a new deadline.
      if (state !== "stopped") expect(deadlineMs).toBeLessThanOrEqual(hardMs);
    },
  );
});

describe("a ledger", () => {
  it("refuses every transition that a table does not have", () => {
    for (const from of Object.keys(machineRules) as MachineState[]) {
      for (const to of Object.keys(machineRules) as MachineState[]) {
        if (from === "gone") continue;
        const { ledger } = aLedger({ machines: [aMachine("m", { state: from })] });
        const put = (): void => ledger.putMachine(aMachine("m", { state: to }));
        if (from === to || machineRules[from].next.includes(to)) expect(put).not.toThrow();
        else expect(put).toThrow(`Illegal transition from ${from} to ${to}`);
      }
    }
  });

  it("refuses to wake what has ended", () => {
    expect(() => checkedState(jobRules, "completed", "queued")).toThrow("Illegal transition");
    expect(() => checkedState(attemptRules, "settled", "open")).toThrow("Illegal transition");
    const failed = aJob("1", { state: "failed", checkTriesLeft: 1 });
    const { ledger } = aLedger({ jobs: [failed] });
    expect(() => ledger.putJob({ ...failed, state: "queued" })).toThrow("Illegal transition");
  });

  it("closes what has ended: it is written for those who ask, and forgotten", () => {
    const { ledger } = aLedger({
      jobs: [aJob("1", { state: "running" })],
      machines: [aMachine("m", { state: "retiring" })],
      attempts: [anAttempt("a")],
    });
    ledger.putJob(aJob("1", { state: "completed" }));
    ledger.putMachine(aMachine("m", { state: "gone" }));
    ledger.putAttempt(anAttempt("a", { state: "settled" }));
    const writes = ledger.seal().commits.flatMap((commit) => commit.writes);
    expect(writes.map(({ table, open, expected }) => [table, open, expected])).toEqual([
      ["jobs", false, 1],
      ["machines", false, 1],
      ["attempts", false, 1],
    ]);
    for (const { expiresAtMs } of writes) expect(expiresAtMs).toBeGreaterThan(nowMs);
    expect([ledger.jobs.size, ledger.machines.size, ledger.attempts.size]).toEqual([0, 0, 0]);
    expect([ledger.hasEnded("1.1"), ledger.hasGone("m")]).toEqual([true, true]);
  });

  it("writes a record once however often it changes in a pass, and counts its versions", () => {
    const { ledger } = aLedger({ jobs: [aJob("1")] });
    ledger.putJob(aJob("1", { state: "assigned" }));
    ledger.putJob(aJob("1", { state: "running" }));
    const first = ledger.seal().commits.flatMap((commit) => commit.writes);
    expect(first.map(({ expected }) => expected)).toEqual([1]);
    ledger.putJob(aJob("1", { state: "running", runnerName: "r" }));
    const second = ledger.seal().commits.flatMap((commit) => commit.writes);
    expect(second.map(({ expected }) => expected)).toEqual([2]);
    expect(ledger.pendingWrites()).toBe(0);
  });

  it("checks the lease in the same commit when a purchase or a credential is stored, and only then", () => {
    const { ledger } = aLedger({ jobs: [aJob("1")] });
    ledger.putJob(aJob("1", { state: "assigned" }));
    expect(ledger.seal().commits.map(({ checked }) => checked)).toEqual([false]);
    ledger.putAttempt(anAttempt("a"));
    expect(ledger.seal().commits.map(({ checked }) => checked)).toEqual([true]);
  });
});

import { describe, expect, it } from "vitest";
import {
  aContext,
  aJob,
  aLedger,
  aMachine,
  anAssignment,
  anAttempt,
  aRegistration,
  nowMs,
} from "../../test/fleet/builders.ts";
import type { ObservedMachine } from "../ports/machine-provider.ts";
import type { MachineRecord } from "./records.ts";
import { endOverdue, takeListing } from "./take-observation.ts";
import { listingLagMs } from "./timings.ts";
import { type MachineState, machineRules } from "./transitions.ts";

const context = aContext();
const young = { launchedAtMs: nowMs - listingLagMs + 1, sinceMs: nowMs - 1_000 };
const shown = (id: string, changes: Partial<ObservedMachine> = {}): ObservedMachine => ({
  id,
  state: "running",
  market: "on-demand",
  launchedAtMs: nowMs - 3_600_000,
  ...changes,
});
const openStates = (Object.keys(machineRules) as MachineState[]).filter(
  (state) => state !== "gone",
);

describe("a listing", () => {
  it("that omits a machine means that it is gone, when it is old enough to be listed", () => {
    for (const state of openStates) {
      const { ledger } = aLedger({ machines: [aMachine("m", { state })] });
      takeListing(ledger, context, [], nowMs);
      expect(ledger.hasGone("m")).toBe(true);
    }
  });

  it("that omits a young machine means nothing, unless the machine was ending", () => {
    for (const state of openStates) {
      const { ledger } = aLedger({ machines: [aMachine("m", { state, ...young })] });
      takeListing(ledger, context, [], nowMs);
      expect(ledger.hasGone("m")).toBe(state === "ending" || state === "retiring");
    }
  });

  it("that tells of another image is noted where a machine waits, and forgotten when that one is taken back", () => {
    const waiting: readonly MachineState[] = ["booting", "ready", "stopping", "stopped"];
    for (const state of openStates) {
      const { ledger } = aLedger({ machines: [aMachine("m", { state })] });
      const list = (changes: Partial<ObservedMachine>) =>
        takeListing(ledger, context, [shown("m", { state: "pending", ...changes })], nowMs);
      list({ isSuperseded: true });
      expect(ledger.machines.get("m")?.isSuperseded).toBe(waiting.includes(state) || undefined);
      const writes = ledger.pendingWrites();
      list({ isSuperseded: true });
      expect(ledger.pendingWrites()).toBe(writes);
      list({});
      expect(ledger.machines.get("m")).not.toHaveProperty("isSuperseded");
    }
  });

  it("that omits a machine started a moment ago means nothing: a start counts like a launch", () => {
    const old = { launchedAtMs: nowMs - 10 * listingLagMs, wasStopped: true };
    const justNow = nowMs - 30_000;
    const started = [
      aMachine("booting", { ...old, state: "booting", sinceMs: justNow, readyAtMs: 1 }),
      aMachine("busy", { ...old, state: "running", sinceMs: justNow, readyAtMs: justNow }),
    ];
    const { ledger } = aLedger({ machines: started });
    takeListing(ledger, context, [], nowMs);
    expect([...ledger.machines.keys()]).toEqual(["booting", "busy"]);
    takeListing(ledger, context, [], justNow + listingLagMs);
    expect(ledger.machines.size).toBe(0);
  });

  it("says nothing about what happened after it was asked for", () => {
    const { ledger } = aLedger({
      machines: [
        aMachine("m", { state: "retiring", sinceMs: nowMs }),
        aMachine("n", { sinceMs: nowMs }),
      ],
    });
    takeListing(ledger, context, [shown("n", { state: "stopped" })], nowMs - 1);
    expect([...ledger.machines.values()].map(({ state }) => state)).toEqual(["retiring", "ready"]);
  });

  it.each(["terminated", "shutting-down"] as const)(
    "that shows a machine as %s closes it",
    (state) => {
      const { ledger } = aLedger({ machines: [aMachine("m")] });
      takeListing(ledger, context, [shown("m", { state })], nowMs);
      expect(ledger.hasGone("m")).toBe(true);
    },
  );

  it.each(["pending", "running", "stopping", "stopped"] as const)(
    "that shows a machine as %s lags: it takes nothing away from a machine at work",
    (state) => {
      for (const own of openStates) {
        if (own === "stopping") continue;
        const { ledger } = aLedger({ machines: [aMachine("m", { state: own })] });
        takeListing(ledger, context, [shown("m", { state })], nowMs);
        expect(ledger.machines.get("m")?.state).toBe(own);
      }
    },
  );

  it("banks a machine that has stopped", () => {
    const { ledger } = aLedger({ machines: [aMachine("m", { state: "stopping" })] });
    takeListing(ledger, context, [shown("m", { state: "stopped" })], nowMs);
    expect(ledger.machines.get("m")).toMatchObject({ state: "stopped", wasStopped: true });
  });

  it("writes down what an open purchase bought before its answer came", () => {
    const { ledger } = aLedger({ attempts: [anAttempt("a")] });
    const strangers = takeListing(ledger, context, [shown("m", { attemptId: "a" })], nowMs);
    expect(strangers.ids).toEqual([]);
    expect(ledger.machines.get("m")?.state).toBe("booting");
  });

  it("leaves the machines of a purchase under recovery to its owner: they may be on the books, closed", () => {
    const { ledger } = aLedger({ attempts: [anAttempt("a", { state: "recovering" })] });
    const strangers = takeListing(ledger, context, [shown("m", { attemptId: "a" })], nowMs);
    expect(strangers.ids).toEqual([]);
    expect(ledger.machines.size).toBe(0);
  });

  it("with a machine that carries no tag, or one of a purchase that nobody remembers, names a stranger", () => {
    const { ledger } = aLedger({});
    const listing = [
      shown("m"),
      shown("n", { attemptId: "old" }),
      shown("o", { state: "terminated" }),
    ];
    expect(takeListing(ledger, context, listing, nowMs).ids).toEqual(["m", "n"]);
    expect(ledger.pendingWrites()).toBe(0);
  });

  it("that still shows a machine which is gone does not bring it back", () => {
    const { ledger } = aLedger({
      machines: [aMachine("m", { state: "retiring", attemptId: "a" })],
      attempts: [anAttempt("a")],
    });
    ledger.putMachine(aMachine("m", { state: "gone" }));
    takeListing(ledger, context, [shown("m", { attemptId: "a" })], nowMs);
    expect(ledger.machines.size).toBe(0);
  });

  it("taken in twice changes nothing the second time", () => {
    const { ledger } = aLedger({
      machines: [aMachine("m"), aMachine("n", { state: "stopping" }), aMachine("o")],
    });
    const listing = [shown("m"), shown("n", { state: "stopped" })];
    takeListing(ledger, context, listing, nowMs);
    ledger.seal();
    takeListing(ledger, context, listing, nowMs);
    expect(ledger.pendingWrites()).toBe(0);
  });
});

describe("a machine that is lost", () => {
  const lose = (state: MachineState, jobState: "assigned" | "running" = "assigned") => {
    const stage = aLedger({
      jobs: [aJob("1", { state: jobState, machineId: "m" })],
      machines: [aMachine("m", { state, jobKey: "1.1", registration: aRegistration("m") })],
      assignments: state === "assigned" ? [anAssignment("m")] : [],
    });
    takeListing(stage.ledger, context, [], nowMs);
    return stage;
  };

  it("before it was handed anything gives its job back", () => {
    const { ledger, effects } = lose("claimed");
    expect(ledger.jobs.get("1.1")?.state).toBe("queued");
    expect(effects()).toEqual([]);
  });

  it.each(["assigned", "withdrawing", "acknowledged", "registered"] as const)(
    "while it was %s may have run its job: GitHub is asked before another one is bought for it",
    (state) => {
      const { ledger, effects } = lose(state);
      expect(ledger.jobs.get("1.1")?.state).toBe("assigned");
      expect(effects()).toEqual([{ kind: "verify", jobKey: "1.1" }]);
      expect(ledger.assignments.size).toBe(0);
    },
  );

  it("while it ran leaves the job to GitHub, with the cause", () => {
    const { ledger, effects } = lose("running", "running");
    expect(ledger.jobs.get("1.1")).toMatchObject({
      state: "running",
      cause: { code: "machine-lost" },
    });
    expect(effects()).toEqual([{ kind: "verify", jobKey: "1.1" }]);
  });
});

describe("the hard deadline", () => {
  const past: Partial<MachineRecord> = { hardDeadlineMs: nowMs };

  it("ends whatever runs, but not what is stopped and costs nothing (no-leak)", () => {
    for (const state of openStates) {
      const { ledger, effects } = aLedger({ machines: [aMachine("m", { state, ...past })] });
      endOverdue(ledger, context);
      const ends = state !== "stopped" && state !== "retiring";
      expect(ledger.machines.get("m")?.state).toBe(ends ? "retiring" : state);
      expect(effects()).toEqual(ends ? [{ kind: "terminate", machineId: "m" }] : []);
    }
  });

  it("touches nobody before its time", () => {
    const { ledger } = aLedger({ machines: [aMachine("m", { hardDeadlineMs: nowMs + 1 })] });
    endOverdue(ledger, context);
    expect(ledger.pendingWrites()).toBe(0);
  });
});

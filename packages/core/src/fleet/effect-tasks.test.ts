import { describe, expect, it } from "vitest";
import {
  aJob,
  aLedger,
  aMachine,
  anAssignment,
  anAttempt,
  anEvent,
  aRegistration,
  nowMs,
  shard,
} from "../../test/fleet/builders.ts";
import { createMemoryStore } from "../embedded/index.ts";
import { type FailureKind, FleetError } from "../ports/failure.ts";
import type { GitHubClient } from "../ports/github-client.ts";
import type { MachineProvider, ObservedMachine } from "../ports/machine-provider.ts";
import { createSignalScope } from "../ports/signal-scope.ts";
import type { Write } from "../ports/state-store.ts";
import { createAssignmentBoard } from "../testing/machines/index.ts";
import { createVirtualClock } from "../testing/virtual-clock.ts";
import { createEffectTask } from "./effect-tasks.ts";
import type { Registrar } from "./registrar.ts";

const failure = (kind: FailureKind) => new FleetError({ kind, message: kind });
const bought = (id: string): ObservedMachine => ({
  id,
  attemptId: "a",
  state: "running",
  market: "spot",
  launchedAtMs: nowMs,
});

interface Parts {
  readonly records?: Parameters<typeof aLedger>[0];
  readonly provider?: Partial<MachineProvider>;
  readonly github?: object;
  readonly registrar?: Partial<Registrar>;
  readonly mayAct?: () => boolean;
  readonly mayPurchase?: () => boolean;
}

async function stage(parts: Parts) {
  const { records = {}, provider = {}, github = {}, registrar = {}, mayAct, mayPurchase } = parts;
  const clock = createVirtualClock(nowMs);
  const board = createAssignmentBoard(createMemoryStore({ clock }));
  const lease = await board.store.leases.acquire(shard, "test", 60_000);
  if (!lease) throw new Error("The lease is free");
  const { ledger } = aLedger(records);
  const commit = (writes: readonly Write[], checked: boolean) =>
    board.store.commit(lease, writes, { checked });
  const state = { replyLost: false };
  const task = createEffectTask({
    ledger,
    store: board.store,
    provider: provider as MachineProvider,
    github: github as GitHubClient,
    registrar: registrar as Registrar,
    mayAct: mayAct ?? (() => true),
    mayPurchase: mayPurchase ?? (() => true),
    commit: async (writes, checked) => {
      await commit(writes, checked);
      if (state.replyLost) throw failure("conflict");
    },
    scope: createSignalScope(new AbortController().signal),
  });
  const put = (table: "assignments" | "machines", id: string, open: boolean, value: object) =>
    commit([{ table, id, shard, open, expected: "any", value: { ...value } }], true);
  return { task, board, ledger, put, state };
}

describe("taking an assignment back", () => {
  const records = {
    machines: [aMachine("m", { state: "withdrawing" as const })],
    assignments: [anAssignment("m")],
  };

  it("wins against an agent that has not looked, which then finds nothing", async () => {
    const { task, board, put } = await stage({ records });
    await put("assignments", "m", true, anAssignment("m"));
    const answer = await task({ kind: "withdraw", machineId: "m" });
    expect(answer).toMatchObject({ result: "withdrawn" });
    expect(board.read("m")).toBeUndefined();
    expect(board.blank(anAssignment("m"))).toBe(false);
  });

  it("loses against an agent that read it first", async () => {
    const { task, board, put } = await stage({ records });
    await put("assignments", "m", true, anAssignment("m"));
    expect(board.blank(anAssignment("m"))).toBe(true);
    expect(await task({ kind: "withdraw", machineId: "m" })).toMatchObject({ result: "read" });
  });

  it("has lost against an agent that read it before this controller came (no-busy-kill)", async () => {
    const { task } = await stage({ records: { machines: records.machines, taken: ["m"] } });
    expect(await task({ kind: "withdraw", machineId: "m" })).toMatchObject({ result: "read" });
  });

  it("recognises its own delete whose answer was lost", async () => {
    const { task, put, state } = await stage({ records });
    await put("assignments", "m", true, anAssignment("m"));
    state.replyLost = true;
    expect(await task({ kind: "withdraw", machineId: "m" })).toMatchObject({ result: "withdrawn" });
  });

  it("that was never stored has nothing to take back", async () => {
    const { task } = await stage({ records: { machines: records.machines } });
    expect(await task({ kind: "withdraw", machineId: "m" })).toMatchObject({ result: "withdrawn" });
  });
});

describe("recovering a purchase", () => {
  const records = { attempts: [anAttempt("a", { state: "recovering" }, 2)] };
  const recover = async (parts: Parts) => {
    const made = await stage({ records, ...parts });
    return { ...made, run: () => made.task({ kind: "recover", attemptId: "a" }) };
  };

  it("buys nothing when the listing shows all of it (no-double-launch)", async () => {
    let launches = 0;
    const { run } = await recover({
      provider: {
        list: async () => [bought("m1"), bought("m2")],
        launch: async () => {
          launches += 1;
          return { machines: [], failures: [] };
        },
      },
    });
    expect(await run()).toMatchObject({ found: [{ id: "m1" }, { id: "m2" }] });
    expect(launches).toBe(0);
  });

  it("only lists while no purchase is left, and leaves the attempt open", async () => {
    let launches = 0;
    const { run } = await recover({
      mayPurchase: () => false,
      provider: {
        list: async () => [bought("m1")],
        launch: async () => {
          launches += 1;
          return { machines: [], failures: [] };
        },
      },
    });
    const result = await run();
    expect(result).toMatchObject({ found: [{ id: "m1" }] });
    expect(result).not.toHaveProperty("explained");
    expect(launches).toBe(0);
  });

  it("sends the same request with the same token for what the listing does not show, and counts nobody twice", async () => {
    const sent: string[] = [];
    const { run } = await recover({
      provider: {
        list: async () => [bought("m1")],
        launch: async ({ token, count }) => {
          sent.push(`${token}:${count}`);
          return { machines: [bought("m1"), bought("m2")], failures: [] };
        },
      },
    });
    expect(await run()).toMatchObject({ found: [{ id: "m1" }, { id: "m2" }] });
    expect(sent).toEqual(["a:2"]);
  });

  it.each(["capacity", "quota", "auth", "config"] as const)(
    "takes the listing for the answer when the request is refused with %s",
    async (kind) => {
      const { run } = await recover({
        provider: { list: async () => [bought("m1")], launch: () => Promise.reject(failure(kind)) },
      });
      expect(await run()).toMatchObject({ found: [{ id: "m1" }] });
    },
  );

  it.each(["throttled", "unavailable", "unknown", "not-found", "conflict"] as const)(
    "knows nothing when the request fails with %s",
    async (kind) => {
      const { run } = await recover({
        provider: { list: async () => [], launch: () => Promise.reject(failure(kind)) },
      });
      expect(await run()).toMatchObject({ found: { error: { kind } } });
    },
  );

  it("does not buy when it cannot list: cannot read is not empty", async () => {
    let launches = 0;
    const { run } = await recover({
      provider: {
        list: () => Promise.reject(failure("throttled")),
        launch: async () => {
          launches += 1;
          return { machines: [], failures: [] };
        },
      },
    });
    expect(await run()).toMatchObject({ found: { error: { kind: "throttled" } } });
    expect(launches).toBe(0);
  });

  it("shows a machine as ended whose record is closed, whatever a late listing says", async () => {
    const { run, put } = await recover({
      provider: { list: async () => [bought("m1"), bought("m2")] },
    });
    await put("machines", "m1", false, {});
    expect(await run()).toMatchObject({ found: [{ state: "terminated" }, { state: "running" }] });
  });
});

describe("registering a runner", () => {
  const machine = aMachine("m", {
    state: "claimed",
    jobKey: "1.1",
    registration: aRegistration("m"),
  });
  const job = aJob("1", { state: "assigned", machineId: "m" });

  it("asks GitHub for exactly the job's labels and group", async () => {
    const asked: object[] = [];
    const { task } = await stage({
      records: {
        jobs: [{ ...job, placement: { ...job.placement, runnerGroup: "fleet" } as never }],
        machines: [machine],
      },
      registrar: {
        mint: async ({ signal: _, ...request }) => {
          asked.push(request);
          return { scope: "orgs/acme", runnerId: "1", jitConfig: "jit" };
        },
      },
    });
    expect(await task({ kind: "mint", machineId: "m" })).toMatchObject({
      result: { runnerId: "1" },
      runnerName: "rf-m-1",
    });
    expect(asked).toEqual([
      {
        repository: "acme/app",
        runnerName: "rf-m-1",
        labels: ["runs-fleet"],
        runnerGroup: "fleet",
      },
    ]);
  });

  it("asks for nothing when the job waits no more, and blames nobody for it", async () => {
    const { task } = await stage({ records: { machines: [machine] } });
    expect(await task({ kind: "mint", machineId: "m" })).toMatchObject({
      result: { error: { kind: "conflict" } },
    });
  });

  it.each(["ready", "assigned", "retiring"] as const)(
    "asks for nothing when the machine is %s by now",
    async (state) => {
      const { task } = await stage({ records: { jobs: [job], machines: [{ ...machine, state }] } });
      expect(await task({ kind: "mint", machineId: "m" })).toBeUndefined();
    },
  );
});

describe("asking GitHub about a job", () => {
  const records = { jobs: [aJob("1", { state: "assigned", machineId: "m" })] };
  const waiting = anEvent("1", "queued");

  it.each([
    { listed: [], told: undefined },
    { listed: [anEvent("2", "queued")], told: undefined },
    { listed: [waiting], told: waiting },
  ])(
    "that it does not know looks for it among those that wait: $told",
    async ({ listed, told }) => {
      const { task } = await stage({
        records,
        github: { jobs: { get: async () => undefined, listQueued: async () => listed } as never },
      });
      expect(await task({ kind: "verify", jobKey: "1.1" })).toEqual({
        kind: "verified",
        jobKey: "1.1",
        event: told,
      });
    },
  );

  it("proves nothing when we may not look: no access is no absence", async () => {
    const { task } = await stage({
      records,
      github: {
        jobs: {
          get: async () => undefined,
          listQueued: async () => {
            throw failure("not-found");
          },
        } as never,
      },
    });
    expect(await task({ kind: "verify", jobKey: "1.1" })).toMatchObject({
      event: { error: { kind: "not-found" } },
    });
  });
});

describe("a controller whose lease ran out", () => {
  it.each([
    { kind: "launch", attemptId: "a" },
    { kind: "recover", attemptId: "a" },
    { kind: "mint", machineId: "m" },
    { kind: "withdraw", machineId: "m" },
    { kind: "deregister", machineId: "m" },
    { kind: "verify", jobKey: "1.1" },
    { kind: "rerun", jobKey: "2.1" },
  ] as const)("does not $kind any more (single-writer)", async (effect) => {
    let calls = 0;
    const called = async () => {
      calls += 1;
      return undefined as never;
    };
    const { task } = await stage({
      records: {
        jobs: [
          aJob("1", { state: "assigned", machineId: "m" }),
          aJob("2", { state: "completed", rerun: { state: "asked", sinceMs: 0, untilMs: 1 } }),
        ],
        machines: [
          aMachine("m", { state: "claimed", jobKey: "1.1", registration: aRegistration("m") }),
        ],
        attempts: [anAttempt("a")],
        assignments: [anAssignment("m")],
      },
      provider: { launch: called, list: called },
      github: { runners: { remove: called }, jobs: { get: called, listOfRun: called } },
      registrar: { mint: called },
      mayAct: () => false,
    });
    expect(JSON.stringify(await task(effect))).toContain('"kind":"conflict"');
    expect(calls).toBe(0);
  });
});

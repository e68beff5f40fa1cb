import { describe, expect, it } from "vitest";
import { aJob, aLedger, anEvent, aReport, nowMs, shard } from "../../test/fleet/builders.ts";
import { createMemoryQueue, createMemoryStore } from "../embedded/index.ts";
import type { DemandEvent, PushEvent } from "../ports/demand-event.ts";
import { FleetError } from "../ports/failure.ts";
import type { Narrowing } from "../routing/index.ts";
import { createVirtualClock } from "../testing/virtual-clock.ts";
import type { AgentEvent } from "../wire/agent-event.ts";
import type { Incoming, Leadership } from "./controller.ts";
import { pumpDemand, pumpReports } from "./intake.ts";

function stage() {
  const clock = createVirtualClock(nowMs);
  const inner = createMemoryStore({ clock });
  const demand = createMemoryQueue<DemandEvent>({ clock, maxReceives: 1_000 });
  const reports = createMemoryQueue<AgentEvent>({ clock, maxReceives: 1_000 });
  const taken: Incoming[] = [];
  const state = { backlog: 0, storeFails: false };
  const { ledger } = aLedger({});
  const leadership = {
    ledger,
    backlog: () => state.backlog,
    take: (incoming: Incoming) => taken.push(incoming),
  } as unknown as Leadership;
  const over = new AbortController();
  const store: typeof inner = {
    ...inner,
    get: (...words) =>
      state.storeFails
        ? Promise.reject(new FleetError({ kind: "unavailable", message: "down" }))
        : inner.get(...words),
  };
  const common = { leadership, clock, signal: over.signal };
  const pushes: { event: PushEvent; done(): void; fail(): void }[] = [];
  const onPush = (event: PushEvent): Promise<void> =>
    new Promise((done, fail) => pushes.push({ event, done, fail: () => fail(new Error("later")) }));
  const asked: { answer(narrowing: Narrowing | undefined): void; fail(): void }[] = [];
  const narrowing = (repository: string): Promise<Narrowing | undefined> =>
    repository === "acme/slow"
      ? new Promise((answer, reject) =>
          asked.push({ answer, fail: () => reject(new Error("not now")) }),
        )
      : Promise.resolve(undefined);
  const pumps = Promise.all([
    pumpDemand({ ...common, queue: demand, store, onPush, narrowing }),
    pumpReports({ ...common, queue: reports }),
  ]);
  const close = async (id: string) => {
    const lease = await inner.leases.acquire(shard, "test", 60_000);
    if (!lease) throw new Error("The lease is free");
    const value = { ...aJob(id, { state: "failed" }) };
    const write = { table: "jobs", id: `${id}.1`, shard, open: false, expected: "absent" } as const;
    await inner.commit(lease, [{ ...write, value: JSON.parse(JSON.stringify(value)) }]);
  };
  const waiting = async (queue: { receive: typeof demand.receive }) =>
    (await queue.receive({ max: 100, waitMs: 0, visibilityMs: 1 })).length;
  return { clock, demand, reports, taken, state, over, pumps, close, waiting, pushes, asked };
}

const settleOf = (incoming: Incoming | undefined): void => {
  if (incoming && "settle" in incoming) incoming.settle?.();
};

describe("the feed of a queue", () => {
  it("hands a job over and acknowledges it only when it is settled", async () => {
    const { clock, demand, taken, waiting } = stage();
    await demand.send([{ body: anEvent("1", "queued") }]);
    await clock.advance(100);
    expect(taken.length).toBe(1);
    await clock.advance(31_000);
    expect(taken.length).toBe(2);
    settleOf(taken[1]);
    await clock.advance(120_000);
    expect(taken.length).toBe(2);
    expect(await waiting(demand)).toBe(0);
  });

  it("drops a job whose record an earlier controller closed", async () => {
    const { clock, demand, taken, close, waiting } = stage();
    await close("1");
    await demand.send([{ body: anEvent("1", "queued") }]);
    await clock.advance(60_000);
    expect(taken).toEqual([]);
    expect(await waiting(demand)).toBe(0);
  });

  it("hands a push on while jobs go their way, and has it come again until it is dealt with", async () => {
    const { clock, demand, taken, waiting, pushes } = stage();
    const push = { kind: "push", repository: "acme/app" } as unknown as DemandEvent;
    await demand.send([{ body: push }, { body: anEvent("1", "queued") }]);
    await clock.advance(100);
    await demand.send([{ body: anEvent("2", "queued") }]);
    await clock.advance(100);
    expect([taken.length, pushes.length]).toEqual([2, 1]);
    taken.forEach(settleOf);
    pushes[0]?.fail();
    await clock.advance(1_500);
    expect(pushes.map(({ event }) => event)).toEqual([push, push]);
    pushes[1]?.done();
    await clock.advance(120_000);
    expect([pushes.length, await waiting(demand)]).toEqual([2, 0]);
  });

  it("hands a job over with what its repository allows itself, and lets no other wait for that", async () => {
    const { clock, demand, taken, asked, waiting } = stage();
    const slow = anEvent("1", "queued", { repository: "acme/slow" });
    await demand.send([{ body: slow }, { body: anEvent("2", "queued") }]);
    await clock.advance(100);
    expect(taken).toMatchObject([{ event: { jobId: "2" } }]);
    expect(taken[0]).not.toHaveProperty("event.narrowing");
    // It cannot be found out: the job comes again, and is handed over once it can.
    asked[0]?.fail();
    await clock.advance(1_500);
    expect([taken.length, asked.length]).toEqual([1, 2]);
    asked[1]?.answer({ version: "1", maxCpu: 2 });
    await clock.advance(100);
    expect(taken[1]).toMatchObject({ event: { ...slow, narrowing: { maxCpu: 2 } } });
    taken.forEach(settleOf);
    await clock.advance(120_000);
    expect([taken.length, await waiting(demand)]).toEqual([2, 0]);
  });

  it("loses no job to an outage of half an hour", async () => {
    const { clock, demand, taken, asked, waiting } = stage();
    const body = anEvent("1", "queued", { repository: "acme/slow" });
    await demand.send([{ body }]);
    for (let passedMs = 0; taken.length === 0 && passedMs < 40 * 60_000; passedMs += 500) {
      await clock.advance(500);
      for (const { fail, answer } of asked.splice(0)) {
        if (passedMs < 30 * 60_000) fail();
        else answer(undefined);
      }
    }
    await clock.advance(100);
    expect(taken).toMatchObject([{ event: body }]);
    taken.forEach(settleOf);
    await clock.advance(120_000);
    expect(await waiting(demand)).toBe(0);
  });

  it("asks nobody about jobs that run or are over", async () => {
    const { clock, demand, taken, asked } = stage();
    const repository = "acme/slow";
    await demand.send([
      { body: anEvent("1", "in_progress", { repository }) },
      { body: anEvent("2", "completed", { repository }) },
    ]);
    await clock.advance(100);
    expect([taken.length, asked.length]).toEqual([2, 0]);
  });

  it("hands nothing over to a controller that is gone, whenever the answer comes", async () => {
    const { clock, demand, taken, asked, over, waiting } = stage();
    await demand.send([{ body: anEvent("1", "queued", { repository: "acme/slow" }) }]);
    await clock.advance(100);
    over.abort(new Error("over"));
    asked[0]?.answer(undefined);
    await clock.advance(100);
    expect(taken).toEqual([]);
    expect(await waiting(demand)).toBe(1);
  });

  it("takes no failure of the store for an answer: the message comes again", async () => {
    const { clock, demand, taken, state } = stage();
    state.storeFails = true;
    await demand.send([{ body: anEvent("1", "queued") }]);
    await clock.advance(60_000);
    expect(taken).toEqual([]);
    state.storeFails = false;
    await clock.advance(31_000);
    expect(taken.length).toBe(1);
  });

  it("holds back while much waits to be taken in", async () => {
    const { clock, demand, taken, state } = stage();
    state.backlog = 401;
    await clock.advance(20_000);
    await demand.send([{ body: anEvent("1", "queued") }]);
    await clock.advance(1_000);
    expect(taken).toEqual([]);
    state.backlog = 0;
    await clock.advance(100);
    expect(taken.length).toBe(1);
  });

  it("puts a message aside that came fifty times", async () => {
    const { clock, reports, taken } = stage();
    await reports.send([{ body: aReport("m", "ready") }]);
    for (let minute = 0; minute < 60; minute++) await clock.advance(60_000);
    expect(taken.length).toBe(50);
    expect((await reports.deadLetters()).map(({ body }) => body.machineId)).toEqual(["m"]);
  });

  it("hands a postponed report back to the queue, soon", async () => {
    const { clock, reports, taken } = stage();
    await reports.send([{ body: aReport("m", "ready") }]);
    await clock.advance(100);
    const [report] = taken;
    if (report?.kind === "report") report.postpone?.();
    await clock.advance(2_000);
    expect(taken.length).toBe(2);
  });

  it("hands back at its end what is not settled, so that the next controller need not wait", async () => {
    const { clock, demand, taken, over, pumps, waiting } = stage();
    await demand.send([{ body: anEvent("1", "queued") }, { body: anEvent("2", "queued") }]);
    await clock.advance(100);
    expect(taken.length).toBe(2);
    settleOf(taken[0]);
    await clock.advance(0);
    over.abort(new Error("over"));
    await clock.advance(1);
    await pumps;
    expect(await waiting(demand)).toBe(1);
  });

  it("ends when the leadership does", async () => {
    const { clock, over, pumps } = stage();
    await clock.advance(100);
    over.abort(new Error("over"));
    await clock.advance(0);
    await pumps;
  });
});

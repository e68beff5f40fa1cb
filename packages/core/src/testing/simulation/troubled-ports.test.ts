import { describe, expect, it } from "vitest";
import { createMemoryQueue } from "../../embedded/index.ts";
import type {
  LaunchAttempt,
  MachineProvider,
  ObservedMachine,
} from "../../ports/machine-provider.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { createEc2Buckets } from "./ec2-buckets.ts";
import type { Fault } from "./faults.ts";
import { createTrouble } from "./trouble.ts";
import { troubledPort } from "./troubled-ports.ts";
import { createAccount, troubledProvider } from "./troubled-provider.ts";
import { troubledQueue, verifiedReports } from "./troubled-queue.ts";

function world(...faults: readonly Fault[]) {
  const clock = createVirtualClock(1_790_000_000_000);
  const trouble = createTrouble(clock, 1);
  for (const fault of faults) trouble.begin(fault);
  const notes: string[] = [];
  const options = { trouble, clock, note: (what: string) => void notes.push(what) };
  return { clock, trouble, notes, options };
}

const at = { id: "f1", atMs: 0, forMs: 60_000 } as const;

function aStore() {
  const done: string[] = [];
  const answer = Promise.resolve("stored");
  return {
    done,
    answer,
    commit: (what: string) => {
      done.push(what);
      return answer;
    },
    leases: { renew: () => answer },
    async *load() {
      for (let item = 0; item < 40; item += 1) yield item;
    },
  };
}

async function drain(items: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of items) count += 1;
  return count;
}

describe("a port in trouble", () => {
  it("hands on the very promise of what it wraps while nothing is wrong: it takes no turn", async () => {
    const inner = aStore();
    const port = troubledPort("store", inner, world().options);
    expect(port.commit("a")).toBe(inner.answer);
    expect(port.leases.renew()).toBe(inner.answer);
    expect(await drain(port.load())).toBe(40);
  });

  it.each([
    { when: "before", done: [] },
    { when: "after", done: ["a"] },
  ] as const)("fails $when its effect, and says so", async ({ when, done }) => {
    const fault = { ...at, kind: "calls-fail", port: "store", when, rate: 1 } as const;
    const { options, notes } = world({ ...fault, failure: "throttled" });
    const inner = aStore();
    const port = troubledPort("store", inner, options);
    await expect(port.commit("a")).rejects.toMatchObject({ kind: "throttled" });
    expect(inner.done).toEqual(done);
    expect(notes).toEqual([`store.commit fails ${when} its effect: throttled`]);
  });

  it("fails only the call that a fault aims at, and no other port", async () => {
    const fault = { ...at, kind: "calls-fail", port: "store", when: "before", rate: 1 } as const;
    const { options } = world({ ...fault, call: "leases.renew", failure: "unknown" });
    const inner = aStore();
    expect(await troubledPort("store", inner, options).commit("a")).toBe("stored");
    await expect(troubledPort("store", inner, options).leases.renew()).rejects.toThrow();
    expect(await troubledPort("demand", inner, options).leases.renew()).toBe("stored");
  });

  it("breaks off a load after some records, loses renewals, and is slow", async () => {
    const broken = world({ ...at, kind: "loads-break", rate: 1 });
    const port = troubledPort("store", aStore(), broken.options);
    await expect(drain(port.load())).rejects.toMatchObject({ kind: "unavailable" });
    expect(broken.notes[0]).toMatch(/^store\.load breaks off after \d+$/);

    const lost = world({ ...at, kind: "renewals-lost", when: "after" });
    const renewals = troubledPort("store", aStore(), lost.options);
    await expect(renewals.leases.renew()).rejects.toMatchObject({ kind: "unavailable" });
    expect(await renewals.commit("a")).toBe("stored");

    const slow = world({ ...at, kind: "calls-slow", port: "store", delayMs: 9_000, rate: 1 });
    const startMs = slow.clock.now();
    let endMs = 0;
    void troubledPort("store", aStore(), slow.options)
      .commit("a")
      .then(() => {
        endMs = slow.clock.now();
      });
    await slow.clock.advance(10_000);
    expect(endMs - startMs).toBeGreaterThanOrEqual(500);
    expect(endMs - startMs).toBeLessThanOrEqual(9_000);
  });
});

describe("a queue in trouble", () => {
  const once = { max: 10, waitMs: 0, visibilityMs: 30_000 };

  it("delivers again what was acknowledged, and what is being worked on", async () => {
    for (const fault of [
      { ...at, kind: "acks-lost", rate: 1 },
      { ...at, kind: "queue-redelivers", rate: 1 },
    ] as const) {
      const { options, clock } = world(fault);
      const queue = troubledQueue(createMemoryQueue<string>({ clock }), options);
      await queue.send([{ body: "a" }]);
      const first = await queue.receive(once);
      if (fault.kind === "acks-lost") await queue.acknowledge(first);
      await clock.advance(30_001);
      const second = await queue.receive(once);
      expect(second.map(({ id, attempt }) => ({ id, attempt }))).toEqual([
        { id: first[0]?.id, attempt: 2 },
      ]);
    }
  });

  it("loses nothing that comes late or twice", async () => {
    const late = { ...at, kind: "queue-late", delayMs: 20_000 } as const;
    const { options, clock } = world(late, { ...at, id: "f2", kind: "queue-duplicates" });
    const queue = troubledQueue(createMemoryQueue<number>({ clock }), options);
    await queue.send(Array.from({ length: 30 }, (_, body) => ({ body })));
    await clock.advance(120_000);
    const got = await queue.receive({ max: 100, waitMs: 0, visibilityMs: 30_000 });
    expect(new Set(got.map(({ body }) => body)).size).toBe(30);
    expect(got.length).toBeGreaterThan(30);
  });

  it("knows who sent a report: the machine that it speaks of, or its forger", async () => {
    const { clock } = world();
    const queue = verifiedReports(createMemoryQueue({ clock }), new Map([["e2", "thief"]]));
    const base = { kind: "ready", machineId: "m", atMs: 0, sequence: 1 } as const;
    await queue.send([{ body: { ...base, id: "e1" } }, { body: { ...base, id: "e2" } }]);
    const senders = (await queue.receive(once)).map(({ sender }) => sender);
    expect(senders).toEqual(["m", "thief"]);
  });
});

describe("an account", () => {
  const answered: MachineProvider["start"] = async (ids) => ids.map((id) => ({ id, ok: true }));
  const inner = { name: "test", start: answered, ring: answered } as unknown as MachineProvider;

  it("grants EC2's bursts and rates, and counts what it refuses", async () => {
    const { options, clock } = world();
    const account = createAccount(options);
    const door = account.door(inner);
    for (let call = 0; call < 5; call += 1) await door.start(["a"]);
    await expect(door.start(["a"])).rejects.toMatchObject({ kind: "throttled" });
    expect(account.refusals()).toEqual({ StartInstances: 1 });
    await clock.advance(500);
    expect(await door.start(["a"])).toEqual([{ id: "a", ok: true }]);
  });

  it("counts resources as well as requests", () => {
    const { clock } = world();
    const buckets = createEc2Buckets(clock);
    expect(buckets.take("RunInstances", 1, 1_000)).toBe(true);
    expect(buckets.take("RunInstances", 1, 1)).toBe(false);
    expect(buckets.take("StartInstances", 1, 1)).toBe(true);
  });

  it("refuses without blame while a neighbour uses it up, and everything while the region is down", async () => {
    const drained = world({ ...at, kind: "buckets-drained", action: "StartInstances" });
    const account = createAccount(drained.options);
    await expect(account.door(inner).start(["a"])).rejects.toMatchObject({ kind: "throttled" });
    expect(account.refusals()).toEqual({});
    const down = createAccount(world({ ...at, kind: "region-down" }).options).door(inner);
    await expect(down.ring(["a"], "n")).rejects.toMatchObject({ kind: "unavailable" });
  });

  it("calls superseded what was bought before an image was published, until that is taken back", async () => {
    const { options } = world();
    const fault = { ...at, kind: "image-published" } as const;
    let machines = ["old"];
    const shown = (id: string) => ({ id }) as unknown as ObservedMachine;
    const listed: MachineProvider["list"] = async () => machines.map(shown);
    const launch: MachineProvider["launch"] = async () => ({
      machines: [shown("new")],
      failures: [],
    });
    const door = createAccount(options).door({ ...inner, list: listed, launch });
    const superseded = async () => {
      const found = await door.list({ environment: "ci", region: "r" });
      return found.filter(({ isSuperseded }) => isSuperseded).map(({ id }) => id);
    };
    expect(await superseded()).toEqual([]);
    options.trouble.begin(fault);
    await door.launch({ count: 1 } as LaunchAttempt);
    machines = ["old", "new", "unseen"];
    expect(await superseded()).toEqual(["old"]);
    options.trouble.end(fault);
    expect(await superseded()).toEqual([]);
  });

  it("answers well for a tag change that never reaches its machine", async () => {
    const { options, notes } = world({ ...at, kind: "rings-lost", loss: 1, delayMs: 1 });
    let rung = 0;
    const counted = {
      ...inner,
      ring: async () => {
        rung += 1;
        return [];
      },
    } as MachineProvider;
    const outcomes = await troubledProvider(counted, options).ring(["a"], "n");
    expect(outcomes).toEqual([{ id: "a", ok: true }]);
    expect(rung).toBe(0);
    expect(notes).toEqual(["a never sees its tag"]);
  });
});

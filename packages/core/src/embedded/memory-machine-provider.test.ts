import { describe, expect, it } from "vitest";
import type { LaunchAttempt } from "../ports/machine-provider.ts";
import { createVirtualClock } from "../testing/virtual-clock.ts";
import type { MachineNews } from "./memory-machine-options.ts";
import { createMemoryMachineProvider } from "./memory-machine-provider.ts";

const startMs = 1_790_000_000_000;
const region = "us-east-1";
const filter = { environment: "ci", region };

function attempt(name: string, parts: Partial<LaunchAttempt> = {}): LaunchAttempt {
  return {
    id: name,
    token: `token-${name}`,
    shard: "ci/us-east-1",
    environment: "ci",
    region,
    count: 1,
    shape: { os: "linux", cpu: { min: 2, max: 2 } },
    markets: ["on-demand"],
    specHash: "spec",
    deadlineMs: startMs + 3_600_000,
    ...parts,
  };
}

describe("the memory machine provider", () => {
  it("takes a machine through its states in time", async () => {
    const clock = createVirtualClock(startMs);
    const provider = createMemoryMachineProvider({ clock, region, bootMs: 90, stopMs: 40 });
    const { machines } = await provider.launch(attempt("a"));
    const ids = machines.map(({ id }) => id);
    const state = async () => (await provider.list(filter)).map((machine) => machine.state);
    expect(await state()).toEqual(["pending"]);
    await clock.advance(89);
    expect(await provider.stop(ids)).toMatchObject([{ ok: false, failure: "conflict" }]);
    await clock.advance(1);
    expect(await state()).toEqual(["running"]);
    await provider.stop(ids);
    expect(await state()).toEqual(["stopping"]);
    expect(await provider.start(ids)).toMatchObject([{ ok: false, failure: "conflict" }]);
    expect(await provider.ring(ids, "n")).toMatchObject([{ ok: false, failure: "conflict" }]);
    await clock.advance(40);
    expect(await state()).toEqual(["stopped"]);
    await provider.start(ids);
    expect(await state()).toEqual(["pending"]);
    await provider.terminate(ids);
    expect(await state()).toEqual(["shutting-down"]);
    await clock.advance(40);
    expect(await state()).toEqual(["terminated"]);
    await clock.advance(60_000);
    expect(await state()).toEqual([]);
  });

  it("buys in the first market that has room", async () => {
    const provider = createMemoryMachineProvider({
      region,
      refuse: (call) => (call.kind === "launch" && call.market === "spot" ? "capacity" : undefined),
    });
    const both = await provider.launch(attempt("a", { markets: ["spot", "on-demand"] }));
    expect(both.machines.map(({ market }) => market)).toEqual(["on-demand"]);
    expect(both.failures).toEqual([]);
    const spot = await provider.launch(attempt("b", { markets: ["spot"], zone: "us-east-1a" }));
    expect(spot.machines).toEqual([]);
    expect(spot.failures).toEqual([
      {
        kind: "capacity",
        offering: "us-east-1a:spot",
        message: "capacity in us-east-1a:spot",
      },
    ]);
  });

  it("counts stopped machines as no use of capacity, and refuses a start without room", async () => {
    const clock = createVirtualClock(startMs);
    const provider = createMemoryMachineProvider({ clock, region, capacity: 1, stopMs: 40 });
    const first = await provider.launch(attempt("a"));
    const ids = first.machines.map(({ id }) => id);
    await provider.stop(ids);
    expect((await provider.launch(attempt("b"))).failures).toMatchObject([{ kind: "capacity" }]);
    await clock.advance(40);
    expect((await provider.launch(attempt("c"))).machines.length).toBe(1);
    expect(await provider.start(ids)).toMatchObject([{ ok: false, failure: "capacity" }]);
  });

  it("fails a call as told, without an effect", async () => {
    let isDown = true;
    const provider = createMemoryMachineProvider({
      region,
      refuse: (call) => (isDown && call.kind !== "launch" ? "unavailable" : undefined),
    });
    const { machines } = await provider.launch(attempt("a"));
    const ids = machines.map(({ id }) => id);
    expect(await provider.terminate(ids)).toMatchObject([{ ok: false, failure: "unavailable" }]);
    await expect(provider.list(filter)).rejects.toMatchObject({ kind: "unavailable" });
    isDown = false;
    expect((await provider.list(filter)).map(({ state }) => state)).toEqual(["running"]);
  });

  it("tells what happens to machines, and remembers rings", async () => {
    const clock = createVirtualClock(startMs);
    const news: MachineNews[] = [];
    const provider = createMemoryMachineProvider({
      clock,
      region,
      bootMs: 90,
      onNews: (item) => news.push(item),
    });
    const bought = attempt("a");
    const { machines } = await provider.launch(bought);
    await provider.launch(bought);
    const [id = ""] = machines.map((machine) => machine.id);
    await clock.advance(90);
    await provider.ring([id], "nonce-1");
    await provider.stop([id]);
    await provider.start([id]);
    await provider.terminate([id]);
    expect(news).toEqual([
      { kind: "booting", id, attempt: bought, readyAtMs: startMs + 90 },
      { kind: "rung", id, nonce: "nonce-1" },
      { kind: "stopping", id },
      { kind: "booting", id, attempt: bought, readyAtMs: startMs + 180 },
      { kind: "ending", id },
    ]);
    expect(provider.rings()).toEqual([{ id, nonce: "nonce-1", atMs: startMs + 90 }]);
  });

  it("takes the order of fields for no difference, and their values for one", async () => {
    const provider = createMemoryMachineProvider({ region });
    const original = attempt("a", { tags: { team: "x", cost: "y" } });
    const reordered = Object.fromEntries(Object.entries(original).reverse()) as typeof original;
    const first = await provider.launch(original);
    const again = await provider.launch({ ...reordered, tags: { cost: "y", team: "x" } });
    expect(again).toEqual(first);
    const other = provider.launch({ ...original, tags: { team: "x", cost: "z" } });
    await expect(other).rejects.toMatchObject({ kind: "config" });
  });

  it("refuses bad options and attempts", async () => {
    expect(() => createMemoryMachineProvider({ region: "" })).toThrow(RangeError);
    expect(() => createMemoryMachineProvider({ region, bootMs: -1 })).toThrow(RangeError);
    const provider = createMemoryMachineProvider({ region });
    for (const parts of [{ count: 1.5 }, { token: "" }, { token: "ü" }, { markets: [] }]) {
      await expect(provider.launch(attempt("a", parts))).rejects.toMatchObject({ kind: "config" });
    }
  });
});

import { describe, expect, it } from "vitest";
import type { MachineNews } from "../../embedded/memory-machine-options.ts";
import type { LaunchAttempt } from "../../ports/machine-provider.ts";
import { createSeededEntropy } from "../seeded-entropy.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { createEc2Host, type Ec2HostOptions } from "./ec2-host.ts";

const startMs = 1_790_000_000_000;
const filter = { environment: "ci", region: "us-east-1" };

function attempt(name: string, parts: Partial<LaunchAttempt> = {}): LaunchAttempt {
  return {
    id: name,
    token: `token-${name}`,
    shard: "ci/us-east-1",
    environment: "ci",
    region: "us-east-1",
    count: 1,
    shape: { os: "linux", cpu: { min: 2, max: 2 } },
    markets: ["on-demand"],
    specHash: "spec",
    deadlineMs: startMs + 3_600_000,
    ...parts,
  };
}

function setUp(options: Partial<Ec2HostOptions> = {}) {
  const clock = createVirtualClock(startMs);
  const news: MachineNews[] = [];
  const entropy = createSeededEntropy(5);
  const host = createEc2Host({ clock, entropy, onNews: (item) => news.push(item), ...options });
  return { clock, news, ...host };
}

describe("a host of simulated EC2 machines", () => {
  it("tells what begins on its machines, as the memory provider does", async () => {
    const { clock, news, provider } = setUp();
    const bought = attempt("a");
    const { machines } = await provider.launch(bought);
    const ids = machines.map(({ id }) => id);
    await clock.advance(60_000);
    await provider.ring(ids, "nonce");
    await provider.stop(ids);
    await clock.advance(120_000);
    await provider.start(ids);
    await clock.advance(60_000);
    await provider.terminate(ids);
    expect(news.map((item) => [item.kind, item.id])).toEqual(
      ["booting", "rung", "stopping", "booting", "ending"].map((kind) => [kind, ids[0]]),
    );
    expect(news[0]).toMatchObject({ attempt: bought });
  });

  it("lets a machine hang while EC2 calls it running", async () => {
    const fates = { failsToLaunch: 0, neverBoots: 0, hangs: 1 };
    const { clock, news, provider } = setUp({ conditions: { fates } });
    await provider.launch(attempt("a"));
    await clock.advance(3_600_000);
    expect(news.map(({ kind }) => kind)).toEqual(["booting", "stopping"]);
    expect((await provider.list(filter)).map(({ state }) => state)).toEqual(["running"]);
  });

  it("tells judges what is so while its callers read stale pages", async () => {
    const { ec2, provider, truth } = setUp();
    await provider.launch(attempt("a", { count: 3 }));
    await provider.launch(attempt("b", { environment: "staging" }));
    const reads = { omitChance: 1, youngMs: 300_000, lagChance: 0, lagMs: 0, untaggedChance: 0 };
    ec2.change({ reads });
    const calls = () => ec2.usage()["DescribeInstances"]?.calls ?? 0;
    expect(await provider.list(filter)).toEqual([]);
    const before = calls();
    expect((await truth.list(filter)).length).toBe(3);
    expect((await truth.list({ ...filter, attemptId: "other" })).length).toBe(0);
    expect(calls()).toBe(before);
  });

  it("buys what spot lacks on demand, each once", async () => {
    const { ec2, provider, truth } = setUp({ zones: ["us-east-1a"] });
    ec2.setCapacity({ market: "spot" }, 0);
    ec2.setCapacity({ market: "spot", type: "c7g.large" }, 2);
    const both = attempt("a", { count: 5, markets: ["spot", "on-demand"] });
    const first = await provider.launch(both);
    expect(first.failures).toEqual([]);
    expect(first.machines.map(({ market }) => market)).toEqual([
      "spot",
      "spot",
      "on-demand",
      "on-demand",
      "on-demand",
    ]);
    const again = await provider.launch(both);
    expect(again.machines.length).toBe(5);
    expect((await truth.list(filter)).length).toBe(5);
  });

  it("never buys more than asked when a repeated launch can see nothing of the first", async () => {
    const { ec2, provider, truth } = setUp();
    ec2.setCapacity({ market: "spot" }, 0);
    ec2.setCapacity({ market: "spot", type: "c7g.large", zone: "us-east-1a" }, 2);
    const reads = { omitChance: 1, youngMs: 300_000, lagChance: 0, lagMs: 0, untaggedChance: 0 };
    ec2.change({ reads });
    const both = attempt("a", { count: 5, markets: ["spot", "on-demand"] });
    const answers = await Promise.all([both, both, both].map((own) => provider.launch(own)));
    expect(answers.map(({ machines }) => machines.length)).toEqual([5, 0, 0]);
    expect((await truth.list(filter)).length).toBe(5);
  });

  for (const buy of ["fleet", "instances"] as const) {
    it(`plays a lack of room for some of a launch, and tells a repeated one what it bought, by ${buy}`, async () => {
      let room = 2;
      const { provider, truth } = setUp({
        buy,
        refuse: (call) => {
          if (call.kind !== "launch") return undefined;
          room -= 1;
          return room < 0 ? "quota" : undefined;
        },
      });
      const first = await provider.launch(attempt("a", { count: 5 }));
      expect(first.machines.length).toBe(2);
      expect(new Set(first.failures.map(({ kind }) => kind))).toEqual(
        new Set([buy === "fleet" ? "quota" : "capacity"]),
      );
      const again = await provider.launch(attempt("a", { count: 5 }));
      expect(again.machines.map(({ id }) => id)).toEqual(first.machines.map(({ id }) => id));
      expect((await truth.list(filter)).length).toBe(2);
    });
  }

  it("buys nothing behind a refusal by instances, and passes the market over in the next attempt", async () => {
    const { clock, ec2, provider, truth } = setUp({ buy: "instances" });
    ec2.setCapacity({ market: "spot" }, 0);
    const markets = ["spot", "on-demand"] as const;
    const first = attempt("a", { count: 2, markets });
    const refused = await provider.launch(first);
    expect([refused.machines, refused.failures.map(({ kind }) => kind)]).toEqual([
      [],
      ["capacity"],
    ]);
    // There is room again, and somebody repeats the first attempt: it buys its count, not twice.
    ec2.setCapacity({ market: "spot" }, 10);
    const next = await provider.launch(attempt("b", { count: 2, markets }));
    expect(next.machines.map(({ market }) => market)).toEqual(["on-demand", "on-demand"]);
    await clock.advance(180_000);
    expect((await provider.launch(first)).machines.map(({ market }) => market)).toEqual([
      "spot",
      "spot",
    ]);
    expect((await truth.list(filter)).filter(({ attemptId }) => attemptId === "a")).toHaveLength(2);
  });

  it("refuses a launch that is wrong, and nothing else, before EC2 hears of it", async () => {
    const { ec2, provider } = setUp({
      refuse: (call) => (call.kind === "launch" ? "config" : undefined),
    });
    const { machines, failures } = await provider.launch(attempt("a"));
    expect([machines, failures.map(({ kind }) => kind)]).toEqual([[], ["config"]]);
    expect(ec2.usage()).toEqual({});
  });

  it("passes on notices of interruption", async () => {
    const told: [string, number][] = [];
    const { ec2, provider } = setUp({ onInterruption: (id, atMs) => told.push([id, atMs]) });
    const { machines } = await provider.launch(attempt("a", { markets: ["spot"] }));
    const ids = machines.map(({ id }) => id);
    ec2.interrupt(ids);
    expect(told).toEqual([[ids[0], startMs + 120_000]]);
  });

  it("needs few calls for a large batch with a few bad ids", async () => {
    const { clock, ec2, provider } = setUp();
    const { machines } = await provider.launch(attempt("a", { count: 95 }));
    await clock.advance(120_000);
    const ids = machines.map(({ id }) => id);
    const bad = ["i-0fedcba9876543210", "i-0fedcba9876543211"];
    const outcomes = await provider.stop([...bad, ...ids]);
    expect(outcomes.filter(({ ok }) => !ok).map(({ id }) => id)).toEqual(bad);
    expect(ec2.usage()["StopInstances"]?.calls).toBe(2);
  });

  it("says `throttled` of every id when the bucket is empty, and calls no more", async () => {
    const { clock, ec2, provider } = setUp({
      limits: { StopInstances: { request: { burst: 1, perSecond: 0 } } },
    });
    const { machines } = await provider.launch(attempt("a", { count: 3 }));
    await clock.advance(120_000);
    const ids = machines.map(({ id }) => id);
    await provider.stop(ids.slice(0, 1));
    expect((await provider.stop(ids)).map(({ failure }) => failure)).toEqual([
      "throttled",
      "throttled",
      "throttled",
    ]);
    expect(ec2.usage()["StopInstances"]?.calls).toBe(2);
  });

  it("lists more machines than fit on a page", async () => {
    const { provider } = setUp({
      types: [{ name: "c7g.large", vcpus: 2, memoryGib: 4, arch: "arm64", usdPerHour: 0.07 }],
    });
    await provider.launch(attempt("a", { count: 2_300 }));
    expect(new Set((await provider.list(filter)).map(({ id }) => id)).size).toBe(2_300);
  });

  it("refuses a shape that no type fits", async () => {
    const { provider } = setUp();
    const shape = { os: "linux", cpu: { min: 3, max: 3 } } as const;
    await expect(provider.launch(attempt("a", { shape }))).rejects.toMatchObject({
      kind: "config",
    });
  });
});

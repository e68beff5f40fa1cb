import { createVirtualClock } from "@runs-fleet/core/testing";
import { describe, expect, it } from "vitest";
import { attemptFor } from "./attempts.ts";
import { breakCalls } from "./spoiled-client.ts";
import { openStrict, type StrictStage } from "./strict-stage.ts";

const minutes = 60_000;

/** A region whose machines run after half a minute; `count` of them do. */
async function openRunning(count: number, options: Parameters<typeof openStrict>[1] = {}) {
  const clock = createVirtualClock(1_790_000_000_000);
  const stage = await openStrict(clock, options);
  const { machines } = await stage.provider.launch(
    attemptFor("a", { count, markets: ["on-demand"] }),
  );
  await clock.advance(2 * minutes);
  return { clock, stage, ids: machines.map(({ id }) => id) };
}

function calls({ ec2 }: StrictStage, operation: string): number {
  return ec2.usage()[operation]?.calls ?? 0;
}

const all = (ids: readonly string[], failure?: string) =>
  ids.map((id) => (failure === undefined ? { id, ok: true } : { id, ok: false, failure }));

describe("steering machines of EC2", () => {
  it("takes one call for a hundred, and a ring two", async () => {
    const { clock, stage, ids } = await openRunning(100);
    await using _ = stage;
    expect(await stage.provider.ring(ids, "n-1")).toEqual(all(ids));
    expect([calls(stage, "CreateTags"), calls(stage, "DescribeInstances")]).toEqual([1, 1]);
    expect(ids.map((id) => stage.ec2.tagOf(id, "runs-fleet:ring"))).toEqual(ids.map(() => "n-1"));
    expect(await stage.provider.stop(ids)).toEqual(all(ids));
    await clock.advance(5 * minutes);
    expect(await stage.provider.start(ids)).toEqual(all(ids));
    expect(await stage.provider.terminate(ids)).toEqual(all(ids));
    expect(
      ["StopInstances", "StartInstances", "TerminateInstances"].map((name) => calls(stage, name)),
    ).toEqual([1, 1, 1]);
    expect(calls(stage, "DescribeInstances")).toBe(1);
  });

  it("tells a machine that is on its way from one that has ended", async () => {
    const { clock, stage, ids } = await openRunning(3);
    await using _ = stage;
    const [stopping = "", ending = "", running = ""] = ids;
    await stage.provider.stop([stopping]);
    await stage.provider.terminate([ending]);
    expect(await stage.provider.start([stopping, ending, running])).toEqual([
      ...all([stopping], "conflict"),
      ...all([ending], "not-found"),
      ...all([running]),
    ]);
    const { machines } = await stage.provider.launch(attemptFor("b", { markets: ["on-demand"] }));
    const booting = machines.map(({ id }) => id);
    expect(await stage.provider.stop(booting)).toEqual(all(booting, "conflict"));
    await clock.advance(5 * minutes);
    expect(await stage.provider.start([stopping])).toEqual(all([stopping]));
  });

  it("leaves it a conflict when nobody says what has become of the machine", async () => {
    const { stage, ids } = await openRunning(1, {
      alter: (client) =>
        breakCalls(client, (operation) =>
          operation === "DescribeInstances" ? "before" : undefined,
        ),
    });
    await using _ = stage;
    await stage.provider.terminate(ids);
    expect(await stage.provider.start(ids)).toEqual(all(ids, "conflict"));
    expect(await stage.provider.ring(ids, "n-1")).toEqual(all(ids));
  });

  it("does not ring one that is off", async () => {
    const { clock, stage, ids } = await openRunning(2);
    await using _ = stage;
    const [off = "", on = ""] = ids;
    await stage.provider.stop([off]);
    await clock.advance(5 * minutes);
    expect(await stage.provider.ring([off, on, "i-0123456789abcdef0"], "n-1")).toEqual([
      ...all([off], "conflict"),
      ...all([on]),
      ...all(["i-0123456789abcdef0"], "not-found"),
    ]);
  });

  it("starts as many as there is room for, but for a quarter", async () => {
    const { clock, stage, ids } = await openRunning(20, {
      region: {
        isSold: ({ type, zone }) => type.name === "c7g.large" && zone === "us-east-1a",
        limits: false,
      },
    });
    await using _ = stage;
    await stage.provider.stop(ids);
    await clock.advance(5 * minutes);
    stage.ec2.setCapacity({}, 7);
    const outcomes = await stage.provider.start(ids);
    const started = outcomes.filter(({ ok }) => ok).length;
    expect(started).toBeGreaterThanOrEqual(5);
    expect(outcomes.filter(({ failure }) => failure === "capacity")).toHaveLength(20 - started);
    expect(stage.ec2.instances().filter(({ State }) => State.Name === "pending")).toHaveLength(
      started,
    );
  });

  it("starts what has room, of a batch in which another type has none", async () => {
    const { clock, stage, ids } = await openRunning(8);
    await using _ = stage;
    const { machines } = await stage.provider.launch(
      attemptFor("m", {
        count: 8,
        markets: ["on-demand"],
        shape: { os: "linux", cpu: { min: 2, max: 2 }, families: ["m7i"] },
      }),
    );
    await clock.advance(2 * minutes);
    const others = machines.map(({ id }) => id);
    await stage.provider.stop([...ids, ...others]);
    await clock.advance(5 * minutes);
    // Five starts at once, as every account may make, are too few to look for the last one that has room.
    stage.ec2.setCapacity({ type: "m7i.large" }, 0);
    expect(await stage.provider.start([...others, ...ids])).toEqual([
      ...all(others, "capacity"),
      ...all(ids),
    ]);
  });

  it("says which id is no id", async () => {
    const { stage, ids } = await openRunning(1);
    await using _ = stage;
    expect(await stage.provider.stop(["machine-1", ...ids])).toEqual([
      ...all(["machine-1"], "config"),
      ...all(ids),
    ]);
  });

  it("says that a whole batch was too fast, and calls no more", async () => {
    const { stage, ids } = await openRunning(3, {
      region: { limits: { StartInstances: { request: { burst: 1, perSecond: 1 } } } },
    });
    await using _ = stage;
    await stage.provider.start(ids);
    expect(await stage.provider.start(ids)).toEqual(all(ids, "throttled"));
    expect(calls(stage, "StartInstances")).toBe(2);
  });
});

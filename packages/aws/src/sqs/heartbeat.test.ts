import { FleetError, type MessageQueue } from "@runs-fleet/core";
import { createMemoryQueue } from "@runs-fleet/core/embedded";
import { createVirtualClock } from "@runs-fleet/core/testing";
import { describe, expect, it } from "vitest";
import { withHeartbeat } from "./heartbeat.ts";

const now = { max: 10, waitMs: 0, visibilityMs: 30_000 };

/** A queue with a heartbeat, the same queue as somebody else sees it, and what is extended. */
function stage(options: { longestHoldMs?: number; fails?: (call: number) => boolean } = {}) {
  const { longestHoldMs, fails = () => false } = options;
  const clock = createVirtualClock(0);
  const other = createMemoryQueue<string>({ clock });
  const extended: (readonly [atMs: number, bodies: string])[] = [];
  const counted: MessageQueue<string> = {
    ...other,
    async extend(deliveries, visibilityMs, callOptions) {
      extended.push([clock.now(), deliveries.map(({ body }) => body).join("")]);
      if (fails(extended.length)) throw new FleetError({ kind: "unavailable", message: "no" });
      await other.extend(deliveries, visibilityMs, callOptions);
    },
  };
  const held = withHeartbeat(counted, {
    clock,
    ...(longestHoldMs === undefined ? {} : { longestHoldMs }),
  });
  const send = (...bodies: string[]) => other.send(bodies.map((body) => ({ body })));
  const bodiesLeft = async () => (await other.receive(now)).map(({ body }) => body);
  return { clock, other, held, extended, send, bodiesLeft };
}

describe("a queue with a heartbeat", () => {
  it("hides what somebody works on, for as long as that takes", async () => {
    const { clock, held, extended, send, bodiesLeft } = stage();
    await send("a");
    const received = await held.receive(now);
    await clock.advance(95_000);
    expect(extended.map(([atMs]) => atMs)).toEqual([
      15_000, 30_000, 45_000, 60_000, 75_000, 90_000,
    ]);
    expect(await bodiesLeft()).toEqual([]);
    await held.acknowledge(received);
    await clock.advance(600_000);
    expect(await bodiesLeft()).toEqual([]);
    expect(extended.length).toBe(6);
  });

  it("says of the order of its messages what the queue says", () => {
    const { other, held } = stage();
    expect(held.isOrdered).toBeUndefined();
    for (const isOrdered of [true, false]) {
      expect(withHeartbeat({ ...other, isOrdered }).isOrdered).toBe(isOrdered);
    }
  });

  it("extends what was received together in one call", async () => {
    const { clock, held, extended, send } = stage();
    await send("a", "b", "c");
    await held.receive(now);
    await clock.advance(15_000);
    expect(extended).toEqual([[15_000, "abc"]]);
  });

  it("wakes up early for messages that are hidden for less", async () => {
    const { clock, held, extended, send } = stage();
    await send("a");
    await held.receive({ ...now, visibilityMs: 120_000 });
    await clock.advance(1_000);
    await send("b");
    await held.receive({ ...now, visibilityMs: 2_000 });
    await clock.advance(1_000);
    expect(extended).toEqual([[2_000, "b"]]);
  });

  it("begins again after it had nothing to hold", async () => {
    const { clock, held, extended, send } = stage();
    for (const body of ["a", "b"]) {
      await send(body);
      const received = await held.receive(now);
      await clock.advance(20_000);
      await held.acknowledge(received);
      await clock.advance(60_000);
    }
    expect(extended.map(([, bodies]) => bodies)).toEqual(["a", "b"]);
  });

  it("leaves the time to a receiver who says it himself", async () => {
    const { clock, held, extended, send, bodiesLeft } = stage();
    await send("a", "b");
    const received = await held.receive(now);
    const [a] = received.filter(({ body }) => body === "a");
    await held.extend(a === undefined ? [] : [a], 1_000);
    await clock.advance(1_000);
    expect(await bodiesLeft()).toEqual(["a"]);
    await clock.advance(14_000);
    expect(extended.map(([, bodies]) => bodies)).toEqual(["a", "b"]);
  });

  it("lets no extension of its own arrive after the receiver's", async () => {
    const clock = createVirtualClock(0);
    const other = createMemoryQueue<string>({ clock });
    const slow: MessageQueue<string> = {
      ...other,
      async extend(deliveries, visibilityMs, callOptions) {
        if (visibilityMs > 0) await clock.sleep(5_000);
        await other.extend(deliveries, visibilityMs, callOptions);
      },
    };
    const held = withHeartbeat(slow, { clock });
    await other.send([{ body: "a" }]);
    const received = await held.receive(now);
    await clock.advance(15_000);
    const handing = held.extend(received, 0);
    await clock.advance(5_000);
    await handing;
    expect((await other.receive(now)).map(({ body }) => body)).toEqual(["a"]);
  });

  it("holds nothing that is a dead letter", async () => {
    const { clock, held, extended, send } = stage();
    await send("a");
    for (const delivery of await held.receive(now)) {
      await held.deadLetter(delivery, { code: "config", message: "no" });
    }
    await clock.advance(60_000);
    expect(extended).toEqual([]);
  });

  it("tries again when an extension fails, while there is time", async () => {
    const { clock, held, extended, send, bodiesLeft } = stage({ fails: (call) => call <= 2 });
    await send("a");
    await held.receive(now);
    await clock.advance(29_000);
    expect(extended.map(([atMs]) => atMs)).toEqual([15_000, 18_750, 22_500]);
    await clock.advance(10_000);
    expect(await bodiesLeft()).toEqual([]);
  });

  it("gives up a message that it could not extend in time", async () => {
    const { clock, held, extended, send, bodiesLeft } = stage({ fails: () => true });
    await send("a");
    await held.receive(now);
    await clock.advance(30_000);
    expect(await bodiesLeft()).toEqual(["a"]);
    await clock.advance(60_000);
    expect(extended.length).toBe(4);
  });

  it("lets go of a message that was forgotten", async () => {
    const { clock, held, send, bodiesLeft } = stage({ longestHoldMs: 100_000 });
    await send("a");
    await held.receive(now);
    await clock.advance(119_000);
    expect(await bodiesLeft()).toEqual([]);
    await clock.advance(2_000);
    expect(await bodiesLeft()).toEqual(["a"]);
  });

  it("holds a message that came again under its new receipt", async () => {
    const { clock, other, held, extended, send } = stage({ longestHoldMs: 20_000 });
    await send("a");
    const first = await held.receive(now);
    await clock.advance(45_000);
    const [second] = await held.receive({ ...now, visibilityMs: 20_000 });
    expect(second?.attempt).toBe(2);
    // The receipt of the first receive ends nothing.
    await held.acknowledge(first);
    await clock.advance(15_000);
    expect(extended.at(-1)).toEqual([55_000, "a"]);
    expect(await other.receive(now)).toEqual([]);
  });

  it("stops when it is disposed of", async () => {
    const { clock, held, extended, send, bodiesLeft } = stage();
    await send("a");
    await held.receive(now);
    await held[Symbol.asyncDispose]();
    await clock.advance(30_000);
    expect(extended).toEqual([]);
    expect(await bodiesLeft()).toEqual(["a"]);
  });

  it("refuses to hold for less than a second", () => {
    const { other } = stage();
    expect(() => withHeartbeat(other, { longestHoldMs: 999 })).toThrow(RangeError);
  });
});

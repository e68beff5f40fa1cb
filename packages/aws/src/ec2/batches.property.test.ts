import { type FailureKind, FleetError } from "@runs-fleet/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eachOf } from "./batches.ts";

const ids = fc.uniqueArray(fc.nat().map(String), { maxLength: 250 });
const kinds: readonly FailureKind[] = ["not-found", "conflict", "config"];

/** EC2's way: all of a batch, or none when one of them is bad. */
function service(bad: ReadonlyMap<string, FailureKind>) {
  const done: string[] = [];
  const batches: (readonly string[])[] = [];
  const call = async (batch: readonly string[]): Promise<void> => {
    batches.push(batch);
    const culprit = batch.find((id) => bad.has(id));
    const kind = bad.get(culprit ?? "");
    if (kind !== undefined) throw new FleetError({ kind, message: "one is bad" });
    done.push(...batch);
  };
  return { call, done, batches };
}

const marked = fc.tuple(ids, fc.infiniteStream(fc.nat({ max: 20 }))).map(([all, dice]) => {
  const bad = new Map<string, FailureKind>();
  for (const id of all) {
    const kind = kinds[dice.next().value];
    if (kind !== undefined) bad.set(id, kind);
  }
  return { all, bad };
});

describe("eachOf", () => {
  it("does all that can be done, once, and blames those alone that are to blame", async () => {
    await fc.assert(
      fc.asyncProperty(marked, async ({ all, bad }) => {
        const { call, done, batches } = service(bad);
        const outcomes = await eachOf(all, call);
        expect(outcomes).toEqual(
          all.map((id) =>
            bad.has(id) ? { id, ok: false, failure: bad.get(id) } : { id, ok: true },
          ),
        );
        expect([...done].sort()).toEqual(all.filter((id) => !bad.has(id)).sort());
        for (const batch of batches) expect(batch.length).toBeLessThanOrEqual(100);
      }),
    );
  });

  it("calls once for a hundred that are good, and a few times for one that is bad", async () => {
    const all = Array.from({ length: 100 }, (_, index) => `i-${index}`);
    const good = service(new Map());
    await eachOf(all, good.call);
    expect(good.batches).toHaveLength(1);
    for (const id of all) {
      const one = service(new Map([[id, "not-found"]]));
      await eachOf(all, one.call);
      expect(one.batches.length).toBeLessThanOrEqual(15);
    }
  });

  it("answers an id that came twice twice, and calls once", async () => {
    const { call, batches } = service(new Map([["b", "not-found"]]));
    const bad = { id: "b", ok: false, failure: "not-found" };
    expect(await eachOf(["a", "b", "a", "b"], call)).toEqual([
      { id: "a", ok: true },
      bad,
      { id: "a", ok: true },
      bad,
    ]);
    expect(batches).toEqual([["a", "b"], ["a"], ["b"]]);
  });

  it.each(["throttled", "unavailable", "auth"] as const)(
    "does not call more often because a call was %s",
    async (kind) => {
      let calls = 0;
      const all = Array.from({ length: 150 }, (_, index) => `i-${index}`);
      const outcomes = await eachOf(all, async () => {
        calls += 1;
        throw new FleetError({ kind, message: "the whole call" });
      });
      expect(calls).toBe(2);
      expect(outcomes.every(({ failure }) => failure === kind)).toBe(true);
    },
  );

  it("starts as many as there is room for, but for a quarter, in few calls: every size, every room", async () => {
    for (let count = 1; count <= 100; count += 1) {
      const all = Array.from({ length: count }, (_, index) => `i-${index}`);
      for (let room = 0; room <= count; room += 1) {
        let [left, calls] = [room, 0];
        const outcomes = await eachOf(all, async (batch) => {
          calls += 1;
          if (batch.length > left) throw new FleetError({ kind: "capacity", message: "no room" });
          left -= batch.length;
        });
        const started = outcomes.filter(({ ok }) => ok).length;
        const isGood =
          started === room - left &&
          started >= room - Math.ceil(count / 4) &&
          outcomes.every(({ ok, failure }) => ok || failure === "capacity") &&
          calls <= (room === 0 ? 3 : 15);
        if (!isGood) expect({ count, room, started, calls, outcomes }).toBe("good");
      }
    }
  });

  it("starts all of one type though there is no room for another", async () => {
    const scarceOnes = Array.from({ length: 60 }, (_, index) => `c7g-${index}`);
    const others = Array.from({ length: 40 }, (_, index) => `m7g-${index}`);
    const mixed = scarceOnes.flatMap((id, index) => [id, ...others.slice(index, index + 1)]);
    let calls = 0;
    const outcomes = await eachOf(
      mixed,
      async (batch) => {
        calls += 1;
        if (batch.some((id) => id.startsWith("c7g"))) {
          throw new FleetError({ kind: "capacity", message: "no room" });
        }
      },
      async (batch) => ["c7g", "m7g"].map((type) => batch.filter((id) => id.startsWith(type))),
    );
    expect(outcomes).toEqual(
      mixed.map((id) =>
        id.startsWith("m7g") ? { id, ok: true } : { id, ok: false, failure: "capacity" },
      ),
    );
    expect(calls).toBeLessThanOrEqual(10);
  });

  it("lets a cancelled call and a bug through", async () => {
    const reason = new Error("no longer wanted");
    await expect(eachOf(["a", "b"], () => Promise.reject(reason))).rejects.toBe(reason);
  });
});

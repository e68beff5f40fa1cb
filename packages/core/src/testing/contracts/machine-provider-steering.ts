import type { Outcome } from "../../ports/machine-provider.ts";
import type { MachineProviderSuite } from "./machine-provider-suite.ts";
import { abortedSignal, failureOf } from "./stage.ts";

/** An id that no provider has given out, in the form that providers give out. */
const unknownId = "i-0123456789abcdef0";

function fine(...ids: readonly string[]): readonly Outcome[] {
  return ids.map((id) => ({ id, ok: true }));
}

function notFound(...ids: readonly string[]): readonly Outcome[] {
  return ids.map((id) => ({ id, ok: false, failure: "not-found" }));
}

/** Start, stop, terminate and ring: one outcome per id, and one bad id spoils no other. */
export function describeSteering({ api, check, traits }: MachineProviderSuite): void {
  const { expect } = api;

  check("stops a machine and starts it again", async (provider, world) => {
    const { machines } = await world.running(provider, world.attempt("a"));
    const ids = machines.map(({ id }) => id);
    expect(await provider.stop(ids)).toEqual(fine(...ids));
    expect(await world.become(provider, ids, "stopped")).toBe(true);
    expect(await provider.start(ids)).toEqual(fine(...ids));
    expect(await world.become(provider, ids, "running")).toBe(true);
    expect((await world.list(provider)).map(({ attemptId }) => attemptId)).toEqual(["attempt-a"]);
  });

  check("finds nothing wrong in stopping and starting twice", async (provider, world) => {
    const { machines } = await world.running(provider, world.attempt("a"));
    const ids = machines.map(({ id }) => id);
    expect(await provider.start(ids)).toEqual(fine(...ids));
    await provider.stop(ids);
    expect(await world.become(provider, ids, "stopped")).toBe(true);
    expect(await provider.stop(ids)).toEqual(fine(...ids));
    expect(await world.become(provider, ids, "stopped")).toBe(true);
    expect((await world.list(provider)).length).toBe(1);
  });

  check("ends a machine for good", async (provider, world) => {
    const { machines } = await world.running(provider, world.attempt("a"));
    const ids = machines.map(({ id }) => id);
    expect(await provider.terminate(ids)).toEqual(fine(...ids));
    expect(await world.become(provider, ids, "terminated", "gone")).toBe(true);
    expect(await provider.terminate(ids)).toEqual(fine(...ids));
    expect(await provider.start(ids)).toEqual(notFound(...ids));
    expect(await provider.stop(ids)).toEqual(notFound(...ids));
    await world.stage.pass(500);
    expect(await world.become(provider, ids, "terminated", "gone")).toBe(true);
  });

  check("ends a stopped machine", async (provider, world) => {
    const { machines } = await world.running(provider, world.attempt("a"));
    const ids = machines.map(({ id }) => id);
    await provider.stop(ids);
    expect(await world.become(provider, ids, "stopped")).toBe(true);
    expect(await provider.terminate(ids)).toEqual(fine(...ids));
    expect(await world.become(provider, ids, "terminated", "gone")).toBe(true);
  });

  check("ends the machines it was told to, and no other", async (provider, world) => {
    const { machines } = await world.running(provider, world.attempt("a", { count: 3 }));
    const ids = machines.map(({ id }) => id);
    await provider.terminate(ids.slice(0, 1));
    expect(await world.become(provider, ids.slice(0, 1), "terminated", "gone")).toBe(true);
    expect(await world.become(provider, ids.slice(1), "running")).toBe(true);
  });

  check("stops the machines it was told to, and no other", async (provider, world) => {
    const { machines } = await world.running(provider, world.attempt("a", { count: 2 }));
    const ids = machines.map(({ id }) => id);
    await provider.stop(ids.slice(0, 1));
    expect(await world.become(provider, ids.slice(0, 1), "stopped")).toBe(true);
    expect(await world.become(provider, ids.slice(1), "running")).toBe(true);
  });

  check("handles a batch with an unknown id, in order", async (provider, world) => {
    const { machines } = await world.running(provider, world.attempt("a", { count: 2 }));
    const [one = "", two = ""] = machines.map(({ id }) => id);
    const mixed = [one, unknownId, two];
    expect(await provider.stop(mixed)).toEqual([
      ...fine(one),
      ...notFound(unknownId),
      ...fine(two),
    ]);
    expect(await world.become(provider, [one, two], "stopped")).toBe(true);
    expect(await provider.start(mixed)).toEqual([
      ...fine(one),
      ...notFound(unknownId),
      ...fine(two),
    ]);
    expect(await world.become(provider, [one, two], "running")).toBe(true);
    expect(await provider.ring(mixed, "nonce-1")).toEqual([
      ...fine(one),
      ...notFound(unknownId),
      ...fine(two),
    ]);
    expect(await provider.terminate(mixed)).toEqual(fine(...mixed));
    expect(await world.become(provider, [one, two], "terminated", "gone")).toBe(true);
  });

  check("answers an empty batch with nothing", async (provider) => {
    expect(await provider.start([])).toEqual([]);
    expect(await provider.stop([])).toEqual([]);
    expect(await provider.terminate([])).toEqual([]);
    expect(await provider.ring([], "nonce-1")).toEqual([]);
  });

  check("rings a running machine, as often as asked", async (provider, world) => {
    const { machines } = await world.running(provider, world.attempt("a"));
    const ids = machines.map(({ id }) => id);
    expect(await provider.ring(ids, "nonce-1")).toEqual(fine(...ids));
    expect(await provider.ring(ids, "nonce-2")).toEqual(fine(...ids));
    expect(await world.become(provider, ids, "running")).toBe(true);
  });

  check("does not ring a machine that has ended", async (provider, world) => {
    const { machines } = await world.running(provider, world.attempt("a"));
    const ids = machines.map(({ id }) => id);
    await provider.terminate(ids);
    expect(await world.become(provider, ids, "terminated", "gone")).toBe(true);
    expect(await provider.ring(ids, "nonce-1")).toEqual(notFound(...ids));
  });

  check("changes nothing when a call is cancelled", async (provider, world) => {
    const { machines } = await world.running(provider, world.attempt("a"));
    const ids = machines.map(({ id }) => id);
    const { signal, reason } = abortedSignal();
    expect(await failureOf(provider.stop(ids, { signal }))).toBe(reason);
    expect(await failureOf(provider.terminate(ids, { signal }))).toBe(reason);
    expect(await failureOf(provider.start(ids, { signal }))).toBe(reason);
    expect(await failureOf(provider.ring(ids, "nonce-1", { signal }))).toBe(reason);
    await world.stage.pass(500);
    expect(await world.become(provider, ids, "running")).toBe(true);
  });

  if (traits.spot) {
    check("does not stop a spot machine", async (provider, world) => {
      const spot = world.attempt("a", { markets: ["spot"] });
      const { machines } = await world.running(provider, spot);
      const ids = machines.map(({ id }) => id);
      expect(machines.map(({ market }) => market)).toEqual(["spot"]);
      const refused = ids.map((id) => ({ id, ok: false, failure: "config" }));
      expect(await provider.stop(ids)).toEqual(refused);
      await world.stage.pass(500);
      expect(await world.become(provider, ids, "running")).toBe(true);
    });
  }
}

import { describe, expect, it } from "vitest";
import { createMemoryLeases } from "../embedded/memory-leases.ts";
import { FleetError } from "../ports/failure.ts";
import type { Leases } from "../ports/state-store.ts";
import { createVirtualClock } from "../testing/virtual-clock.ts";
import { createLane } from "./lane.ts";
import { createLeaseKeeper } from "./lease-keeper.ts";
import { defaultTimings } from "./timings.ts";

const { leaseMs, leaseRenewMs } = defaultTimings;

function stage(change: (leases: Leases) => Partial<Leases> = () => ({})) {
  const clock = createVirtualClock(1_000_000);
  const leases = createMemoryLeases(clock);
  const lane = createLane();
  const keeper = (owner: string, own: Leases = { ...leases, ...change(leases) }) =>
    createLeaseKeeper({ leases: own, shard: "s", owner, timings: defaultTimings, clock, lane });
  const keep = (held: ReturnType<typeof keeper>, signal = new AbortController().signal) => {
    const state = { ended: false };
    void held.keep(signal).then(() => {
      state.ended = true;
    });
    return state;
  };
  return { clock, leases, lane, keeper, keep };
}

describe("a lease keeper", () => {
  it("lets one of two hold the lease, for as long as it renews", async () => {
    const { clock, keeper, keep } = stage();
    const first = keeper("a");
    const second = keeper("b");
    expect((await first.acquire())?.epoch).toBe(1);
    expect(first.valid()).toBe(true);
    const state = keep(first);
    for (let minute = 0; minute < 5; minute++) {
      await clock.advance(60_000);
      expect(await second.acquire()).toBeUndefined();
      expect([first.valid(), second.valid(), state.ended]).toEqual([true, false, false]);
    }
  });

  it("hands over at once when the lease is released, with the next epoch", async () => {
    const { keeper } = stage();
    const first = keeper("a");
    const second = keeper("b");
    await first.acquire();
    await first.release();
    expect([first.valid(), first.lease()]).toEqual([false, undefined]);
    expect((await second.acquire())?.epoch).toBe(2);
  });

  it("knows that it must not act any more before anybody else can (single-writer)", async () => {
    const { clock, keeper } = stage();
    const first = keeper("a");
    const second = keeper("b");
    await first.acquire();
    const startedMs = clock.now();
    while (first.valid()) {
      expect(await second.acquire()).toBeUndefined();
      await clock.advance(500);
    }
    const stoppedMs = clock.now() - startedMs;
    expect(await second.acquire()).toBeUndefined();
    while (!(await second.acquire())) await clock.advance(500);
    expect(stoppedMs).toBeLessThanOrEqual(leaseMs - 2_000);
    expect(clock.now() - startedMs).toBeGreaterThanOrEqual(leaseMs);
  });

  it("counts from before the call: a slow answer makes no lease longer", async () => {
    const { clock, keeper } = stage((leases) => ({
      acquire: async (...words) => {
        const lease = await leases.acquire(...words);
        await clock.sleep(11_000);
        return lease;
      },
    }));
    const first = keeper("a");
    const acquired = first.acquire();
    await clock.advance(11_000);
    await acquired;
    expect(first.valid()).toBe(true);
    await clock.advance(2_000);
    expect(first.valid()).toBe(false);
  });

  it("tries a failed renewal again, and gives up when the lease is no longer good", async () => {
    let broken = false;
    const { clock, keeper, keep } = stage((leases) => ({
      renew: (...words) =>
        broken
          ? Promise.reject(new FleetError({ kind: "unavailable", message: "down" }))
          : leases.renew(...words),
    }));
    const first = keeper("a");
    await first.acquire();
    const state = keep(first);
    broken = true;
    await clock.advance(leaseRenewMs + 100);
    broken = false;
    await clock.advance(60_000);
    expect([first.valid(), state.ended]).toEqual([true, false]);
    broken = true;
    await clock.advance(leaseMs + leaseRenewMs);
    expect([first.valid(), state.ended]).toEqual([false, true]);
  });

  it("ends when a renewal or a commit before it hangs, although neither ever answers", async () => {
    const { clock, keeper, keep, lane } = stage();
    const first = keeper("a");
    await first.acquire();
    const state = keep(first);
    lane.run(() => new Promise(() => undefined)).catch(() => undefined);
    await clock.advance(leaseMs + leaseRenewMs);
    expect([first.valid(), state.ended]).toEqual([false, true]);
  });

  it("ends when the lease is somebody else's, and when it is told to", async () => {
    const { clock, keeper, keep } = stage((leases) => ({
      renew: async () => {
        await leases.acquire("other", "x", 1_000);
        return undefined;
      },
    }));
    const lost = keeper("a");
    await lost.acquire();
    const lostState = keep(lost);
    await clock.advance(2 * leaseRenewMs);
    expect([lost.valid(), lostState.ended]).toEqual([false, true]);

    const told = stage();
    const stopped = told.keeper("a");
    await stopped.acquire();
    const controller = new AbortController();
    const state = told.keep(stopped, controller.signal);
    await told.clock.advance(1_000);
    controller.abort(new Error("stop"));
    await told.clock.advance(0);
    expect(state.ended).toBe(true);
  });

  it("does not bring back a lease that was released while its renewal was under way", async () => {
    const answers: (() => void)[] = [];
    const { clock, keeper, keep } = stage((leases) => ({
      renew: async (...words) => {
        await new Promise<void>((resolve) => answers.push(resolve));
        return leases.renew(...words);
      },
    }));
    const first = keeper("a");
    await first.acquire();
    keep(first);
    await clock.advance(leaseRenewMs);
    const released = first.release();
    answers[0]?.();
    await released;
    await clock.advance(100);
    expect([first.valid(), first.lease()]).toEqual([false, undefined]);
  });
});

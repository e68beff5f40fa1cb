import type { Clock } from "../../ports/clock.ts";
import { systemClock } from "../../ports/system-clock.ts";
import type { TestApi } from "../test-api.ts";
import { abortedSignal, type ContractEnvironment, failureOf, watch } from "./stage.ts";

/** What a clock can and cannot do. */
export interface ClockTraits {
  /** Moves a clock that does not run by itself. @defaultValue waits for the clock to run */
  readonly advance?: (clock: Clock, byMs: number) => Promise<void>;
}

/** Options of {@link describeClockContract}. */
export interface ClockContractOptions {
  /** The test runner's functions. */
  readonly api: TestApi;
  /** The clock under test; the environment's clock is the machine's, for those that wrap one. */
  create(environment: ContractEnvironment): Promise<Clock>;
  /** What is special about the clock. */
  readonly traits?: ClockTraits;
}

/** A time that no wall clock shows less than: 2020, epoch milliseconds. */
const longAgoMs = 1_577_836_800_000;

/** Declares the cases that every {@link Clock} must pass. */
export function describeClockContract(options: ClockContractOptions): void {
  const { api, traits = {} } = options;
  const create = () => options.create({ clock: systemClock });
  const { expect, it } = api;
  const pass = traits.advance ?? ((clock: Clock, byMs: number) => clock.sleep(byMs));

  api.describe("Clock contract", () => {
    it("tells epoch milliseconds", async () => {
      const clock = await create();
      expect(clock.now() > longAgoMs).toBe(true);
      const beforeMs = clock.now();
      await pass(clock, 20);
      const elapsedMs = clock.now() - beforeMs;
      expect(elapsedMs >= 15 && elapsedMs < 5_000).toBe(true);
    });

    it("never goes back on its monotonic side", async () => {
      const clock = await create();
      let lastMs = clock.monotonicMs();
      for (let step = 0; step < 5; step += 1) {
        await pass(clock, 2);
        const nextMs = clock.monotonicMs();
        expect(nextMs > lastMs && nextMs - lastMs < 5_000).toBe(true);
        lastMs = nextMs;
      }
    });

    it("sleeps for as long as asked, and no less", async () => {
      const clock = await create();
      const beforeMs = clock.monotonicMs();
      let sleptMs = 0;
      const sleeping = clock.sleep(30).then(() => {
        sleptMs = clock.monotonicMs() - beforeMs;
      });
      await pass(clock, 10);
      expect(sleptMs).toBe(0);
      await pass(clock, 100);
      await sleeping;
      // Timers of the platform may fire up to a millisecond early by the finer clock.
      expect(sleptMs >= 29).toBe(true);
    });

    it("wakes the one that is due first first", async () => {
      const clock = await create();
      const woken: string[] = [];
      const sleepers = [
        clock.sleep(60).then(() => woken.push("late")),
        clock.sleep(20).then(() => woken.push("early")),
      ];
      await pass(clock, 120);
      await Promise.all(sleepers);
      expect(woken).toEqual(["early", "late"]);
    });

    it("does not sleep at all for a delay of 0 or less", async () => {
      const clock = await create();
      const sleeping = watch(Promise.all([clock.sleep(0), clock.sleep(-1_000)]));
      await pass(clock, 20);
      expect(sleeping.hasEnded()).toBe(true);
      expect(await sleeping.end).toBe("none");
    });

    it("rejects with the reason as soon as the signal aborts", async () => {
      const clock = await create();
      const controller = new AbortController();
      const sleeping = watch(clock.sleep(3_600_000, controller.signal));
      await pass(clock, 5);
      expect(sleeping.hasEnded()).toBe(false);
      controller.abort("enough");
      await pass(clock, 20);
      expect(sleeping.hasEnded()).toBe(true);
      expect(await sleeping.end).toBe("enough");
    });

    it("rejects with the reason of a signal that was aborted before", async () => {
      const clock = await create();
      const { signal, reason } = abortedSignal();
      expect(await failureOf(clock.sleep(0, signal))).toBe(reason);
      expect(await failureOf(clock.sleep(10, signal))).toBe(reason);
    });
  });
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fileOf, watchedFile } from "../../test/watched-file.ts";

const bad = "pools: [";

/** What may happen to pushes: which of them are good, in which order they arrive and how often, and what is looked at meanwhile. */
const history = fc
  .record({
    good: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
    timed: fc.boolean(),
    arrivals: fc.array(fc.record({ push: fc.nat(4), process: fc.nat(1), look: fc.boolean() }), {
      minLength: 1,
      maxLength: 10,
    }),
  })
  .map(({ good, timed, arrivals }) => ({
    good,
    timed,
    arrivals: arrivals.map((arrival) => ({ ...arrival, push: arrival.push % good.length })),
  }));

describe("pushes in any order", () => {
  it("leave the newest in force once it was looked at, and never a refused one", async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ good, timed, arrivals }) => {
        const { push, watcher, settled, clock } = watchedFile();
        const processes = [watcher(), watcher()];
        const events = [];
        for (const [index, isGood] of good.entries()) {
          const event = push({ "": isGood ? fileOf({ web: index }) : `${bad}\n# ${index}` });
          events.push(timed ? { ...event, pushedAtMs: clock.now() } : event);
          await clock.advance(1_000);
        }
        const newest = good.length - 1;
        let newestSeen = false;
        for (const { push: which, process, look } of arrivals) {
          const one = processes[process] ?? watcher();
          const event = events[which];
          if (event) await settled(one.handlePush(event));
          if (look) await settled(one.poll());
          newestSeen ||= which === newest || look;
          const current = await settled(one.current());
          const web = current?.config.catalog.pools[0]?.schedule.default.hot;
          if (web !== undefined) expect(good[web]).toBe(true);
          if (newestSeen && good[newest]) expect(web).toBe(newest);
          if (newestSeen && !good[newest]) {
            expect((await settled(one.standing())).rejected).toBeDefined();
          }
        }
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aimed, near } from "../../test/arbitraries.ts";
import type { Entry, Schedule, Weekday } from "../index.ts";
import { compileSchedule, evaluate, nextTransition, parseSchedule, transitions } from "../index.ts";
import { compileWith } from "./compile.ts";

const capacity = ({ hot, stopped }: { hot: number; stopped: number }): string =>
  `${hot}/${stopped}`;
const WEEK = 7 * 86_400_000;
const HOUR = 3_600_000;

const aimedAt = aimed().chain((aim) => near(aim.atMs).map((at) => ({ ...aim, at })));

describe("transitions", () => {
  it("end stretches on which the capacity stays the same, and differ at their end", () => {
    fc.assert(
      fc.property(aimedAt, fc.double({ min: 0, max: 1, noNaN: true }), ({ schedule, at }, part) => {
        const compiled = compileSchedule(schedule);
        const now = evaluate(compiled, at);
        const next = nextTransition(compiled, at);
        expect(next?.atMs).toBe(now.untilMs);
        if (next === null) return;
        expect(next.atMs).toBeGreaterThan(at);
        expect(next.causes.length).toBeGreaterThan(0);
        for (const inside of [at + Math.floor((next.atMs - at) * part), next.atMs - 1]) {
          const then = evaluate(compiled, Math.min(inside, next.atMs - 1));
          expect(capacity(then)).toBe(capacity(now));
          expect(then.untilMs).toBe(next.atMs);
        }
        expect(capacity(evaluate(compiled, next.atMs))).toBe(capacity(next.after));
        expect(capacity(next.before)).toBe(capacity(now));
        expect(capacity(next.after)).not.toBe(capacity(now));
        expect(evaluate(compiled, next.atMs).sinceMs).toBe(next.atMs);
      }),
    );
  });

  it("of a range are those of its parts, with what happens between them", () => {
    fc.assert(
      fc.property(
        aimed(),
        fc.constantFrom("capacity" as const, "entry" as const),
        fc.nat(48),
        fc.nat(48),
        ({ schedule, atMs }, on, x, y) => {
          const compiled = compileSchedule(schedule);
          const [a, b, c] = [
            atMs - 40 * HOUR,
            atMs - 24 * HOUR + x * HOUR,
            atMs + 25 * HOUR + y * HOUR,
          ];
          const middle = nextTransition(compiled, b - 1, { on });
          const parts = [
            ...transitions(compiled, a, b, { on }),
            ...(middle?.atMs === b ? [middle] : []),
            ...transitions(compiled, b, c, { on }),
          ];
          expect([...transitions(compiled, a, c, { on })]).toEqual(parts);
        },
      ),
    );
  });

  it("follow each other as nextTransition says", () => {
    fc.assert(
      fc.property(
        aimed(),
        fc.constantFrom("capacity" as const, "entry" as const),
        ({ schedule, atMs }, on) => {
          const compiled = compileSchedule(schedule);
          const walked = [];
          let next = nextTransition(compiled, atMs - 60 * HOUR, { on });
          while (next !== null && next.atMs < atMs + 60 * HOUR) {
            walked.push(next);
            next = nextTransition(compiled, next.atMs, { on });
          }
          expect([...transitions(compiled, atMs - 60 * HOUR, atMs + 60 * HOUR, { on })]).toEqual(
            walked,
          );
        },
      ),
    );
  });
});

describe("answers", () => {
  it("do not depend on page length, horizon, or what was asked before", () => {
    fc.assert(
      fc.property(
        aimedAt,
        fc.constantFrom(26, 27, 29, 31),
        fc.array(fc.integer({ min: -400, max: 400 }), { maxLength: 5 }),
        ({ schedule, at }, bits, detours) => {
          const fresh = compileWith(schedule, {});
          const other = compileWith(schedule, { horizonDays: 800 }, 2 ** bits);
          for (const days of detours) evaluate(other, at + days * 86_400_000);
          const expected = evaluate(fresh, at);
          const actual = evaluate(other, at);
          expect([capacity(actual), actual.entry, actual.active]).toEqual([
            capacity(expected),
            expected.entry,
            expected.active,
          ]);
          if (expected.untilMs !== undefined) expect(actual.untilMs).toBe(expected.untilMs);
          if (expected.sinceMs !== undefined) expect(actual.sinceMs).toBe(expected.sinceMs);
          const next = nextTransition(fresh, at);
          if (next) expect(nextTransition(other, at)).toEqual(next);
        },
      ),
    );
  });

  it("do not depend on the zone of the host", () => {
    const before = process.env["TZ"];
    fc.assert(
      fc.property(
        aimedAt,
        fc.constantFrom("Asia/Tokyo", "America/New_York", "Pacific/Apia"),
        ({ schedule, at }, host) => {
          const expected = evaluate(compileWith(schedule, {}), at);
          process.env["TZ"] = host;
          expect(evaluate(compileWith(schedule, {}), at)).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
    if (before === undefined) delete process.env["TZ"];
    else process.env["TZ"] = before;
  });

  it("shift with the schedule in a zone without changes", () => {
    fc.assert(
      fc.property(
        aimed().filter(({ schedule }) => schedule.entries.every(({ kind }) => kind === "weekly")),
        fc.integer({ min: -60, max: 60 }),
        ({ schedule, atMs }, weeks) => {
          const entries = schedule.entries.map(
            ({ timeZone: _, validFrom: __, validUntil: ___, ...entry }) => entry as Entry,
          );
          const compiled = compileSchedule({ timeZone: "UTC", default: schedule.default, entries });
          for (let hour = -30; hour <= 30; hour += 3) {
            const at = atMs + hour * HOUR;
            expect(capacity(evaluate(compiled, at + weeks * WEEK))).toBe(
              capacity(evaluate(compiled, at)),
            );
          }
        },
      ),
    );
  });

  it("find exactly one of the windows that share out the week", () => {
    const week: readonly Weekday[] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 1_439 }), { minLength: 1, maxLength: 4 });
    const hhmm = (m: number): string =>
      `${String(Math.floor(m / 60)).padStart(2, "0")}:${String(m % 60).padStart(2, "0")}`;
    fc.assert(
      fc.property(
        aimed().chain(({ zone, atMs }) => near(atMs).map((at) => ({ zone, at }))),
        cuts,
        ({ zone, at }, list) => {
          const bounds = [...list].sort((a, b) => a - b);
          const entries: Entry[] = week.flatMap((day) =>
            bounds.map((bound, index) => {
              const end = bounds[index + 1] ?? bounds[0] ?? 0;
              const span = index + 1 < bounds.length ? 0 : 1;
              return {
                kind: "weekly",
                name: `${day}${index}`,
                days: [day],
                start: hhmm(bound),
                end: hhmm(end),
                spanDays: span,
                capacity: { hot: 1 },
              };
            }),
          );
          const compiled = compileSchedule({
            timeZone: zone,
            default: { hot: 0, stopped: 0 },
            entries,
          });
          expect(evaluate(compiled, at).active).toHaveLength(1);
        },
      ),
    );
  });
});

describe("the fold", () => {
  const withEntry = (schedule: Schedule, entry: object, first = false): Schedule => {
    const extra = {
      kind: "weekly",
      name: "extra",
      start: "00:00",
      end: "24:00",
      ...entry,
    } as object as Entry;
    return {
      ...schedule,
      entries: first ? [extra, ...schedule.entries] : [...schedule.entries, extra],
    };
  };

  it("ignores an entry that is disabled, or overridden in all it says", () => {
    fc.assert(
      fc.property(aimedAt, fc.nat(9), ({ schedule, at }, hot) => {
        const plain = evaluate(compileSchedule(schedule), at);
        const disabled = withEntry(schedule, {
          enabled: false,
          capacity: { hot: 99 },
          priority: 9,
        });
        expect(evaluate(compileSchedule(disabled), at)).toEqual(plain);
        const over = { capacity: { hot, stopped: 1 }, priority: 9, name: "over" };
        const shadowed = withEntry(
          withEntry(schedule, { capacity: { hot: 77 }, priority: -9 }, true),
          over,
        );
        const expected = evaluate(compileSchedule(withEntry(schedule, over)), at);
        expect(capacity(evaluate(compileSchedule(shadowed), at))).toBe(capacity(expected));
      }),
    );
  });

  it("is never lowered by atLeast nor raised by atMost", () => {
    fc.assert(
      fc.property(
        aimedAt,
        fc.nat(20),
        fc.integer({ min: -2, max: 5 }),
        ({ schedule, at }, hot, priority) => {
          const plain = evaluate(compileSchedule(schedule), at).hot;
          const last = Math.max(priority, 3);
          const raised = withEntry(schedule, {
            mode: "atLeast",
            capacity: { hot },
            priority: last,
          });
          const lowered = withEntry(schedule, {
            mode: "atMost",
            capacity: { hot },
            priority: last,
          });
          expect(evaluate(compileSchedule(raised), at).hot).toBeGreaterThanOrEqual(plain);
          expect(evaluate(compileSchedule(lowered), at).hot).toBeLessThanOrEqual(plain);
        },
      ),
    );
  });

  it("survives being printed and parsed", () => {
    fc.assert(
      fc.property(aimed(), ({ schedule }) => {
        const parsed = parseSchedule(JSON.parse(JSON.stringify(schedule)));
        expect(parsed).toEqual({ ok: true, value: schedule });
      }),
    );
  });
});

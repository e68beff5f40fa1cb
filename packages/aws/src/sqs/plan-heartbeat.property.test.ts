import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type HeldMessage,
  heldAfterFailure,
  heldFrom,
  nextBeatMs,
  planHeartbeat,
} from "./plan-heartbeat.ts";

const visibilities = fc.constantFrom(8_000, 30_000, 60_000);
const messages = fc
  .array(fc.tuple(visibilities, fc.nat(100_000), fc.nat(300_000), fc.boolean()), { maxLength: 12 })
  .map(
    (list) =>
      new Map<number, HeldMessage>(
        list.map(([visibilityMs, sinceMs, holdMs, hasFailed], key) => {
          const held = heldFrom(visibilityMs, sinceMs, sinceMs + 1_000 + holdMs);
          return [key, hasFailed ? heldAfterFailure(held, held.dueMs) : held];
        }),
      ),
  );

describe("a beat", () => {
  it("either extends a message, or lets it go, or leaves it for later", () => {
    fc.assert(
      fc.property(messages, fc.nat(500_000), (held, nowMs) => {
        const { extend, letGo } = planHeartbeat(held, nowMs);
        const touched = [...extend.values()].flat().concat(letGo);
        expect(new Set(touched).size).toBe(touched.length);
        for (const [key, { hiddenUntilMs, letGoMs, dueMs }] of held) {
          const isOver = nowMs >= hiddenUntilMs || nowMs >= letGoMs;
          expect(letGo.includes(key)).toBe(isOver);
          if (!isOver) expect(touched.includes(key)).toBe(nowMs >= dueMs);
        }
      }),
    );
  });

  it("extends each by its own visibility", () => {
    fc.assert(
      fc.property(messages, fc.nat(500_000), (held, nowMs) => {
        for (const [visibilityMs, keys] of planHeartbeat(held, nowMs).extend) {
          for (const key of keys) expect(held.get(key)?.visibilityMs).toBe(visibilityMs);
        }
      }),
    );
  });

  it("has nothing to do before the moment that was announced", () => {
    fc.assert(
      fc.property(messages, (held) => {
        const nextMs = nextBeatMs(held.values());
        expect(nextMs === undefined).toBe(held.size === 0);
        if (nextMs === undefined) return;
        const early = planHeartbeat(held, nextMs - 1);
        expect([early.extend.size, early.letGo.length]).toEqual([0, 0]);
        const then = planHeartbeat(held, nextMs);
        expect(then.extend.size + then.letGo.length).toBeGreaterThan(0);
      }),
    );
  });

  it("comes so early that three more fit in before a message is visible again", () => {
    let held = heldFrom(30_000, 0, 600_000);
    const beats: number[] = [];
    while (held.dueMs < held.hiddenUntilMs) {
      beats.push(held.dueMs);
      held = heldAfterFailure(held, held.dueMs);
    }
    expect(beats).toEqual([15_000, 18_750, 22_500, 26_250]);
  });
});

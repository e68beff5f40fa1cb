import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../ports/json.ts";
import { createFairTurns } from "./fair-turns.ts";
import { createMemoryQueue } from "./memory-queue.ts";

const group = fc.constantFrom("a", "b", "c", "d");

describe("fair turns", () => {
  it("serve waiting groups in rounds: no group is two messages ahead of another that waits", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(group, { maxLength: 60 }), async (groups) => {
        const queue = createMemoryQueue<Json>();
        await queue.send(groups.map((name) => ({ body: name, group: name })));
        const served = new Map<string, number>();
        const left = new Map<string, number>();
        for (const name of groups) left.set(name, (left.get(name) ?? 0) + 1);
        const all = await queue.receive({ max: 100, waitMs: 0, visibilityMs: 1_000 });
        for (const { body } of all) {
          const name = String(body);
          served.set(name, (served.get(name) ?? 0) + 1);
          left.set(name, (left.get(name) ?? 0) - 1);
          for (const [other, waiting] of left) {
            if (waiting === 0) continue;
            expect((served.get(name) ?? 0) - (served.get(other) ?? 0)).toBeLessThan(2);
          }
        }
        expect(all.length).toBe(groups.length);
      }),
    );
  });

  it("give a group that comes late the next turn, and no credit for its absence", () => {
    const turns = createFairTurns();
    const early = Array.from({ length: 10 }, () => turns.next("a"));
    turns.served(early[4] ?? 0);
    expect(turns.next("b")).toBe(early[5]);
    expect(turns.next("b")).toBe(early[6]);
  });

  it("forget groups that wait for nothing, and change no order by it", () => {
    const turns = createFairTurns();
    let last = 0;
    for (let index = 0; index < 5_000; index += 1) {
      const turn = turns.next(`repository-${index}`);
      expect(turn).toBeGreaterThan(last);
      turns.served(turn);
      last = turn;
    }
  });
});

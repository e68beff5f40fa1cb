import { describe, expect, it } from "vitest";
import { FleetError } from "../ports/failure.ts";
import { createVirtualClock } from "../testing/virtual-clock.ts";
import { createBudgets } from "./budgets.ts";
import type { ApiRequest, ApiResponse } from "./exchange.ts";

const startMs = 1_790_000_000_000;
const read: ApiRequest = { method: "GET", path: "/x", identity: { kind: "app" }, purpose: "read" };
const mint: ApiRequest = {
  ...read,
  method: "POST",
  purpose: "mint",
  resource: "actions_runner_registration",
};

function answer(headers: ApiResponse["headers"], status = 200): ApiResponse {
  return { status, headers, data: undefined };
}

function budgetHeaders(remaining: number, resetMs: number, resource = "core") {
  return {
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-reset": String(resetMs / 1_000),
    "x-ratelimit-resource": resource,
  };
}

describe("budgets", () => {
  it("lets no more than a hundred calls be in flight", async () => {
    const budgets = createBudgets(createVirtualClock(startMs));
    const leaves: (() => void)[] = [];
    const entered = Array.from({ length: 130 }, () =>
      budgets.enter("a", read).then((leave) => leaves.push(leave)),
    );
    await Promise.all(entered.slice(0, 100));
    expect(leaves).toHaveLength(100);
    for (const leave of leaves.slice(0, 30)) {
      leave();
      leave();
    }
    await Promise.all(entered);
    expect(leaves).toHaveLength(130);
  });

  it("gives up a place that was only waited for", async () => {
    const budgets = createBudgets(createVirtualClock(startMs));
    const leaves = await Promise.all(Array.from({ length: 100 }, () => budgets.enter("a", read)));
    const leaving = new AbortController();
    const waiting = budgets.enter("a", read, { signal: leaving.signal });
    leaving.abort("left");
    await expect(waiting).rejects.toBe("left");
    leaves[0]?.();
    await budgets.enter("a", read);
  });

  it("sends 180 changes in any minute and then says how long to wait", async () => {
    const clock = createVirtualClock(startMs);
    const budgets = createBudgets(clock);
    const sentMs: number[] = [];
    const send = async (): Promise<void> => {
      const leave = await budgets.enter("a", mint);
      sentMs.push(clock.now());
      leave();
    };
    const kinds = new Set<unknown>();
    for (let step = 0; step < 1_500; step += 1) {
      send().catch((error: { readonly kind: unknown }) => kinds.add(error.kind));
      await clock.advance(200);
    }
    expect([...kinds]).toEqual(["throttled"]);
    for (const fromMs of sentMs) {
      const within = sentMs.filter((atMs) => atMs >= fromMs && atMs < fromMs + 60_000);
      expect(within.length).toBeLessThanOrEqual(180);
    }
    expect(sentMs.length).toBeGreaterThan(4 * 180);
  });

  it("waits for a moment rather than refusing, and tells a longer wait exactly", async () => {
    const clock = createVirtualClock(startMs);
    const budgets = createBudgets(clock);
    for (let index = 0; index < 180; index += 1) (await budgets.enter("a", mint))();
    const refused = await budgets.enter("a", mint).catch((error: unknown) => error);
    if (!FleetError.isInstance(refused)) throw new Error("expected a refusal");
    const waitMs = refused.retryAfterMs ?? 0;
    expect(waitMs).toBeGreaterThanOrEqual(60_000);
    expect(waitMs).toBeLessThanOrEqual(61_000);
    await clock.advance(waitMs - 1_000);
    let entered = false;
    const waiting = budgets.enter("a", mint).then(() => {
      entered = true;
    });
    await clock.advance(999);
    expect(entered).toBe(false);
    await clock.advance(1);
    await waiting;
    // A read costs a fifth.
    for (let index = 0; index < 895; index += 1) (await budgets.enter("a", read))();
    await expect(budgets.enter("a", read)).rejects.toMatchObject({ kind: "throttled" });
  });

  it("refuses when the bucket is empty until its reset, and other buckets are not concerned", async () => {
    const clock = createVirtualClock(startMs);
    const budgets = createBudgets(clock);
    budgets.learn("a", read, answer(budgetHeaders(0, startMs + 600_000)));
    await expect(budgets.enter("a", read)).rejects.toMatchObject({
      kind: "throttled",
      retryAfterMs: 600_000,
    });
    (await budgets.enter("a", mint))();
    (await budgets.enter("b", read))();
    await clock.advance(600_000);
    (await budgets.enter("a", read))();
  });

  it("counts calls that are on their way", async () => {
    const budgets = createBudgets(createVirtualClock(startMs));
    budgets.learn("a", read, answer(budgetHeaders(2, startMs + 600_000)));
    await budgets.enter("a", read);
    await budgets.enter("a", read);
    await expect(budgets.enter("a", read)).rejects.toMatchObject({ kind: "throttled" });
  });

  it("believes the lowest of answers that overtake one another, and the newer window", async () => {
    const budgets = createBudgets(createVirtualClock(startMs));
    const resetMs = startMs + 600_000;
    budgets.learn("a", read, answer(budgetHeaders(0, resetMs)));
    budgets.learn("a", read, answer(budgetHeaders(7, resetMs)));
    await expect(budgets.enter("a", read)).rejects.toMatchObject({ kind: "throttled" });
    budgets.learn("a", read, answer(budgetHeaders(4_000, resetMs + 3_600_000)));
    await budgets.enter("a", read);
    budgets.learn("a", read, answer(budgetHeaders(0, resetMs)));
    await budgets.enter("a", read);
  });

  it("gives back what a 304 did not cost", async () => {
    const budgets = createBudgets(createVirtualClock(startMs));
    const resetMs = startMs + 600_000;
    budgets.learn("a", read, answer(budgetHeaders(1, resetMs)));
    for (let index = 0; index < 5; index += 1) {
      (await budgets.enter("a", read))();
      budgets.learn("a", read, answer(budgetHeaders(1, resetMs), 304));
    }
  });

  it("follows GitHub when it counts a call in another bucket than expected", async () => {
    const budgets = createBudgets(createVirtualClock(startMs));
    budgets.learn("a", mint, answer(budgetHeaders(0, startMs + 600_000, "core")));
    await expect(budgets.enter("a", mint)).rejects.toMatchObject({ kind: "throttled" });
  });

  it("sends nothing at all while a secondary limit lasts", async () => {
    const clock = createVirtualClock(startMs);
    const budgets = createBudgets(clock);
    budgets.learn("a", mint, answer({ "retry-after": "30" }, 403));
    await expect(budgets.enter("a", read)).rejects.toMatchObject({ retryAfterMs: 30_000 });
    (await budgets.enter("b", read))();
    await clock.advance(30_000);
    (await budgets.enter("a", read))();
  });
});

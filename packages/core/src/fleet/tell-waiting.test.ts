import { describe, expect, it } from "vitest";
import { aCatalog, aContext, aJob, aLedger } from "../../test/fleet/builders.ts";
import { FleetError } from "../ports/failure.ts";
import type { Told } from "./records.ts";
import { notTold, tellWaiting } from "./tell-waiting.ts";

const seconds = 1_000;
const first: Told = { atMs: 1_000, tries: 1 };
const failure = (kind: "unavailable" | "auth", retryAfterMs?: number) =>
  new FleetError({
    kind,
    message: "GitHub said no",
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });

describe("a word to a developer that GitHub did not take", () => {
  it("uses up no try during an outage, and is tried ever later, at the latest after five minutes", () => {
    const pauses: unknown[] = [];
    let told = first;
    for (let turn = 0; turn < 6; turn += 1) {
      told = notTold({ ...told, tries: 1 }, failure("unavailable"));
      expect(told.tries).toBe(0);
      pauses.push(told.pauseMs);
    }
    expect(pauses).toEqual([60, 120, 240, 300, 300, 300].map((count) => count * seconds));
  });

  it("is not tried again before GitHub asks for it", () => {
    expect(notTold(first, failure("unavailable", 900 * seconds)).pauseMs).toBe(900 * seconds);
  });

  it("uses up a try when repeating does not mend it", () => {
    expect(notTold(first, failure("auth"))).toEqual(first);
  });
});

describe("developers whose jobs wait", () => {
  const unserved = { afterMs: 60 * seconds, outcome: "check-run" } as const;
  const context = aContext({ catalog: { ...aCatalog(), unserved } });
  const late = (passedMs: number) => ({ ...context, nowMs: context.nowMs + passedMs });

  /** Ten jobs that are due, the last one the oldest. */
  function tenWaiting() {
    const jobs = Array.from({ length: 10 }, (_, index) =>
      aJob(`${index}`, {
        headSha: "a".repeat(40),
        receivedAtMs: context.nowMs - 120 * seconds - index * seconds,
      }),
    );
    return aLedger({ jobs });
  }
  const keysOf = (effects: readonly object[]) =>
    effects.map((effect) => ("jobKey" in effect ? effect.jobKey : ""));

  it("are told as GitHub takes it, those first who have waited longest", () => {
    const { ledger, effects } = tenWaiting();
    const nextMs = tellWaiting(ledger, context, { room: 50, words: 4 });
    expect(keysOf(effects())).toEqual(["9.1", "8.1", "7.1", "6.1"]);
    expect(nextMs).toBe(context.nowMs + 1 * seconds);
    // Their turns are not spent yet, or not answered.
    tellWaiting(ledger, late(1 * seconds), { room: 50, words: 4 });
    expect(effects()).toEqual([]);
    tellWaiting(ledger, late(2 * seconds), { room: 50, words: 6 });
    expect(keysOf(effects())).toEqual(["5.1", "4.1"]);
  });

  it("are told of at once in the next commit when this one is full", () => {
    const { ledger, effects } = tenWaiting();
    expect(tellWaiting(ledger, context, { room: 3, words: 40 })).toBe(context.nowMs);
    expect(keysOf(effects())).toEqual(["9.1", "8.1", "7.1"]);
  });

  it("are all told when there are turns for all", () => {
    const { ledger, effects } = tenWaiting();
    expect(tellWaiting(ledger, context, { room: 50, words: 40 })).toBe(
      context.nowMs + 30 * seconds,
    );
    expect(effects().length).toBe(10);
  });
});

import { describe, expect, it } from "vitest";
import { aJob, nowMs } from "../../test/fleet/builders.ts";
import { type FailureKind, FleetError } from "../ports/failure.ts";
import { retryCheck } from "./check-retry.ts";

const failed = (kind: FailureKind, retryAfterMs?: number): FleetError =>
  new FleetError({ kind, message: kind, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
const job = aJob("1", { state: "failed", checkTriesLeft: 2, endedAtMs: nowMs });
const minutes = 60_000;

describe("a check run that failed", () => {
  it.each(["unavailable", "throttled", "unknown"] as const)(
    "because GitHub was %s is tried for a day, ever less often, and uses up no tries",
    (kind) => {
      let waiting = job;
      const pauses: number[] = [];
      for (let atMs = nowMs; ; ) {
        const next = retryCheck(waiting, failed(kind), atMs);
        if (!next) {
          expect(atMs - nowMs).toBeGreaterThanOrEqual(24 * 60 * minutes);
          break;
        }
        expect(next.checkTriesLeft).toBe(2);
        pauses.push(next.deadlineMs - atMs);
        atMs = next.deadlineMs;
        waiting = next;
      }
      expect(pauses.slice(0, 4)).toEqual([30_000, 30_000, 60_000, 120_000]);
      expect(Math.max(...pauses)).toBe(15 * minutes);
    },
  );

  it("waits for as long as GitHub asks", () => {
    expect(retryCheck(job, failed("throttled", 7 * minutes), nowMs)?.deadlineMs).toBe(
      nowMs + 7 * minutes,
    );
  });

  it.each(["config", "auth", "not-found"] as const)("for %s uses up its tries", (kind) => {
    const once = retryCheck(job, failed(kind), nowMs);
    expect(once?.checkTriesLeft).toBe(1);
    expect(once && retryCheck(once, failed(kind), nowMs)).toBeUndefined();
  });

  it("for a reason that is no failure of ours counts as unknown", () => {
    expect(retryCheck(job, new TypeError("fetch failed"), nowMs)?.checkTriesLeft).toBe(2);
  });
});

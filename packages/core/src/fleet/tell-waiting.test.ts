import { describe, expect, it } from "vitest";
import { FleetError } from "../ports/failure.ts";
import type { Told } from "./records.ts";
import { notTold } from "./tell-waiting.ts";

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

import { describe, expect, it } from "vitest";
import { type ListenerHistory, resultOf, wantsRelaunch } from "./listener-end.ts";

const nothing: ListenerHistory = {
  registered: false,
  jobStarted: false,
  outdated: false,
  interrupted: false,
};
const idle: ListenerHistory = { ...nothing, registered: true };
const working: ListenerHistory = { ...idle, jobStarted: true };

describe("resultOf", () => {
  it("believes the exit code for how the job ended", () => {
    const results = [100, 101, 102, 103, 104, 105].map((code) => resultOf({ code }, working));
    expect(results).toEqual([
      "succeeded",
      "succeeded",
      "failed",
      "cancelled",
      "cancelled",
      "unknown",
    ]);
    expect(resultOf({ code: 102 }, { ...working, conclusion: "Succeeded" })).toBe("failed");
  });

  it("falls back on what was printed when the exit code says nothing", () => {
    for (const [conclusion, result] of [
      ["Succeeded", "succeeded"],
      ["SucceededWithIssues", "succeeded"],
      ["Failed", "failed"],
      ["Canceled", "cancelled"],
      ["Unheard", "unknown"],
    ] as const) {
      expect(resultOf({ code: 0 }, { ...working, conclusion })).toBe(result);
      expect(resultOf({ signal: "SIGKILL" }, { ...working, conclusion })).toBe(result);
    }
  });

  it("tells an outdated runner by its exit code, or by its words", () => {
    expect(resultOf({ code: 7 }, nothing)).toBe("runner-outdated");
    expect(resultOf({ code: 1 }, { ...idle, outdated: true })).toBe("runner-outdated");
  });

  it("does not call a job cancelled unless the listener said farewell", () => {
    const interrupted = { ...working, interrupted: true };
    expect(resultOf({ code: 0 }, interrupted)).toBe("cancelled");
    expect(resultOf({ signal: "SIGKILL" }, interrupted)).toBe("unknown");
    expect(resultOf({ code: 0 }, working)).toBe("unknown");
  });

  it("says no-job only of a listener that was ready for one", () => {
    expect(resultOf({ code: 0 }, idle)).toBe("no-job");
    expect(resultOf({ signal: "SIGKILL" }, { ...idle, interrupted: true })).toBe("no-job");
    expect(resultOf({ code: 0 }, nothing)).toBe("unknown");
    expect(resultOf({ code: 1 }, idle)).toBe("unknown");
    expect(resultOf({ code: 5 }, nothing)).toBe("unknown");
    expect(resultOf({}, nothing)).toBe("unknown");
  });
});

describe("wantsRelaunch", () => {
  it("is said by 2, 3 and 4 alone", () => {
    const asking = Array.from({ length: 110 }, (_, code) => code).filter((code) =>
      wantsRelaunch({ code }),
    );
    expect(asking).toEqual([2, 3, 4]);
    expect(wantsRelaunch({ signal: "SIGKILL" })).toBeUndefined();
  });
});

import { describe, expect, it } from "vitest";
import { createRecordingApi, recordRun } from "./recording-api.ts";

describe("the recording test runner", () => {
  it("runs cases in order and tells which pass, with their full names", async () => {
    const order: string[] = [];
    const { passed, failed } = await recordRun((api) => {
      api.describe("outer", () => {
        api.it("passes", () => {
          order.push("passes");
        });
        api.describe("inner", () => {
          api.it("rejects", async () => {
            order.push("rejects");
            throw new Error("broken");
          });
        });
        api.it("compares", () => {
          order.push("compares");
          api.expect({ a: [1] }).toEqual({ a: [1] });
          api.expect(Number.NaN).toBe(Number.NaN);
        });
      });
    });
    expect(order).toEqual(["passes", "rejects", "compares"]);
    expect(passed).toEqual(["outer > passes", "outer > compares"]);
    expect(failed).toEqual([{ name: "outer > inner > rejects", error: new Error("broken") }]);
  });

  it("fails a case whose expectation does not hold", async () => {
    const { failed } = await recordRun((api) => {
      api.it("toBe", () => api.expect({}).toBe({}));
      api.it("toEqual", () => api.expect([1]).toEqual([2]));
      api.it("strictly", () => api.expect({ a: undefined }).toEqual({}));
    });
    expect(failed.map(({ name }) => name)).toEqual(["toBe", "toEqual", "strictly"]);
  });

  it("runs nothing before it is told to", () => {
    let runs = 0;
    createRecordingApi().it("counts", () => {
      runs += 1;
    });
    expect(runs).toBe(0);
  });
});

import { describe, expect, it } from "vitest";
import { missingEvents } from "./parse-ping.ts";

describe("missingEvents", () => {
  it.each([
    [["workflow_job", "push"], []],
    [["*"], []],
    [["workflow_job"], ["push"]],
    [[], ["workflow_job", "push"]],
  ])("of a hook with %j are %j", (events, missing) => {
    expect(missingEvents({ zen: "Keep it simple", hook: { events } })).toEqual(missing);
  });

  it.each([{}, null, { hook: { events: "push" } }])("are not guessed from %j", (body) => {
    expect(missingEvents(body)).toEqual([]);
  });
});

import { expect, it } from "vitest";
import { createCounters } from "./readme-example.ts";

it("counts with the README's telemetry and runs what is inside a span", async () => {
  const telemetry = createCounters();
  const answer = await telemetry.span("fleet.test", {}, async () => {
    telemetry.count("fleet.jobs", 2);
    telemetry.count("fleet.jobs", 3, { outcome: "served" });
    return "done";
  });
  expect(answer).toBe("done");
  expect([...telemetry.totals]).toEqual([["fleet.jobs", 5]]);
});

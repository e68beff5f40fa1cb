import { expect, it } from "vitest";
import { capacityAt } from "./readme-example.ts";

it("wants the machines of the README's office before the office opens", () => {
  const openMs = Date.parse("2026-11-25T07:00:00Z");
  expect(capacityAt(openMs - 1)).toEqual({ calendar: 0, wanted: 10, nextMs: openMs });
  expect(capacityAt(openMs).calendar).toBe(10);
  expect(capacityAt(openMs - 60 * 60_000).wanted).toBe(0);
});

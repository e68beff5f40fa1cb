import type { FleetReport } from "@runs-fleet/core/testing";
import { describe, expect, it } from "vitest";
import { sampleReport } from "../../test/sample-report.ts";
import { compareNumbers, comparison } from "./compare.ts";

function cheaper(): FleetReport {
  const report = sampleReport();
  return {
    ...report,
    waitsMs: { ...report.waitsMs, p95: 55_000 },
    ...(report.cost ? { cost: { ...report.cost, usdPerWeek: 200 } } : {}),
    ...(report.spread
      ? {
          spread: {
            ...report.spread,
            p95Ms: { min: 50_000, median: 55_000, max: 60_000, values: [50_000, 55_000, 60_000] },
            totalUsd: { min: 190, median: 200, max: 210, values: [200, 190, 210] },
          },
        }
      : {}),
  };
}

describe("two configurations", () => {
  it("are compared number by number, with what may be chance", () => {
    const numbers = compareNumbers(sampleReport(), cheaper());
    const found = (name: string) => numbers.find((number) => number.name === name);
    expect(found("cost a week")).toMatchObject({
      there: "$200",
      change: "−$212",
      direction: -1,
      chance: "more",
    });
    expect(found("p95")).toMatchObject({
      here: "52 s",
      there: "55 s",
      change: "+3.0 s",
      direction: 1,
      chance: "maybe",
    });
    expect(found("p50")).toMatchObject({ change: "±0 s", direction: 0 });
    expect(found("p95 of linux")).not.toHaveProperty("chance");
  });

  it("are summed up in one sentence", () => {
    expect(comparison("leaner.json", sampleReport(), cheaper())).toBe(
      "leaner.json instead: −$212 a week, +3.0 s at p95 (perhaps by chance), ±0 points of jobs over a minute.",
    );
  });

  it("say nothing of chance after one seed, and nothing of cost without rates", () => {
    const { spread: _, cost: __, ...one } = sampleReport();
    expect(compareNumbers(one, one).some(({ chance }) => chance !== undefined)).toBe(false);
    expect(compareNumbers(one, one).some(({ name }) => name === "cost a week")).toBe(false);
  });
});

import type { FleetReport } from "@runs-fleet/core/testing";
import { describe, expect, it } from "vitest";
import { sampleReport } from "../../test/sample-report.ts";
import { reportClock } from "./clock.ts";
import { costParts, poolDays } from "./days.ts";
import { findings, headline } from "./findings.ts";

const texts = (report: FleetReport) => findings(report).map(({ text }) => text);

describe("what stands out of a report", () => {
  it("is jobs that were not served, then limits, slow pools, doubts and what is spare", () => {
    expect(texts(sampleReport())).toEqual([
      "4 jobs refused, 9 jobs lost to interruptions.",
      "acme/monolith reaches its limit of 120.",
      "windows-2022 waits much longer than the rest: p95 3 min 10 s, 13% over a minute.",
      "What is of no pool waits much longer than the rest: p95 1 min 35 s, 6.3% over a minute.",
      "Recorded jobs cover 5 of 7 days.",
      "2 windows never bind, and cost $9.40: linux/saturday, windows-2022/night & release.",
    ]);
  });

  it("is nothing when all is well", () => {
    const sample = sampleReport();
    expect(
      texts({
        ...sample,
        jobs: { ...sample.jobs, refused: 0, interrupted: 0 },
        pools: sample.pools.slice(0, 1),
        repositories: [],
        trust: { ...sample.trust, warnings: [] },
        spareWindows: [],
      }),
    ).toEqual([]);
  });

  it("tells of pools that are short of machines, and of many jobs left out", () => {
    const sample = sampleReport();
    const pools = sample.pools.map((pool) => ({ ...pool, belowTargetShare: 0.25 }));
    const found = texts({ ...sample, pools, jobs: { ...sample.jobs, leftOut: 7_000 } });
    expect(found).toContain(
      "linux has fewer ready machines than its schedule wants for 25% of the time.",
    );
    expect(found).toContain("49% of the jobs were left out.");
  });

  it("is headed by one sentence with the wait and the price", () => {
    const { cost: _, ...unpriced } = sampleReport();
    expect(headline(unpriced)).toBe("95 of 100 jobs start within 52 s.");
    expect(headline({ ...sampleReport(), totalUsd: 412 })).toBe(
      "95 of 100 jobs start within 52 s, for $412 a week.",
    );
    expect(headline({ ...unpriced, waitsMs: { ...unpriced.waitsMs, jobs: 0 } })).toMatch(
      /^No job was started/,
    );
  });
});

describe("a pool's days", () => {
  it("add up to what the report says of the pool, part by part", () => {
    const report = sampleReport();
    for (const pool of report.pools.slice(0, 2)) {
      const days = poolDays(report, pool, reportClock(report.timeZone));
      expect(days).toHaveLength(7);
      const sum = (part: (typeof costParts)[number]) =>
        days.reduce((total, { parts }) => total + parts[part], 0);
      expect(sum("busy")).toBeCloseTo(pool.cost?.busyUsd ?? 0, 6);
      expect(costParts.reduce((total, part) => total + sum(part), 0)).toBeCloseTo(
        pool.cost?.totalUsd ?? 0,
        6,
      );
    }
  });
});

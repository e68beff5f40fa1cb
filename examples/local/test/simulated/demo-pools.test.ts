import { parseCatalog, parseLabels, route } from "@runs-fleet/core";
import { describe, expect, it } from "vitest";
import { demandPatterns } from "../../src/simulated/demand-patterns.ts";
import { demoCatalog } from "../../src/simulated/demo-pools.ts";
import { localTime } from "../../src/simulated/local-time.ts";
import { windowOpens } from "../../src/simulated/window-opens.ts";

const minutes = 60_000;
const poolOf = (name: string) => {
  const pool = demoCatalog.pools.find((candidate) => candidate.name === name);
  if (!pool) throw new Error(`No pool ${name}`);
  return pool;
};

/** Minutes of a span in which a window opens. */
function openings(name: string, fromIso: string, untilIso: string): readonly string[] {
  const found: string[] = [];
  for (let atMs = Date.parse(fromIso); atMs < Date.parse(untilIso); atMs += minutes) {
    if (windowOpens(poolOf(name), atMs)) found.push(new Date(atMs).toISOString().slice(0, 16));
  }
  return found;
}

describe("the pools of the simulation", () => {
  it("are a catalog without a fault, in three time zones at least", () => {
    expect(parseCatalog(demoCatalog)).toMatchObject({ ok: true });
    const zones = new Set(demoCatalog.pools.map(({ schedule }) => schedule.timeZone));
    expect(zones.size).toBeGreaterThanOrEqual(3);
  });

  it.each(demandPatterns.map((pattern) => [pattern.name, pattern] as const))(
    "serve the jobs of %s, or none of them does",
    (_, { labels, repositories, pool }) => {
      for (const repository of repositories) {
        const request = parseLabels(labels, demoCatalog);
        if (request?.ok !== true) throw new Error(`Not for a fleet: ${labels}`);
        const job = { repository, visibility: "private", fork: false } as const;
        const routed = route(request.value, job, demoCatalog);
        expect(routed.ok && routed.value.policy).toBe("everyone");
        expect(routed.ok && routed.value.pool).toBe(pool);
      }
    },
  );

  it("have holidays that fall on days on which people work", () => {
    for (const { schedule } of demoCatalog.pools) {
      for (const { dates } of schedule.exceptions ?? []) {
        for (const date of dates) {
          expect(["sat", "sun"]).not.toContain(localTime("UTC", Date.parse(date)).day);
        }
      }
    }
  });

  it("open when their calendars say so", () => {
    expect(openings("berlin", "2026-11-24T00:00Z", "2026-11-25T00:00Z")).toEqual([
      "2026-11-24T07:00",
    ]);
    // A weekend in between, and a holiday.
    expect(openings("berlin", "2026-12-24T12:00Z", "2026-12-29T00:00Z")).toEqual([
      "2026-12-28T07:00",
    ]);
    expect(openings("steady", "2026-11-24T12:00Z", "2026-11-25T12:00Z")).toEqual([
      "2026-11-25T00:00",
    ]);
  });

  it("open once in the night in which clocks are set back, and in the one in which they are set forward", () => {
    expect(openings("nightly", "2026-10-24T12:00Z", "2026-10-25T12:00Z")).toEqual([
      "2026-10-25T00:30",
    ]);
    expect(openings("nightly", "2026-03-28T12:00Z", "2026-03-29T12:00Z")).toEqual([
      "2026-03-29T01:00",
    ]);
  });
});

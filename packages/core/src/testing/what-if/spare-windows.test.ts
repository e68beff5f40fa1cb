import type { Entry } from "@runs-fleet/scheduling";
import { describe, expect, it } from "vitest";
import {
  aCatalog,
  boots,
  delays,
  every,
  fromMs,
  hour,
  jobsAt,
  minute,
  steady,
} from "../../../test/what-if/fleets.ts";
import type { SimulatedJob } from "./options.ts";
import { simulateFleet } from "./simulate-fleet.ts";

const window = (name: string, start: string, end: string, rest: Partial<Entry>): Entry =>
  ({ kind: "weekly", name, start, end, ...rest }) as Entry;

async function windowsOf(entries: readonly Entry[], jobs: readonly SimulatedJob[]) {
  const pool = steady(1, 0, { schedule: { default: { hot: 1, stopped: 0 }, entries }, leadMs: 0 });
  const report = await simulateFleet({
    catalog: aCatalog([pool]),
    jobs,
    seed: 1,
    boots,
    delays,
    rates: { p: { hotUsdPerHour: 0.5, stoppedUsdPerHour: 0.1 } },
    horizon: { fromMs, toMs: fromMs + 24 * hour },
  });
  return report.spareWindows;
}

describe("windows that never bind", () => {
  it("are those that change no target", async () => {
    const entries = [
      window("hidden", "08:00", "12:00", { capacity: { hot: 3 } }),
      window("shadow", "07:00", "13:00", { capacity: { hot: 4 } }),
      window("floor", "09:00", "10:00", { capacity: { hot: 2 }, mode: "atLeast" }),
    ];
    // Four jobs at once, again and again: the window that counts is needed.
    const busy = every(20 * minute, 15, 7.5 * hour).flatMap((atMs) => [atMs, atMs, atMs, atMs]);
    expect(await windowsOf(entries, jobsAt(busy))).toEqual([
      {
        pool: "p",
        entry: "hidden",
        kind: "no-effect",
        jobs: 0,
        addsHours: { hot: 0, stopped: 0 },
        addsUsd: 0,
      },
      {
        pool: "p",
        entry: "floor",
        kind: "no-effect",
        jobs: 0,
        addsHours: { hot: 0, stopped: 0 },
        addsUsd: 0,
      },
    ]);
  });

  it("are those whose machines were left over whenever a job came, and only those", async () => {
    const entries = [
      window("morning", "08:00", "12:00", { capacity: { hot: 4 } }),
      window("afternoon", "13:00", "17:00", { capacity: { hot: 4 } }),
      window("evening", "18:00", "20:00", { capacity: { hot: 0 } }),
      window("asleep", "20:00", "22:00", { capacity: { stopped: 2 } }),
    ];
    const jobs = jobsAt([
      // One at a time, and every machine is back before the next: the one of the default would do.
      ...every(30 * minute, 6, 8.5 * hour),
      // Two at once: one of them needs the window.
      ...every(30 * minute, 6, 13.5 * hour).flatMap((atMs) => [atMs, atMs]),
    ]);
    const found = await windowsOf(entries, jobs);
    expect(found.map(({ entry, kind, jobs: count }) => [entry, kind, count])).toEqual([
      // A job takes one of four: three are left, which is what the window adds.
      ["morning", "never-needed", 6],
      ["asleep", "never-needed", 0],
    ]);
    expect(found[0]?.addsHours).toEqual({ hot: 12, stopped: 0 });
    expect(found[0]?.addsUsd).toBeCloseTo(6, 6);
    expect(found[1]?.addsUsd).toBeCloseTo(0.4, 6);
  });

  it("really change no wait when they are taken away", async () => {
    const needless = window("morning", "08:00", "12:00", { capacity: { hot: 4 } });
    const jobs = jobsAt(every(30 * minute, 6, 8.5 * hour));
    const waits = async (entries: readonly Entry[]) => {
      const schedule = { default: { hot: 1, stopped: 0 }, entries };
      const report = await simulateFleet({
        catalog: aCatalog([steady(1, 0, { schedule, leadMs: 0 })]),
        jobs,
        seed: 1,
        boots,
        delays,
      });
      return report.waitsMs;
    };
    expect(await waits([])).toEqual(await waits([needless]));
  });
});

import type { Entry, Exception } from "@runs-fleet/scheduling";
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

async function windowsOf(
  entries: readonly Entry[],
  jobs: readonly SimulatedJob[],
  { leadMs = 0, exceptions = [] }: { leadMs?: number; exceptions?: readonly Exception[] } = {},
) {
  const schedule = { default: { hot: 1, stopped: 0 }, entries, exceptions };
  const pool = steady(1, 0, { schedule, leadMs });
  const report = await simulateFleet({
    catalog: aCatalog([pool]),
    jobs,
    seed: 1,
    boots,
    delays,
    rates: { p: { hotUsdPerHour: 0.5, stoppedUsdPerHour: 0.1 } },
    horizon: { fromMs, toMs: fromMs + 24 * hour },
  });
  return report;
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
    expect((await windowsOf(entries, jobsAt(busy))).spareWindows).toEqual([
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
    const { spareWindows: found, untriedWindows } = await windowsOf(entries, jobs);
    expect(untriedWindows).toEqual([]);
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

describe("windows that never fall into what is simulated", () => {
  const hot = { capacity: { hot: 4 } };
  /** All of a Tuesday, the 24th of November 2026. */
  const tuesday = async (entries: readonly Entry[], exceptions: readonly Exception[] = []) => {
    const report = await windowsOf(entries, jobsAt([9 * hour]), { leadMs: hour, exceptions });
    return {
      untried: report.untriedWindows.map(({ entry }) => entry),
      spare: report.spareWindows.map(({ entry }) => entry),
    };
  };

  it("are named apart, whatever keeps them away", async () => {
    const found = await tuesday(
      [
        window("friday", "08:00", "12:00", { ...hot, days: ["fri"] } as Partial<Entry>),
        // Its lead is simulated, and raises the target; the window itself is not.
        window("tomorrow", "00:00", "02:00", { ...hot, days: ["wed"] } as Partial<Entry>),
        window("ended", "22:00", "00:00", { ...hot, days: ["mon"] } as Partial<Entry>),
        window("expired", "08:00", "12:00", { ...hot, validUntil: "2026-11-01" }),
        window("holiday", "08:00", "12:00", hot),
      ],
      [{ name: "off", dates: ["2026-11-24"], entries: ["holiday"] }],
    );
    expect(found).toEqual({
      untried: ["friday", "tomorrow", "ended", "expired", "holiday"],
      spare: [],
    });
  });

  it("are not those that fall into a part of it, that others hide, or that an exception brings", async () => {
    const found = await tuesday(
      [
        window("night", "22:00", "02:00", { ...hot, days: ["mon"] } as Partial<Entry>),
        window("hidden", "08:00", "12:00", { capacity: { hot: 1 } }),
        window("all day", "00:00", "00:00", {
          capacity: { hot: 4 },
          spanDays: 1,
        } as Partial<Entry>),
        window("as friday", "08:00", "12:00", { ...hot, days: ["fri"] } as Partial<Entry>),
      ],
      [{ name: "bridge", dates: ["2026-11-24"], entries: ["as friday"], action: { as: "fri" } }],
    );
    expect(found).toEqual({
      untried: [],
      spare: ["night", "hidden", "all day", "as friday"],
    });
  });

  it("are not those that are switched off: nobody wonders about them", async () => {
    const off = window("off", "08:00", "12:00", {
      ...hot,
      days: ["fri"],
      enabled: false,
    } as Partial<Entry>);
    expect(await tuesday([off])).toEqual({ untried: [], spare: [] });
  });
});

import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import {
  checkZones,
  compileSchedule,
  evaluate,
  intlZones,
  layered,
  nextTransition,
  type TzTable,
  tableZones,
} from "../index.ts";
import { tzdata } from "../tzdata/index.ts";
import { offsetAt } from "./civil-clock.ts";

const table = tableZones(tzdata);
const at = (iso: string): number => Date.parse(iso);
const now = at("2026-11-24T12:00:00Z");
const offset = (zones: ReturnType<typeof intlZones>, id: string, instant: number): number =>
  offsetAt(zones.spans(id, instant, instant + 1), instant) / 3_600_000;

describe("intlZones", () => {
  const zones = intlZones();

  it("knows names and links in any case, and nothing else", () => {
    expect(offset(zones, "Asia/Kolkata", now)).toBe(5.5);
    expect(offset(zones, "asia/calcutta", now)).toBe(5.5);
    for (const id of ["Mars/Olympus", "+05:30", "Local", "", "Europe/Berlin "]) {
      expect(() => zones.spans(id, now, now + 1), id).toThrow(RangeError);
      expect(zones.range?.(id), id).toBeUndefined();
    }
  });

  it("gives spans that begin at or before the range, ascend, and differ from their neighbours", () => {
    const [from, to] = [at("2020-01-01T00:00Z"), at("2030-01-01T00:00Z")];
    const { at: times, offsetMs } = zones.spans("Europe/Berlin", from, to);
    expect(times.length).toBe(21);
    expect(times[0]).toBeLessThanOrEqual(from);
    for (let index = 1; index < times.length; index++) {
      expect(times[index]).toBeGreaterThan(times[index - 1] ?? 0);
      expect(offsetMs[index]).not.toBe(offsetMs[index - 1]);
    }
  });

  it("reads clocks before the first railway and before the first year", () => {
    expect(offset(zones, "Europe/Berlin", at("1850-01-01T00:00Z"))).toBeCloseTo(
      (53 * 60 + 28) / 3_600,
      9,
    );
    expect(offset(zones, "Europe/Berlin", -70_000_000_000_000)).toBeCloseTo(
      (53 * 60 + 28) / 3_600,
      9,
    );
  });
});

describe("the zone table", () => {
  it("is made of what this machine's tz files hold", () => {
    const script = new URL("../../scripts/build-tzdata.mjs", import.meta.url).pathname;
    const run = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
    const own = /# version (\S+)/.exec(
      spawnSync("head", ["-1", "/usr/share/zoneinfo/tzdata.zi"], { encoding: "utf8" }).stdout,
    )?.[1];
    // On a machine with another release there is nothing to compare: the table must then only be the newer one.
    if (own === tzdata.version) expect(run.status, run.stderr).toBe(0);
    else expect(tzdata.version > (own ?? ""), `table ${tzdata.version}, machine ${own}`).toBe(true);
  });

  it("agrees with the runtime, but for names whose rules have changed since its release", {
    timeout: 60_000,
  }, () => {
    const runtime = intlZones();
    const [from, to] = [at("2026-01-02T00:00Z"), at("2027-12-31T00:00Z")];
    const different = tzdata.zones
      .flatMap((names) => names.split(" "))
      .filter((name) => {
        const ours = table.spans(name, from, to);
        const theirs = runtime.spans(name, from, to);
        return (
          ours.at.slice(1).join() !== theirs.at.slice(1).join() ||
          ours.offsetMs.join() !== theirs.offsetMs.join()
        );
      });
    // Node 20.20.2 has 2025c. The list must only ever shrink; a newer runtime finds fewer.
    const known = [
      ...["Africa/Casablanca", "Africa/El_Aaiun", "America/Edmonton", "America/Yellowknife"],
      ...["Canada/Mountain", "America/Havana", "Cuba", "America/Inuvik", "America/Rainy_River"],
      ...["America/Winnipeg", "Canada/Central", "America/Vancouver", "Canada/Pacific"],
      ...["Europe/Chisinau", "Europe/Tiraspol"],
    ];
    expect(different.filter((name) => !known.includes(name))).toEqual([]);
  });

  it("says where it ends instead of guessing", () => {
    expect(() =>
      table.spans("Europe/Berlin", at("2023-06-01T00:00Z"), at("2023-07-01T00:00Z")),
    ).toThrow("layered");
    expect(() => table.spans("Mars/Olympus", now, now + 1)).toThrow("Mars/Olympus");
    const compiled = compileSchedule(
      { timeZone: "europe/berlin", default: { hot: 1, stopped: 0 }, entries: [] },
      { zones: table },
    );
    expect(evaluate(compiled, now).hot).toBe(1);
    expect(() => evaluate(compiled, at("2040-01-01T00:00Z"))).toThrow(RangeError);
  });
});

describe("layered", () => {
  const zones = layered(table, intlZones());

  it("asks the first that knows: the newer table inside its years, the runtime beyond them", () => {
    expect(zones.version).toMatch(/^2026f\+/);
    expect(offset(zones, "America/Vancouver", at("2026-12-15T12:00Z"))).toBe(-7);
    expect(offset(zones, "Europe/Berlin", at("1996-07-01T12:00Z"))).toBe(2);
    expect(offset(zones, "Europe/Berlin", at("2040-07-01T12:00Z"))).toBe(2);
    expect(() => zones.spans("Mars/Olympus", now, now + 1)).toThrow(RangeError);
  });

  it("joins its sources without a seam", () => {
    for (const border of [tzdata.fromMinute * 60_000, tzdata.toMinute * 60_000]) {
      const spans = zones.spans(
        "Europe/Berlin",
        border - 300 * 86_400_000,
        border + 300 * 86_400_000,
      );
      const runtime = intlZones().spans(
        "Europe/Berlin",
        border - 300 * 86_400_000,
        border + 300 * 86_400_000,
      );
      expect([...spans.at].slice(1)).toEqual([...runtime.at].slice(1));
      expect([...spans.offsetMs]).toEqual([...runtime.offsetMs]);
    }
  });

  it("lets an upper source take over in the middle of a range", () => {
    const spans = zones.spans(
      "America/Vancouver",
      at("2022-01-01T00:00Z"),
      at("2028-01-01T00:00Z"),
    );
    expect(offsetAt(spans, at("2022-12-15T12:00Z")) / 3_600_000).toBe(-8);
    expect(offsetAt(spans, at("2026-12-15T12:00Z")) / 3_600_000).toBe(-7);
  });

  it("lets a schedule see across the end of the table", () => {
    const entries = [
      { kind: "dated", name: "it", dates: ["2038-03-01"], capacity: { hot: 1 } } as const,
    ];
    const compiled = compileSchedule(
      { timeZone: "Europe/Berlin", default: { hot: 0, stopped: 0 }, entries },
      { zones },
    );
    expect(nextTransition(compiled, at("2037-06-01T00:00Z"))?.atMs).toBe(at("2038-02-28T23:00Z"));
  });
});

describe("checkZones", () => {
  it("finds nothing wrong with the table", () => {
    expect(checkZones(table, now)).toEqual([]);
    expect(checkZones(layered(table, intlZones()), now)).toEqual([]);
  });

  it("warns of wrong facts and of old releases", () => {
    const old: TzTable = {
      ...tzdata,
      version: "2025c",
      rules: tzdata.rules.map((rule) => [...rule]),
    };
    expect(checkZones(tableZones(old), now)).toEqual([]);
    expect(checkZones(tableZones(old), at("2027-01-01T00:00Z"))).toMatchObject([
      { code: "stale-tz", severity: "warning" },
    ]);
    const index = tzdata.zones.findIndex((names) => names.split(" ").includes("America/Vancouver"));
    const wrong = {
      ...old,
      rules: old.rules.map((rule, position) => (position === index ? [-480] : rule)),
    };
    const [finding] = checkZones(tableZones(wrong), now);
    expect(finding?.code).toBe("stale-tz");
    expect(finding?.message).toContain("America/Vancouver");
  });
});

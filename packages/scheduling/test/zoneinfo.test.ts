import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { compileSchedule, type DatedEntry, nextTransition } from "../src/index.ts";
import { tzifZones } from "./tzif-zones.ts";

type Row = readonly [
  zone: string,
  date: string,
  start: number,
  minutes: number,
  from: number | null,
  to: number | null,
];

const directory = "/usr/share/zoneinfo";
const full = process.env["RUNS_FLEET_FULL"] === "1";

/** Every name of the database, or one zone for every way in which clocks misbehave. */
function zoneNames(): string[] {
  const slice = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Antarctica/Troll",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Pacific/Chatham",
    "America/Vancouver",
    "Asia/Kolkata",
  ];
  if (!full) return slice;
  return readFileSync(join(directory, "tzdata.zi"), "utf8")
    .split("\n")
    .map((line) => line.split(" "))
    .flatMap(([tag, first = "", second = ""]) =>
      tag === "Z" ? [first] : tag === "L" ? [second] : [],
    )
    .filter((name) => name !== "Factory");
}

function ask(): Row[] {
  const script = new URL("zoneinfo_oracle.py", import.meta.url).pathname;
  const request = {
    directory,
    zones: zoneNames(),
    from: full ? 2020 : 2026,
    to: full ? 2035 : 2027,
  };
  const run = spawnSync("python3", [script], {
    input: JSON.stringify(request),
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (run.error || run.status !== 0) {
    throw new Error(
      `This test compares the engine with Python's zoneinfo and needs python3 3.9 or newer and the tz files in ${directory} (Debian: apt-get install python3 tzdata): ${run.error?.message ?? run.stderr}`,
    );
  }
  return run.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Row);
}

describe("the engine and Python's zoneinfo, reading the same files", () => {
  let rows: Row[] = [];
  beforeAll(
    () => {
      rows = ask();
    },
    full ? 3_600_000 : 60_000,
  );

  it("has something to compare", () => expect(rows.length).toBeGreaterThan(1_000));

  it("agree where windows around clock changes begin and end", {
    timeout: full ? 3_600_000 : 60_000,
  }, () => {
    const zones = tzifZones(directory);
    const time = (minute: number): string =>
      `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
    for (const [zone, date, start, minutes, from, to] of rows) {
      const end = (start + minutes) % 1_440;
      const spanDays = Math.floor((start + minutes) / 1_440);
      const entry: DatedEntry = {
        kind: "dated",
        name: "it",
        dates: [date],
        start: time(start),
        end: time(end),
        spanDays,
        capacity: { hot: 1 },
      };
      const compiled = compileSchedule(
        { timeZone: zone, default: { hot: 0, stopped: 0 }, entries: [entry] },
        { zones },
      );
      const opens = nextTransition(compiled, Date.parse(date) - 3 * 86_400_000);
      const closes = opens && nextTransition(compiled, opens.atMs);
      const found = [opens?.atMs ?? null, closes?.atMs ?? null];
      const expected = [from === null ? null : from * 1_000, to === null ? null : to * 1_000];
      if (found[0] !== expected[0] || found[1] !== expected[1]) {
        expect.fail(
          `${zone} ${date} ${time(start)} for ${minutes} min: engine ${found}, zoneinfo ${expected}`,
        );
      }
    }
  });
});

import { describe, expect, it } from "vitest";
import { readArguments } from "../src/arguments.ts";

const read = (line: string) => readArguments(line.split(" ").filter(Boolean));
const simulation = (line: string) => {
  const result = read(line);
  return result.ok && result.command.kind === "simulate" ? result.command.simulation : result;
};

describe("the command line", () => {
  it("serves when it says nothing", () => {
    expect(read("")).toEqual({ ok: true, command: { kind: "serve", once: false, jobs: 0 } });
    expect(read("--once --jobs 5")).toEqual({
      ok: true,
      command: { kind: "serve", once: true, jobs: 5 },
    });
  });

  it("shows help whatever else it says", () => {
    for (const line of ["--help", "-h", "--speed 600 --help"]) {
      expect(read(line)).toEqual({ ok: true, command: { kind: "help" } });
    }
  });

  it("simulates with a speed, without an end, from now on", () => {
    expect(simulation("--speed 600")).toEqual({
      speed: 600,
      fromMs: undefined,
      hours: undefined,
      seed: 1,
    });
  });

  it("takes values after a space and after an equals sign", () => {
    const wanted = { speed: 1.5, fromMs: Date.UTC(2026, 9, 24, 18), hours: 48, seed: 7 };
    const from = "2026-10-24T18:00Z";
    expect(simulation(`--speed 1.5 --from ${from} --once --hours 48 --seed 7`)).toEqual(wanted);
    expect(simulation(`--seed=7 --hours=48 --once --from=${from} --speed=1.5`)).toEqual(wanted);
  });

  it("ends after a day when it is to run once", () => {
    expect(simulation("--speed max --once")).toMatchObject({ speed: "max", hours: 24 });
  });

  it.each([
    ["2026-10-24T20:00+02:00", "2026-10-24T18:00:00.000Z"],
    ["2026-10-24T18:00:30Z", "2026-10-24T18:00:30.000Z"],
    ["2028-02-29", "2028-02-29T00:00:00.000Z"],
  ])("begins at %s", (text, iso) => {
    expect(simulation(`--speed 60 --from ${text}`)).toMatchObject({ fromMs: Date.parse(iso) });
  });

  it.each([
    ["--sped 600", "Unknown argument --sped"],
    ["600", "Unknown argument 600"],
    ["--once=yes", "Unknown argument --once=yes"],
    ["--speed", "--speed needs a value"],
    ["--speed=", "--speed needs a value"],
    ["--speed --once", "--speed needs a value"],
    ["--speed 1 --speed 2", "--speed is given twice"],
    ["--speed 0", "--speed needs a number from 1 to 3600, or max, not 0"],
    ["--speed 3601", "--speed needs a number from 1 to 3600, or max, not 3601"],
    ["--speed 1e3", "--speed needs a number from 1 to 3600, or max, not 1e3"],
    ["--speed fast", "--speed needs a number from 1 to 3600, or max, not fast"],
    ["--speed 600 --hours 5", "--hours goes with --once"],
    ["--speed 600 --once --hours 0", "--hours needs a whole number from 1 to 744, not 0"],
    ["--speed 600 --once --hours 1.5", "--hours needs a whole number from 1 to 744, not 1.5"],
    ["--speed 600 --seed -1", "--seed needs a whole number from 0 to 4294967295, not -1"],
    ["--speed 600 --jobs 5", "--jobs does not go with --speed: its jobs come by themselves"],
    ["--from 2026-10-24T18:00Z", "--from goes with --speed"],
    ["--once --hours 5", "--hours goes with --speed"],
    ["--seed 5", "--seed goes with --speed"],
    ["--jobs many", "--jobs needs a whole number, not many"],
  ])("refuses %s", (line, problem) => {
    expect(read(line)).toEqual({ ok: false, problem });
  });

  it.each([
    "yesterday",
    "2026-10-24T18:00",
    "2026-10-24 18:00Z",
    "2026-02-30T00:00Z",
    "2026-13-01",
    "2026-10-24T25:00Z",
    "1999-12-31T23:00Z",
    "2100-01-01",
    "1793390400000",
  ])("refuses to begin at %s, and says what it needs", (text) => {
    const result = readArguments(["--speed", "600", "--from", text]);
    expect(result).toMatchObject({
      ok: false,
      problem: expect.stringContaining(`such as 2026-10-24T18:00Z`),
    });
  });
});

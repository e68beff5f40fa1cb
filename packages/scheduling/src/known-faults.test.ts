import { describe, expect, it } from "vitest";
import { compileSchedule, type Entry, evaluate, nextTransition, transitions } from "./index.ts";

const pool = (timeZone: string, ...entries: Entry[]) =>
  compileSchedule({ timeZone, default: { hot: 0, stopped: 0 }, entries });
const at = (iso: string): number => Date.parse(iso);
const one = { name: "it", capacity: { hot: 1 } };

describe("faults of other systems", () => {
  it("KEDA #4677: a pair that ends on Friday night does not stay up until Sunday", () => {
    const c = pool("Europe/Berlin", {
      ...one,
      kind: "cronPair",
      cron: "0 6 * * 1-5",
      until: "10 22 * * 1-5",
    });
    expect(evaluate(c, at("2026-01-16T21:09:00Z")).hot).toBe(1);
    for (const day of ["16T21:10", "17T12:00", "18T12:00", "19T04:59"])
      expect(evaluate(c, at(`2026-01-${day}:00Z`)).hot).toBe(0);
    expect(evaluate(c, at("2026-01-19T05:00:00Z")).hot).toBe(1);
  });

  it("a pair that closes once a year closes then, and not when an earlier day found no end in sight", () => {
    const c = pool("UTC", { ...one, kind: "cronPair", cron: "0 8 * * *", until: "0 0 1 1 *" });
    expect(evaluate(c, at("2026-12-31T23:59:59Z")).hot).toBe(1);
    for (const time of ["00:00", "07:59"])
      expect(evaluate(c, at(`2027-01-01T${time}:00Z`)).hot).toBe(0);
    expect(evaluate(c, at("2027-01-01T08:00:00Z")).hot).toBe(1);
    // From one opening a day on, the cap of 31 days never shows.
    expect(evaluate(c, at("2027-06-15T03:00:00Z")).hot).toBe(1);
  });

  it("terraform idle_config #1889: a weekday mask reaches to both edges of the day", () => {
    const c = pool("Europe/Amsterdam", { ...one, kind: "cronMask", during: "* * * * 1-5" });
    for (const [time, hot] of [
      ["2026-01-11T22:59:59.999Z", 0],
      ["2026-01-11T23:00:00Z", 1],
      ["2026-01-16T22:59:59.999Z", 1],
      ["2026-01-16T23:00:00Z", 0],
    ] as const) {
      expect(evaluate(c, at(time)).hot).toBe(hot);
    }
  });

  it("terraform idle_config #1690: a mask of 8-23 is active until midnight, and says so", () => {
    const c = pool("UTC", { ...one, kind: "cronMask", during: "* 8-23 * * *" });
    expect(nextTransition(c, at("2026-01-12T12:00:00Z"))?.atMs).toBe(at("2026-01-13T00:00:00Z"));
  });

  it("runs-fleet (Go): an overnight window belongs to the day on which it starts", () => {
    const c = pool("UTC", { ...one, kind: "weekly", days: ["mon"], start: "22:00", end: "06:00" });
    expect(evaluate(c, at("2026-01-12T03:00:00Z")).hot).toBe(0); // Monday morning
    expect(evaluate(c, at("2026-01-13T03:00:00Z")).hot).toBe(1); // Tuesday morning
  });

  it("AWS Instance Scheduler #586: a window to the end of the day leaves no minute out", () => {
    const c = pool("America/New_York", { ...one, kind: "weekly", start: "00:00", end: "24:00" });
    expect([...transitions(c, at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"))]).toEqual([]);
    expect(evaluate(c, at("2026-01-13T04:59:30Z")).hot).toBe(1);
  });

  it("k8s CronJob #121594: what fires in a repeated hour fires once", () => {
    const c = pool("Europe/Berlin", { ...one, kind: "cron", cron: "30 2 * * *", forMinutes: 10 });
    const night = [...transitions(c, at("2026-10-24T12:00:00Z"), at("2026-10-25T12:00:00Z"))];
    // From 00:30Z to 00:40Z: the second 02:30, at 01:30Z, is not another firing.
    expect(night.map(({ atMs }) => new Date(atMs).toISOString().slice(11, 16))).toEqual([
      "00:30",
      "00:40",
    ]);
  });

  it("EventBridge and robfig: what fires in a skipped hour is not lost, and a fall is not either", () => {
    const c = pool("Europe/Berlin", {
      ...one,
      kind: "cronPair",
      cron: "0 20 * * *",
      until: "30 2 * * *",
    });
    expect(nextTransition(c, at("2026-03-29T00:00:00Z"))?.atMs).toBe(at("2026-03-29T01:00:00Z"));
  });

  it("ARC scheduledOverrides: office hours do not move by an hour in summer", () => {
    const c = pool("America/New_York", { ...one, kind: "weekly", start: "09:00", end: "17:00" });
    expect(nextTransition(c, at("2026-01-15T06:00:00Z"))?.atMs).toBe(at("2026-01-15T14:00:00Z"));
    expect(nextTransition(c, at("2026-07-15T06:00:00Z"))?.atMs).toBe(at("2026-07-15T13:00:00Z"));
  });

  it("cron-parser: a firing in Lord Howe's half-hour gap is the end of the gap", () => {
    const c = pool("Australia/Lord_Howe", {
      ...one,
      kind: "cron",
      cron: "15 2 * * *",
      forMinutes: 60,
    });
    expect(nextTransition(c, at("2026-10-03T15:00:00Z"))?.atMs).toBe(at("2026-10-03T15:30:00Z"));
  });
});

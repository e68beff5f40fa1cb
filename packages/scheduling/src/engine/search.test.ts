import { describe, expect, it } from "vitest";
import {
  compileSchedule,
  type Entry,
  evaluate,
  forecast,
  intlZones,
  nextTransition,
  type Schedule,
  target,
  type ZoneSource,
} from "../index.ts";

/** A source that counts: each page of a schedule asks for its offsets once when it is built. */
function counting(): ZoneSource & { pages: number } {
  const zones = intlZones();
  const source = {
    pages: 0,
    version: "test",
    spans: (id: string, fromMs: number, toMs: number) => {
      source.pages++;
      return zones.spans(id, fromMs, toMs);
    },
  };
  return source;
}

const nowMs = Date.parse("2026-11-24T12:00:30Z");
const MINUTE = 60_000;
/** Every other minute, and to no effect: pages are short, and no change comes within the horizon. */
const busy: Entry = { kind: "cronMask", name: "busy", during: "*/2 * * * *", capacity: { hot: 1 } };
const schedule: Schedule = { default: { hot: 1, stopped: 0 }, entries: [busy] };

describe("a search that finds no change", () => {
  const questions = {
    evaluate: (atMs: number, zones: ZoneSource) =>
      evaluate(compileSchedule(schedule, { zones }), atMs).untilMs,
    nextTransition: (atMs: number, zones: ZoneSource) =>
      nextTransition(compileSchedule(schedule, { zones }), atMs),
    target: (atMs: number, zones: ZoneSource) =>
      target(compileSchedule(schedule, { zones, smoothing: { leadMs: 1 } }), atMs).untilMs,
  };

  it.each(Object.entries(questions))("of %s is not repeated", (_, ask) => {
    const zones = counting();
    ask(nowMs, zones);
    const first = zones.pages;
    expect(first).toBeGreaterThan(200);
    ask(nowMs, zones);
    ask(nowMs + 10, zones);
    expect(zones.pages).toBe(first);
    // Other stretches of time, of the same page and of later ones, cost what is new about them.
    for (let minute = 1; minute <= 7 * 1_440; minute += 7) ask(nowMs + minute * MINUTE, zones);
    expect(zones.pages - first).toBeLessThan(60);
  });

  it("is not begun by a forecast", () => {
    const zones = counting();
    const compiled = compileSchedule(schedule, { zones });
    forecast(compiled, nowMs, nowMs + 7 * 1_440 * MINUTE, {
      hotUsdPerHour: 1,
      stoppedUsdPerHour: 1,
    });
    expect(zones.pages).toBeLessThan(20);
  });
});

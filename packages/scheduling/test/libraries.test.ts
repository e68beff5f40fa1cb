import { Cron } from "croner";
import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import { firesOn, parseCron } from "../src/calendar/cron.ts";
import { clockAt, instantOf, offsetAt } from "../src/zones/civil-clock.ts";
import { discoverBySamples, discoverWithTemporal } from "../src/zones/discover.ts";
import { createIntlZones, intlZones } from "../src/zones/intl-zones.ts";
import { createOffsetReader } from "../src/zones/offset-reader.ts";
import { CHANGES, near } from "./arbitraries.ts";

const DAY = 86_400_000;
const zones = intlZones();
const around = fc
  .constantFrom(...CHANGES)
  .chain(({ zone, atMs }) => near(atMs).map((at) => ({ zone, at })));

describe("the civil clock", () => {
  const spansOf = (zone: string, at: number) => zones.spans(zone, at - 5 * DAY, at + 5 * DAY);

  it("never runs backwards, and its inverse is the first instant that shows a time", () => {
    fc.assert(
      fc.property(
        around,
        fc.integer({ min: -300_000_000, max: 300_000_000 }),
        ({ zone, at }, shift) => {
          const spans = spansOf(zone, at);
          expect(instantOf(spans, clockAt(spans, at))).toBeLessThanOrEqual(at);
          expect(clockAt(spans, at + 1)).toBeGreaterThanOrEqual(clockAt(spans, at));
          const local = clockAt(spans, at) + shift;
          const first = instantOf(spans, local);
          expect(clockAt(spans, first)).toBeGreaterThanOrEqual(local);
          expect(clockAt(spans, first - 1)).toBeLessThan(local);
          expect(instantOf(spans, local + 60_000)).toBeGreaterThanOrEqual(first);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("is Temporal's earlier reading of times that exist, and the change itself for times that do not", () => {
    fc.assert(
      fc.property(around, fc.integer({ min: -1_500, max: 1_500 }), ({ zone, at }, minutes) => {
        const spans = spansOf(zone, at);
        const local = Math.floor((at + offsetAt(spans, at)) / 60_000) * 60_000 + minutes * 60_000;
        const plain = Temporal.Instant.fromEpochMilliseconds(local)
          .toZonedDateTimeISO("UTC")
          .toPlainDateTime();
        const zoned = plain.toZonedDateTime(zone, { disambiguation: "earlier" });
        const exists = zoned.toPlainDateTime().equals(plain);
        // Temporal reads a skipped time back by the length of the gap, which is just before the change.
        const expected = exists ? zoned : zoned.getTimeZoneTransition("next");
        expect(instantOf(spans, local)).toBe(expected?.epochMilliseconds);
      }),
      { numRuns: 500 },
    );
  });
});

describe("zone discovery", () => {
  it("finds by samples what Temporal knows", () => {
    for (const zone of [
      "Europe/Berlin",
      "Africa/Casablanca",
      "Australia/Lord_Howe",
      "America/Sao_Paulo",
      "Pacific/Apia",
      "Asia/Kathmandu",
    ]) {
      const [from, to] = [Date.UTC(2008, 5, 1), Date.UTC(2022, 5, 1)];
      const sampled = discoverBySamples(createOffsetReader(zone), from, to);
      expect(sampled, zone).toEqual(discoverWithTemporal(Temporal, zone, from, to));
    }
  });

  it("gives the same spans with Temporal as without", () => {
    const [plain, native] = [createIntlZones(undefined, "x"), createIntlZones(Temporal, "x")];
    for (const { zone, atMs } of CHANGES) {
      const range = [zone, atMs - 200 * DAY, atMs + 200 * DAY] as const;
      expect(plain.spans(...range), zone).toEqual(native.spans(...range));
    }
  });
});

describe("cron expressions", () => {
  const word = (min: number, max: number): fc.Arbitrary<string> =>
    fc.oneof(
      fc.constant("*"),
      fc.integer({ min, max }).map(String),
      fc
        .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
        .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
      fc.integer({ min: 1, max: Math.min(9, max) }).map((step) => `*/${step}`),
      fc
        .array(fc.integer({ min, max }), { minLength: 2, maxLength: 3 })
        .map((list) => list.join(",")),
    );
  const expression = fc
    .tuple(word(0, 59), word(0, 23), word(1, 28), word(1, 12), word(0, 6))
    .map((fields) => fields.join(" "));

  it("fire when croner's do, on days without a clock change", () => {
    fc.assert(
      fc.property(expression, fc.integer({ min: 0, max: 3_650 }), (text, days) => {
        const cron = parseCron(text);
        if ("problem" in cron) return expect.fail(`${text}: ${cron.problem}`);
        const from = Date.UTC(2024, 0, 1) + days * DAY;
        let next: number | undefined;
        for (
          let day = Math.floor(from / DAY);
          day < from / DAY + 3_000 && next === undefined;
          day++
        ) {
          if (!firesOn(cron, day)) continue;
          next = cron.minutes.map((minute) => day * DAY + minute * 60_000).find((at) => at > from);
        }
        expect(next).toBe(new Cron(text, { timezone: "UTC" }).nextRun(new Date(from))?.getTime());
      }),
      { numRuns: 300 },
    );
  });
});

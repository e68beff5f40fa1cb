import { describe, expect, it } from "vitest";
import { createMinuteBudget } from "../capacity/minute-budget.ts";
import { createWordLane } from "./word-lane.ts";

const minuteMs = 60_000;
const owed = () => true;
const keys = (count: number) => Array.from({ length: count }, (_, index) => `${index}.1`);

/** What is said minute by minute when so many words are asked for at once. */
function said(count: number, minutes: number, mints = 160): readonly number[] {
  const lane = createWordLane(createMinuteBudget(mints));
  for (const key of keys(count)) lane.put(key);
  return Array.from({ length: minutes }, (_, minute) => lane.take(minute * minuteMs, owed).length);
}

describe("words to developers", () => {
  it("are said forty a minute, the oldest first", () => {
    const lane = createWordLane(createMinuteBudget(160));
    for (const key of keys(100)) lane.put(key);
    expect(lane.take(0, owed)).toEqual(keys(40));
    expect(lane.take(minuteMs - 1, owed)).toEqual([]);
    const nextMs = lane.nextMs(minuteMs - 1);
    expect(nextMs).toBeLessThanOrEqual(minuteMs + 1);
    expect(lane.take(nextMs, owed)).toEqual(keys(80).slice(40));
  });

  it("are said 450 an hour", () => {
    const counts = said(1_000, 61);
    expect(counts.slice(0, 13)).toEqual([...Array(11).fill(40), 10, 0]);
    expect(counts.slice(0, 60).reduce((sum, count) => sum + count)).toBe(450);
    expect(counts[60]).toBe(40);
  });

  it("never take the place of a registration, and cost what one costs", () => {
    const mints = createMinuteBudget(50);
    const lane = createWordLane(mints);
    for (let claim = 0; claim < 45; claim += 1) mints.spend(0);
    for (const key of keys(9)) lane.put(key);
    expect(lane.take(0, owed)).toEqual(keys(5));
    expect(mints.left(0)).toBe(0);
  });

  it("that nobody is owed any more leave, and spend nothing", () => {
    const lane = createWordLane(createMinuteBudget(160));
    for (const key of keys(50)) lane.put(key);
    const even = (key: string) => Number(key.slice(0, -2)) % 2 === 0;
    expect(lane.take(0, even)).toEqual(keys(50).filter(even));
    expect([lane.left(0), lane.nextMs(0)]).toEqual([15, Number.POSITIVE_INFINITY]);
  });

  it("about one job are one", () => {
    const lane = createWordLane(createMinuteBudget(160));
    lane.put("1.1");
    lane.put("1.1");
    expect(lane.take(0, owed)).toEqual(["1.1"]);
    expect(lane.nextMs(0)).toBe(Number.POSITIVE_INFINITY);
  });

  it("of a predecessor count, but as registrations they are counted elsewhere", () => {
    const mints = createMinuteBudget(160);
    const lane = createWordLane(mints);
    for (let word = 0; word < 30; word += 1) lane.note(0);
    expect([lane.left(0), mints.left(0)]).toEqual([10, 160]);
    for (const key of keys(4)) lane.put(key);
    expect(lane.left(0)).toBe(6);
  });
});

import { describe, expect, it } from "vitest";
import { createVirtualClock } from "../virtual-clock.ts";
import { createTimetable } from "./timetable.ts";

describe("the timetable", () => {
  it("runs what is due, in the order of its instants and then of its entries", async () => {
    const clock = createVirtualClock(0);
    const timetable = createTimetable(clock);
    const ran: string[] = [];
    for (const [atMs, name] of [
      [30, "c"],
      [10, "a"],
      [20, "b1"],
      [20, "b2"],
    ] as const) {
      timetable.at(atMs, () => ran.push(`${name}@${clock.now()}`));
    }
    await clock.advance(25);
    expect(ran).toEqual(["a@10", "b1@20", "b2@20"]);
    await clock.advance(25);
    expect(ran).toEqual(["a@10", "b1@20", "b2@20", "c@30"]);
  });

  it("never runs what was called off or closed", async () => {
    const clock = createVirtualClock(0);
    const timetable = createTimetable(clock);
    const ran: number[] = [];
    const calledOff = timetable.at(10, () => ran.push(10));
    timetable.at(20, () => ran.push(20));
    calledOff();
    calledOff();
    await clock.advance(15);
    timetable.close();
    await clock.advance(15);
    expect(ran).toEqual([]);
    timetable.at(40, () => ran.push(40));
    await clock.advance(15);
    expect(ran).toEqual([40]);
  });

  it("sleeps only while something is due, and never twice at once", async () => {
    const virtual = createVirtualClock(0);
    let asleep = 0;
    let most = 0;
    const timetable = createTimetable({
      now: virtual.now,
      monotonicMs: virtual.monotonicMs,
      sleep: (delayMs, signal) => {
        asleep += 1;
        most = Math.max(most, asleep);
        return virtual.sleep(delayMs, signal).finally(() => {
          asleep -= 1;
        });
      },
    });
    const off = Array.from({ length: 500 }, (_, index) =>
      timetable.at(1_000 + index, () => undefined),
    );
    await virtual.advance(0);
    expect(asleep).toBe(1);
    for (const callOff of off) callOff();
    await virtual.advance(0);
    expect(asleep).toBe(0);
    expect(most).toBe(1);
  });

  it("lets an entry add another that is due at once", async () => {
    const clock = createVirtualClock(0);
    const timetable = createTimetable(clock);
    const ran: string[] = [];
    timetable.at(5, () => {
      ran.push("first");
      timetable.at(5, () => ran.push("second"));
    });
    await clock.advance(5);
    expect(ran).toEqual(["first", "second"]);
  });
});

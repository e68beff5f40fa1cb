import { describe, expect, it } from "vitest";
import { createBootTimes } from "./boot-times.ts";

describe("boot times of a pool", () => {
  it("say nothing before there are five", () => {
    const boots = createBootTimes();
    for (let boot = 0; boot < 4; boot++) boots.note("linux", 60_000);
    expect(boots.p95s().get("linux")).toBe(undefined);
    boots.note("linux", 60_000);
    expect(boots.p95s().get("linux")).toBe(60_000);
    expect(boots.p95s().get("windows")).toBe(undefined);
  });

  it("give the time within which 95 of 100 were ready", () => {
    const boots = createBootTimes();
    for (let boot = 100; boot > 0; boot--) boots.note("linux", boot * 1_000);
    expect(boots.p95s().get("linux")).toBe(95_000);
  });

  it("forget what is long past: a faster image shows", () => {
    const boots = createBootTimes();
    for (let boot = 0; boot < 50; boot++) boots.note("linux", 300_000);
    for (let boot = 0; boot < 100; boot++) boots.note("linux", 20_000);
    expect(boots.p95s().get("linux")).toBe(20_000);
  });
});

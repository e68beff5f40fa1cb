import { describe, expect, it } from "vitest";
import { type FailureKind, FleetError } from "../ports/failure.ts";
import { causeOf, createGates } from "./gates.ts";

const error = (kind: FailureKind, retryAfterMs?: number) =>
  new FleetError({ kind, message: kind, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
const middle = () => 0.5;

describe("a gate", () => {
  it("is open until something fails, shut for a while then, and open again", () => {
    const gates = createGates(middle);
    expect(gates.shut("a", 0)).toBeUndefined();
    const gate = gates.fail("a", error("unavailable"), 0);
    expect(gates.shut("a", 0)).toBe(gate);
    expect(gates.shut("b", 0)).toBeUndefined();
    expect(gates.shut("a", gate.untilMs)).toBeUndefined();
    expect(gates.nextOpenMs(0)).toBe(gate.untilMs);
    expect(gates.nextOpenMs(gate.untilMs)).toBeUndefined();
  });

  it("stays shut longer each time, up to two minutes", () => {
    const gates = createGates(middle);
    const delays: number[] = [];
    let nowMs = 0;
    for (let round = 0; round < 9; round++) {
      const { untilMs } = gates.fail("a", error("unavailable"), nowMs);
      delays.push(untilMs - nowMs);
      nowMs = untilMs;
    }
    expect(delays).toEqual([
      2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 120_000, 120_000, 120_000,
    ]);
  });

  it("counts calls that fail together as one failure", () => {
    const gates = createGates(middle);
    for (let call = 0; call < 24; call++) gates.fail("a", error("unavailable"), call);
    expect(gates.shut("a", 24)?.failures).toBe(1);
    expect((gates.shut("a", 24)?.untilMs ?? 0) - 24).toBeLessThanOrEqual(2_000);
  });

  it("obeys the service, and is not opened earlier by a failure that asks for less", () => {
    const gates = createGates(middle);
    expect(gates.fail("a", error("throttled", 45_000), 0).untilMs).toBe(45_000);
    expect(gates.fail("a", error("unavailable"), 1).untilMs).toBe(45_000);
  });

  it.each(["config", "auth"] as const)("waits minutes after %s: a person has to act", (kind) => {
    expect(createGates(middle).fail("a", error(kind), 0).untilMs).toBe(300_000);
  });

  it("looks often for capacity, and at once when a place became free", () => {
    const gates = createGates(() => 0.999);
    let nowMs = 0;
    for (let round = 0; round < 9; round++)
      nowMs = gates.fail("a", error("capacity"), nowMs).untilMs;
    const { untilMs } = gates.fail("a", error("capacity"), nowMs);
    expect(untilMs - nowMs).toBeLessThanOrEqual(20_000);
    gates.roomFreed("a");
    expect(gates.shut("a", nowMs)).toBeUndefined();
    gates.fail("a", error("unavailable"), nowMs);
    gates.roomFreed("a");
    expect(gates.shut("a", nowMs)).toBeDefined();
  });

  it("begins anew after a success", () => {
    const gates = createGates(middle);
    const first = gates.fail("a", error("unavailable"), 0).untilMs;
    gates.fail("a", error("unavailable"), first);
    gates.pass("a");
    expect(gates.shut("a", first)).toBeUndefined();
    expect(gates.fail("a", error("unavailable"), 10_000).untilMs).toBe(12_000);
  });

  it("names the cause of whatever is thrown, briefly", () => {
    expect(causeOf(error("quota"))).toEqual({ code: "quota", message: "quota" });
    expect(causeOf(new Error("x".repeat(9_000)))).toEqual({
      code: "unknown",
      message: "x".repeat(500),
    });
    expect(causeOf("text")).toEqual({ code: "unknown", message: "text" });
  });
});

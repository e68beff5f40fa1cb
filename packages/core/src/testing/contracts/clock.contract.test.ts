import { describe, expect, it } from "vitest";
import { systemClock } from "../../ports/system-clock.ts";
import { createVirtualClock, type VirtualClock } from "../virtual-clock.ts";
import { describeClockContract } from "./clock.ts";

const api = { describe, it, expect };

describe("the clock of the machine", () => {
  describeClockContract({ api, create: async () => systemClock });
});

describe("the virtual clock", () => {
  describeClockContract({
    api,
    create: async () => createVirtualClock(1_790_000_000_000),
    traits: { advance: (clock, byMs) => (clock as VirtualClock).advance(byMs) },
  });
});

import { createVirtualClock } from "@runs-fleet/core/testing";
import { describe, expect, it } from "vitest";
import type { Ec2Offering, OfferingPlan } from "./plan-offerings.ts";
import { createRefusals, planTries, refusalKey } from "./refusals.ts";

const offering = (type: string, zone = "a"): Ec2Offering => ({
  type,
  subnet: { id: `subnet-${zone}`, zone },
  template: { LaunchTemplateId: "lt-0a", Version: "1" },
});

const plan: OfferingPlan = new Map([
  ["spot", [offering("c7g.large"), offering("m7g.large")]],
  ["on-demand", [offering("c7g.large"), offering("m7g.large")]],
]);

function tried(zone: string | undefined, refusals: Parameters<typeof planTries>[2]) {
  return planTries(plan, zone, refusals).map(
    ({ market, offerings }) => `${market} ${offerings.map(({ type }) => type).join("+")}`,
  );
}

describe("planTries", () => {
  const none = { isRecent: () => false };

  it("offers a fleet everything, market by market", () => {
    expect(tried(undefined, none)).toEqual([
      "spot c7g.large+m7g.large",
      "on-demand c7g.large+m7g.large",
    ]);
  });

  it("tries the best type of a zone, market by market", () => {
    expect(tried("a", none)).toEqual(["spot c7g.large", "on-demand c7g.large"]);
  });

  it("passes over what was refused, for three minutes", async () => {
    const clock = createVirtualClock(0);
    const refusals = createRefusals(clock);
    const [first] = planTries(plan, undefined, refusals);
    if (first === undefined) throw new Error("Nothing is tried");
    refusals.note(refusalKey(first, undefined));
    expect(tried(undefined, refusals)).toEqual(["on-demand c7g.large+m7g.large"]);
    expect(tried("a", refusals)).toEqual(["spot c7g.large", "on-demand c7g.large"]);
    await clock.advance(179_999);
    expect(tried(undefined, refusals)).toHaveLength(1);
    await clock.advance(1);
    expect(tried(undefined, refusals)).toHaveLength(2);
  });

  it("goes on to the next type of a zone", () => {
    const isRecent = (key: string) => key === "c7g.large:a:spot";
    expect(tried("a", { isRecent })).toEqual(["spot m7g.large", "on-demand c7g.large"]);
  });

  it("tries again what was refused when nothing else is left", () => {
    expect(tried(undefined, { isRecent: () => true })).toEqual([
      "spot c7g.large+m7g.large",
      "on-demand c7g.large+m7g.large",
    ]);
  });
});

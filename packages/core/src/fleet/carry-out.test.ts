import { describe, expect, it } from "vitest";
import { aCatalog, aContext, aLedger, aPool, aShape } from "../../test/fleet/builders.ts";
import { createSeededEntropy } from "../testing/seeded-entropy.ts";
import { carryOutLaunches } from "./carry-out.ts";

describe("a purchase", () => {
  const catalog = aCatalog({
    environments: [
      { name: "ci", regions: ["local"], tags: { team: "platform", "cost-center": "4711" } },
      { name: "prod", regions: ["local"], tags: { stage: "prod" } },
    ],
    pools: [aPool("web", { tags: { team: "web" } }), aPool("plain")],
  });
  const tagsFor = (pool: string | undefined, using = catalog) => {
    const { ledger } = aLedger({});
    const launch = { fit: "f", shape: aShape, count: 1, reason: "demand" as const };
    const launches = [pool === undefined ? launch : { ...launch, pool }];
    const plan = { starts: [], launches, waits: [], isLimited: false, isPaced: false };
    carryOutLaunches(ledger, aContext({ catalog: using }), plan, createSeededEntropy(1));
    return [...ledger.attempts.values()].map(({ request }) => request.tags);
  };

  it("has the tags of its environment, and those of its pool in their place", () => {
    expect(tagsFor("web")).toEqual([{ team: "web", "cost-center": "4711" }]);
    expect(tagsFor("plain")).toEqual([{ team: "platform", "cost-center": "4711" }]);
    expect(tagsFor(undefined)).toEqual([{ team: "platform", "cost-center": "4711" }]);
  });

  it("has none where none are said", () => {
    expect(tagsFor("plain", aCatalog({ pools: [aPool("plain")] }))).toEqual([undefined]);
  });
});

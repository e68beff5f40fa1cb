import { describe, expect, it } from "vitest";
import { fatalRules, judgeReleases, wrongRules } from "./judge-releases.ts";

const decisions = process.env["RUNS_FLEET_FULL"] === "1" ? 200_000 : 20_000;

describe("plans in the hands of an adversary", { timeout: 120_000 }, () => {
  it("end no machine that has work, and do end machines", () => {
    const tally = judgeReleases({ seed: 1, decisions });
    expect(tally.kills).toEqual([]);
    expect(tally.decisions["planRetirements"]).toBeGreaterThanOrEqual(decisions);
    expect(tally.atWork).toBeGreaterThan(decisions / 10);
    const acts = [...tally.released.keys()];
    expect(acts.some((name) => name.startsWith("stop"))).toBe(true);
    expect(acts.some((name) => name.startsWith("terminate"))).toBe(true);
  });

  it.each(fatalRules)("would be caught if a fleet %s", (name) => {
    const { kills } = judgeReleases({ seed: 1, decisions: 50_000, rules: wrongRules(name) });
    expect(kills.length).toBeGreaterThan(0);
  });
});

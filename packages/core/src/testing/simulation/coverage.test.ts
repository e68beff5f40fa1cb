import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { aContext, aLedger, aMachine, anAttempt, aReport } from "../../../test/fleet/builders.ts";
import { fleetRules } from "../../fleet/rules.ts";
import { createCoverage } from "./coverage.ts";
import { coverable, decisionCodes, isCause, unreached } from "./coverage-map.ts";

const sources = join(import.meta.dirname, "..", "..");

/** Codes that stand in the fleet's sources as literals. */
function codesInSources(): Set<string> {
  const files = readdirSync(join(sources, "fleet"))
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => join(sources, "fleet", name));
  const found = new Set<string>();
  for (const file of [...files, join(sources, "orchestrator.ts")]) {
    const text = readFileSync(file, "utf8");
    for (const pattern of [/\bcode: "([a-z-]+)"/g, /\bnote\(\s*"([a-z-]+)"/g])
      for (const [, code = ""] of text.matchAll(pattern)) found.add(code);
  }
  return found;
}

/** They stand in answers to questions only, and are no decisions. */
const answersOnly: ReadonlySet<string> = new Set([
  "machine-coming",
  "pool-target",
  "admitted",
  "rerun",
]);

describe("coverage", () => {
  it("notes states, steps, causes and decisions of what rules change", () => {
    const { ledger } = aLedger({ machines: [aMachine("m", { state: "booting" })] });
    const coverage = createCoverage(isCause);
    const rules = coverage.watch(fleetRules);
    const outcome = rules.takeReport(ledger, aContext(), aReport("m", "ready"), "m");
    expect(outcome).toBe("taken");
    expect(ledger.machines.get("m")?.state).toBe("ready");
    coverage.decided({ atMs: 0, subject: {}, code: "pool-limit", message: "" });
    coverage.decided({ atMs: 0, subject: {}, code: "ready", message: "" });
    expect(coverage.names()).toEqual([
      "cause pool-limit",
      "decision ready",
      "machine booting -> ready",
      "machine ready",
    ]);
  });

  it("notes faults by kind, port and side of the effect", () => {
    const coverage = createCoverage(isCause);
    coverage.happened([
      { id: "f1", atMs: 0, kind: "machines-die", count: 1 },
      { id: "f2", atMs: 0, kind: "crash", process: 0, port: "store", when: "after", downMs: 1 },
    ]);
    expect(coverage.names()).toEqual([
      "fault crash",
      "fault crash store after",
      "fault machines-die",
    ]);
  });

  it("changes nothing about what rules do", () => {
    const attempt = anAttempt("a", {}, 2);
    const effectsWith = (rules: typeof fleetRules) => {
      const stage = aLedger({ attempts: [attempt], machines: [aMachine("m")] });
      rules.resume(stage.ledger, aContext());
      rules.actOnDeadlines(stage.ledger, aContext(), 80);
      return { effects: stage.effects(), attempts: [...stage.ledger.attempts.values()] };
    };
    const watched = effectsWith(createCoverage(isCause).watch(fleetRules));
    expect(watched).toEqual(effectsWith(fleetRules));
    expect(watched.effects.length).toBeGreaterThan(0);
  });

  it("knows every code of a decision that the fleet's sources name", () => {
    const unknown = [...codesInSources()].filter(
      (code) => !isCause(code) && !answersOnly.has(code) && !decisionCodes.includes(code),
    );
    expect(unknown).toEqual([]);
  });

  it("tells what nothing reached, and why where it cannot be", () => {
    expect(unreached(coverable)).toEqual([]);
    expect(unreached([]).map(({ name }) => name)).toEqual(coverable);
    const missing = unreached(coverable.filter((name) => name !== "cause budget"));
    expect(missing).toMatchObject([{ name: "cause budget", reason: expect.any(String) }]);
    expect(new Set(coverable).size).toBe(coverable.length);
  });
});

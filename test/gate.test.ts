import { describe, expect, it } from "vitest";
import { judge, staticGates, testGates } from "../scripts/lib/gates.mjs";
import { run } from "../scripts/lib/steps.mjs";

const report = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };

describe("the verdict on a run of tests", () => {
  it("is green when everything ran and passed", () => {
    expect(judge(0, report)).toMatchObject({ ok: true, tests: { passed: 3, failed: 0 } });
  });

  it("is red when nothing ran, something failed, was skipped, is to do, or the run broke", () => {
    expect(judge(0, { ...report, numPassedTests: 0 }).ok).toBe(false);
    expect(judge(0, { ...report, numFailedTests: 1 }).ok).toBe(false);
    expect(judge(0, { ...report, numPendingTests: 1 }).ok).toBe(false);
    expect(judge(0, { ...report, numTodoTests: 1 }).ok).toBe(false);
    expect(judge(1, report).ok).toBe(false);
  });
});

describe("a program that a gate runs", () => {
  it("gives its output and exit code", async () => {
    const program = 'console.log("out"); console.error("err"); process.exitCode = 3;';
    const { code, output } = await run(process.execPath, ["-e", program]);
    expect(code).toBe(3);
    expect(output).toContain("out");
    expect(output).toContain("err");
  });

  it("is a failure when it does not exist", async () => {
    expect((await run("runs-fleet-no-such-program", [])).code).toBe(127);
  });

  it("is ended with all it started when it takes too long", async () => {
    const program =
      'require("child_process").spawn(process.execPath, ["-e", "for (;;);"], { stdio: "inherit" }); for (;;);';
    const { code, output } = await run(process.execPath, ["-e", program], { limitMs: 300 });
    expect(code).not.toBe(0);
    expect(output).toContain("it took too long");
  });
});

describe("the gates", () => {
  it("have names of their own and a budget within a quarter of an hour", () => {
    const gates = [...staticGates, ...testGates];
    expect(new Set(gates.map(({ name }) => name)).size).toBe(gates.length);
    const lane = (list: typeof gates) =>
      list.reduce((sum, { budgetSeconds }) => sum + budgetSeconds, 0);
    expect(Math.max(lane(staticGates), lane(testGates))).toBeLessThan(900);
  });
});

import { describe, expect, it } from "vitest";
import { paintFor } from "./paint.ts";
import { fieldPath, formatProblem, printable } from "./problem.ts";
import { suggest } from "./suggest.ts";

describe("a problem in words", () => {
  it("names file, line, column, field, code and what was probably meant", () => {
    const problem = {
      code: "unknown-key",
      message: 'There is no key "hott"',
      file: "fleet.json",
      line: 12,
      column: 5,
      path: ["pools", 0, "hott"],
      suggestion: "hot",
    };
    expect(formatProblem(problem)).toBe(
      'error[unknown-key] fleet.json:12:5 at pools[0].hott: There is no key "hott"\n  did you mean hot?\n',
    );
  });

  it("names only what is known", () => {
    expect(formatProblem({ code: "x", message: "m", severity: "warning" })).toBe("warning[x] m\n");
    expect(formatProblem({ code: "x", message: "m", file: "f", line: 2 })).toBe(
      "error[x] f:2: m\n",
    );
  });

  it("quotes keys that are no plain words", () => {
    expect(fieldPath(["rates", "*", "a b", 3])).toBe('rates["*"]["a b"][3]');
  });

  it("shows characters that could steer a terminal instead of sending them", () => {
    expect(printable("a\u001b[31mb\u0007\u202ec")).toBe("a\\u{1b}[31mb\\u{7}\\u{202e}c");
    expect(formatProblem({ code: "x", message: "\u001b[2J" })).not.toContain("\u001b");
  });
});

describe("colours", () => {
  const stream = (isTerminal: boolean) => ({ isTerminal, write: () => undefined });

  it("are for terminals that want them", () => {
    expect(paintFor(stream(true), {})("red", "x")).toBe("\u001b[31mx\u001b[39m");
    expect(paintFor(stream(false), {})("red", "x")).toBe("x");
    expect(paintFor(stream(true), { NO_COLOR: "1" })("red", "x")).toBe("x");
    expect(paintFor(stream(true), { TERM: "dumb" })("red", "x")).toBe("x");
  });
});

describe("a suggestion", () => {
  it("is the nearest known word, and none when all are far", () => {
    expect(suggest("lniux", ["linux", "windows"])).toBe("linux");
    expect(suggest("hotUsdPerHuor", ["hotUsdPerHour", "stoppedUsdPerHour"])).toBe("hotUsdPerHour");
    expect(suggest("Linux", ["linux"])).toBe("linux");
    expect(suggest("mac", ["linux", "windows"])).toBeUndefined();
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exitCodeOf, foldAnswer, reasonToSkip } from "./fold.ts";
import type { DoctorFinding, DoctorRow, DoctorVerdict, RowAnswer } from "./row.ts";

const verdicts = fc.constantFrom<DoctorVerdict>("proven", "disproven", "unproven", "skipped");
const answers: fc.Arbitrary<RowAnswer> = fc.record(
  { verdict: verdicts, detail: fc.string(), holds: fc.boolean() },
  { requiredKeys: ["verdict", "detail"] },
) as fc.Arbitrary<RowAnswer>;

function finding(over: Partial<DoctorFinding>): DoctorFinding {
  const base = { id: "a", question: "", why: "", detail: "", evidence: {}, tookMs: 0, calls: 0 };
  return { ...base, verdict: "proven", holds: over.verdict === undefined, ...over };
}

function row(over: Partial<DoctorRow> = {}): DoctorRow {
  const run = async (): Promise<RowAnswer> => ({ verdict: "proven", detail: "" });
  return { id: "row", question: "", why: "", run, ...over };
}

describe("an answer", () => {
  it("of AWS is taken as it is", () => {
    fc.assert(
      fc.property(answers, fc.option(fc.string(), { nil: undefined }), (answer, onlyOnAws) => {
        const own = onlyOnAws === undefined ? {} : { onlyOnAws };
        const folded = foldAnswer(own, answer, true);
        expect(folded).toEqual({ ...answer, holds: answer.holds ?? answer.verdict === "proven" });
      }),
    );
  });

  it("of an emulator never proves what only AWS can show, and hides nothing that is wrong", () => {
    fc.assert(
      fc.property(answers, fc.string(), (answer, onlyOnAws) => {
        const folded = foldAnswer({ onlyOnAws }, answer, false);
        expect(folded.verdict).not.toBe("proven");
        if (answer.verdict === "disproven") expect(folded.verdict).toBe("disproven");
        expect(folded.detail.startsWith(answer.detail)).toBe(true);
      }),
    );
  });

  it("of an emulator is as good as any where it is about what is stored", () => {
    fc.assert(
      fc.property(answers, (answer) => {
        expect(foldAnswer({}, answer, false)).toEqual(foldAnswer({}, answer, true));
      }),
    );
  });

  it("lets what depends on it be asked, though an emulator gave it", () => {
    const answer: RowAnswer = { verdict: "proven", detail: "seen" };
    expect(foldAnswer({ onlyOnAws: "why" }, answer, false)).toEqual({
      verdict: "unproven",
      detail: "seen; unproven here: why",
      holds: true,
    });
  });
});

describe("a row is skipped", () => {
  const none = { findings: new Map<string, DoctorFinding>(), live: true, isStopped: false };
  const after = (found: Partial<DoctorFinding>) => ({
    ...none,
    findings: new Map([["a", finding(found)]]),
  });

  it("when one that it needs does not hold, whatever it came to", () => {
    const needy = row({ after: ["a"] });
    expect(reasonToSkip(needy, none)).toBe("because a does not hold");
    expect(reasonToSkip(needy, after({ verdict: "unproven", holds: false }))).toBe(
      "because a does not hold",
    );
    expect(reasonToSkip(needy, after({ verdict: "unproven", holds: true }))).toBeUndefined();
  });

  it("when one is disproven that must not be, but not when nobody could look", () => {
    const careful = row({ unless: ["a"] });
    expect(reasonToSkip(careful, none)).toBeUndefined();
    expect(reasonToSkip(careful, after({ verdict: "unproven", holds: false }))).toBeUndefined();
    expect(reasonToSkip(careful, after({ verdict: "disproven", holds: false }))).toBe(
      "because a is disproven",
    );
  });

  it("when nothing can be asked, or the person has had enough", () => {
    expect(reasonToSkip(row(), { ...none, brokenBy: "identity" })).toBe("because of identity");
    expect(reasonToSkip(row(), { ...none, isStopped: true })).toBe("because the run was stopped");
  });

  it("when it buys and nobody has said that it may", () => {
    expect(reasonToSkip(row({ isLive: true }), { ...none, live: false })).toBe("only with --live");
    expect(reasonToSkip(row({ isLive: true }), none)).toBeUndefined();
  });

  it("never when it takes away what was bought", () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.option(fc.string(), { nil: undefined }),
        (isStopped, brokenBy) => {
          const progress = { ...none, isStopped, ...(brokenBy === undefined ? {} : { brokenBy }) };
          const cleanUp = row({ isLive: true, isCleanUp: true, after: ["a"], unless: ["a"] });
          expect(reasonToSkip(cleanUp, progress)).toBeUndefined();
        },
      ),
    );
  });
});

describe("the exit code", () => {
  const failure = { code: "x", kind: "auth", message: "", isEverywhere: false } as const;

  it.each([
    [[finding({})], undefined, 0],
    [[finding({ verdict: "unproven" }), finding({ verdict: "skipped" })], undefined, 0],
    [[finding({}), finding({ verdict: "disproven" })], undefined, 1],
    [[finding({ verdict: "unproven", failure })], undefined, 1],
    [[finding({ verdict: "disproven" })], "identity", 2],
  ])("%#", (findings, brokenBy, code) => {
    expect(exitCodeOf(findings, brokenBy)).toBe(code);
  });
});

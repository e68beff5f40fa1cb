import { describe, expect, it } from "vitest";
import { createFailureTeller } from "./tell-failures.ts";

describe("createFailureTeller", () => {
  it("tells each failure once in a row, and passes everything on", async () => {
    const lines: string[] = [];
    const answers: (number | Error)[] = [
      new Error("denied"),
      new Error("denied"),
      1,
      new Error("denied"),
      new Error("no table"),
    ];
    const call = createFailureTeller((line) => lines.push(line))(async (factor: number) => {
      const answer = answers.shift();
      if (typeof answer === "number") return answer * factor;
      throw answer;
    });
    const results = [];
    for (let calls = 0; calls < 5; calls += 1) {
      results.push(await call(7).catch((error: Error) => error.message));
    }
    expect(results).toEqual(["denied", "denied", 7, "denied", "no table"]);
    expect(lines).toEqual(["denied", "denied", "no table"]);
  });

  it("says nothing of a call that was given up", async () => {
    const lines: string[] = [];
    const call = createFailureTeller((line) => lines.push(line))(() => Promise.reject("over"));
    await expect(call()).rejects.toBe("over");
    expect(lines).toEqual([]);
  });
});

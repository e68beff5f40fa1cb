import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitName } from "./fit-name.ts";

describe("the name of a job", () => {
  it("is kept as it is up to 256 characters", () => {
    const name = fc.string({ minLength: 1, maxLength: 256 });
    fc.assert(
      fc.property(name, (text) => {
        expect(fitName(text)).toEqual({ name: text });
      }),
    );
  });

  it("that is longer keeps its beginning and the values of its matrix at the end", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 257, maxLength: 5_000 }), (text) => {
        const { name = "" } = fitName(`build ${text} (linux, 24)`);
        expect(name).toHaveLength(256);
        expect(name.startsWith("build ")).toBe(true);
        expect(name.endsWith(" (linux, 24)")).toBe(true);
      }),
    );
  });

  it.each([undefined, null, ""])("that is %j is none", (name) => {
    expect(fitName(name)).toEqual({});
  });
});

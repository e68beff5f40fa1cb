import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isRepositoryGlob, matchesGlob } from "./glob.ts";

describe("a glob", () => {
  it.each([
    ["acme/*", "acme/web", true],
    ["ACME/*", "acme/Web", true],
    ["acme/web", "Acme/WEB", true],
    ["acme/*", "acme-evil/web", false],
    ["acme*", "acme-evil/web", false],
    ["acme*/*", "acme-evil/web", true],
    ["*", "acme/web", true],
    ["**", "acme/web", true],
    ["*/*", "acme/web", true],
    ["acme/**", "acme/web", true],
    ["acme/sandbox-*", "acme/sandbox-1", true],
    ["acme/sandbox-*", "acme/sandbox", false],
    ["*/web", "acme/web", true],
    ["*/web", "acme/web2", false],
    ["acme/we?", "acme/web", true],
    ["acme/we?", "acme/we", false],
    ["acme?web", "acme/web", false],
    ["acme/w.b", "acme/web", false],
    ["acme/[w]eb", "acme/web", false],
    ["*a*b*", "xxaxxbxx", true],
    ["*a*b*", "xxbxxaxx", false],
    ["", "", true],
    ["", "a", false],
    ["*?", "", false],
  ])("%s on %s is %s", (glob, text, expected) => {
    expect(matchesGlob(glob, text)).toBe(expected);
  });

  it("agrees with the regular expression that it stands for", () => {
    const sign = fc.constantFrom("a", "b", "/", "*", "?");
    const glob = fc.string({ unit: sign, maxLength: 8 }).filter((text) => !/^\*{1,2}$/.test(text));
    const text = fc.string({ unit: fc.constantFrom("a", "B", "/"), maxLength: 10 });
    const property = fc.property(glob, text, (pattern, subject) => {
      const source = pattern.replaceAll(/\*+/g, "[^/]*").replaceAll("?", "[^/]");
      expect(matchesGlob(pattern, subject)).toBe(new RegExp(`^${source}$`, "i").test(subject));
    });
    fc.assert(property, { numRuns: 3_000 });
  });

  it.each([
    ["acme/*", true],
    ["*", true],
    ["**", true],
    ["acme", false],
    ["acme*", false],
    ["acme/web/x", false],
    ["acme/ web", false],
    ["", false],
  ])("%j as a glob of repositories is %s", (glob, expected) => {
    expect(isRepositoryGlob(glob)).toBe(expected);
  });
});

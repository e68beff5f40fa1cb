import { type Policy, route } from "@runs-fleet/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { coversGlob, meetGlobs } from "./glob-cover.ts";

const request = {
  labels: [],
  os: "linux",
  cpu: { min: 2, max: 2 },
  families: [],
  spot: true,
} as const;

/** Whether core's policies match. */
function matches(glob: string, repository: string): boolean {
  const policy: Policy = { name: "one", repositories: [glob], allow: {} };
  const catalog = {
    version: "1",
    defaultEnvironment: "ci",
    environments: [{ name: "ci", regions: ["us-east-1"] }],
    pools: [],
    images: [],
    policies: [policy],
  };
  const job = { repository, visibility: "private", fork: false } as const;
  return route({ ...request, regions: [], explicit: [] }, job, catalog).ok;
}

const signs = (...all: string[]) =>
  fc.array(fc.constantFrom(...all), { minLength: 1, maxLength: 4 }).map((parts) => parts.join(""));
const glob = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(signs("a", "b", "*", "?"), signs("a", "B", "*", "?"))
      .map(([owner, name]) => `${owner}/${name}`),
  },
  fc.constantFrom("*", "**"),
);
const names = ["", "a", "b", "ab", "ba", "aa", "bb", "aab", "abb", "bab", "abab", "bbaa"];
/** All short names of repositories of these letters. */
const repositories = names
  .slice(1)
  .flatMap((owner) => names.slice(1).map((name) => `${owner}/${name}`));
const numRuns = 2_000;

it("never says that a glob covers one that matches more, as core matches them", () => {
  let yes = 0;
  fc.assert(
    fc.property(glob, glob, (wide, narrow) => {
      if (!coversGlob(wide, narrow)) return;
      yes += 1;
      for (const name of repositories)
        if (matches(narrow, name)) expect(matches(wide, name)).toBe(true);
    }),
    { numRuns },
  );
  expect(yes).toBeGreaterThan(50);
});

it("agrees with core about names, which are globs without wildcards", () => {
  fc.assert(
    fc.property(glob, fc.constantFrom(...repositories), (wide, name) => {
      expect(coversGlob(wide, name)).toBe(matches(wide, name));
    }),
    { numRuns },
  );
});

it("covers itself, and what another covers that it covers", () => {
  fc.assert(
    fc.property(glob, glob, glob, (one, two, three) => {
      expect(coversGlob(one, one)).toBe(true);
      if (coversGlob(one, two) && coversGlob(two, three)) expect(coversGlob(one, three)).toBe(true);
    }),
    { numRuns },
  );
});

it("says that globs meet exactly when a text matches both", () => {
  // Four signs of two letters: whatever two such globs have in common is no longer than this.
  const texts = allTexts("ab", 8);
  const part = signs("a", "b", "*", "?");
  fc.assert(
    fc.property(part, part, (one, other) => {
      const both = texts.some((text) => coversGlob(one, text) && coversGlob(other, text));
      expect(meetGlobs(one, other)).toBe(both);
      expect(meetGlobs(other, one)).toBe(both);
      expect(meetGlobs(`x/${one}`, `x/${other}`)).toBe(both);
      expect(meetGlobs(`${one}/x`, `${other}/y`)).toBe(false);
    }),
    { numRuns: 500 },
  );
});

it("lets no wildcard cross a slash", () => {
  for (const wide of ["a*", "a*b", "*b", "a?b", "?*b*", "**b"]) {
    expect(coversGlob(wide, "a/b")).toBe(false);
    expect(meetGlobs(wide, "a/b")).toBe(false);
    expect(meetGlobs("a/b", wide)).toBe(false);
  }
});

it("gives up when the work runs out, on the side that tells nothing", () => {
  const [hard, harder] = [`acme/${"*a".repeat(100)}`, `acme/${"?a".repeat(100)}`];
  expect(coversGlob(hard, harder)).toBe(true);
  expect(coversGlob(hard, harder, { left: 100 })).toBe(false);
  expect(meetGlobs(hard, "acme/b", { left: 100 })).toBe(true);
  expect(meetGlobs(hard, "acme/b")).toBe(false);
});

function allTexts(letters: string, longest: number): readonly string[] {
  let last = [""];
  const all = [""];
  for (let length = 1; length <= longest; length += 1) {
    last = last.flatMap((text) => [...letters].map((letter) => text + letter));
    all.push(...last);
  }
  return all.slice(1);
}

import { describe, expect, it } from "vitest";
import type { Shape } from "../../routing/shape.ts";
import { defaultInstanceTypes } from "./instance-types.ts";
import { typesFor } from "./provider-launch.ts";

const namesFor = (shape: Partial<Shape>): readonly string[] =>
  typesFor(defaultInstanceTypes, { os: "linux", cpu: { min: 4, max: 4 }, ...shape }).map(
    ({ name }) => name,
  );

describe("the types that the simulated provider buys", () => {
  it("are of the families that a shape names, the cheapest first", () => {
    expect(namesFor({ families: ["c7g"] })).toEqual(["c7g.xlarge"]);
    expect(namesFor({ families: ["m7i", "c7i"] })).toEqual(["c7i.xlarge", "m7i.xlarge"]);
    expect(namesFor({ families: ["c7"] })).toEqual([]);
  });

  it("are of all that begin as a name with a star does", () => {
    expect(namesFor({ families: ["c7*"] })).toEqual(["c7g.xlarge", "c7i.xlarge"]);
    expect(namesFor({ families: ["c7*"], arch: "x64" })).toEqual(["c7i.xlarge"]);
    expect(namesFor({ families: ["m7g*", "c7i"] })).toEqual(["m7g.xlarge", "c7i.xlarge"]);
  });
});

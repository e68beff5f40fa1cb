import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cpuOfFamilies, vcpusOfType } from "./type-cpu.ts";

const usual = { min: 2, max: 2 };

describe("the vCPUs of a type", () => {
  it.each([
    ["c7g.medium", 1],
    ["c7g.large", 2],
    ["m7i-flex.xlarge", 4],
    ["c7a.2xlarge", 8],
    ["c7*.2xlarge", 8],
    ["g4dn.12xlarge", 48],
    ["u7i-12tb.224xlarge", 896],
    ["t1.micro", 1],
    ["t2.micro", 1],
    ["m1.small", 1],
    ["m1.medium", 1],
    ["t2.medium", 2],
    ["t3a.nano", 2],
    ["t4g.large", 2],
    ["c1.medium", 2],
    ["c4.8xlarge", 36],
    ["m2.4xlarge", 8],
    ["hpc6id.32xlarge", 64],
    ["hpc7a.96xlarge", 192],
    ["hpc7g.16xlarge", 64],
  ])("%s are %i", (type, vcpus) => {
    expect(vcpusOfType(type)).toBe(vcpus);
  });

  it.each([
    "c7g",
    "c7*",
    "c7g.metal",
    "c7g.huge",
    "c7g.micro",
    "c7g.0xlarge",
    "c7g.999xlarge",
    "c7g.toString",
  ])("are not known of %s", (type) => {
    expect(vcpusOfType(type)).toBeUndefined();
  });
});

describe("the vCPUs that families stand for", () => {
  it("are the usual ones where no type is named", () => {
    expect(cpuOfFamilies([], usual)).toEqual(usual);
    expect(cpuOfFamilies(["c7g", "m7*"], usual)).toEqual(usual);
  });

  it.each([
    [["c7a.2xlarge"], 8, 8],
    [["m7i.large", "c7a.2xlarge"], 2, 8],
    [["c7a.4xlarge", "m7i"], 2, 16],
    [["c7g.medium", "m7i"], 1, 2],
    [["c9.huge"], 1, 896],
  ])("%j are %i to %i", (families, min, max) => {
    expect(cpuOfFamilies(families, usual)).toEqual({ min, max });
  });

  it("leave out nothing that a name stands for", () => {
    const name = fc
      .tuple(
        fc.constantFrom("c7g", "t3", "hpc7a", "c7*"),
        fc.constantFrom("", ".large", ".9xlarge"),
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), (names) => {
        const { min, max } = cpuOfFamilies(names, usual);
        const each = names.map((one) => vcpusOfType(one) ?? usual.min);
        expect([min, max]).toEqual([Math.min(...each), Math.max(...each)]);
      }),
    );
  });
});

import type { Shape } from "@runs-fleet/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instanceFamilies } from "./instance-families.ts";
import { familyMisfit, findShapeProblem } from "./shape-problem.ts";

const known = [...instanceFamilies.values()];
const bounds = (...ends: number[]) =>
  fc
    .tuple(fc.constantFrom(...ends), fc.constantFrom(...ends))
    .map(([one, other]) => ({ min: Math.min(one, other), max: Math.max(one, other) }));
const named = fc.constantFrom(
  ..."c7g m7g m7i c5 g6 t4g u-6tb1 m7i-flex hpc7a c7* m7i* c7g* g* i8*".split(" "),
  ..."c7g.xlarge m7i.2xlarge t4g.small hpc7a.96xlarge c7*.large c7i.metal-24xl".split(" "),
);
const shape = (
  fc.record(
    {
      os: fc.constantFrom("linux", "windows"),
      cpu: fc.oneof(bounds(1, 2, 3, 4, 8, 12, 32, 200), fc.constant({ min: 4, max: 4 })),
      arch: fc.constantFrom("arm64", "x64"),
      ramGib: fc.oneof(bounds(0.5, 8, 16, 20, 32, 100, 384), fc.constant({ min: 16 })),
      families: fc.array(named, { minLength: 1, maxLength: 3 }),
      generation: fc.constantFrom(2, 5, 6, 7, 8),
    },
    { requiredKeys: ["os", "cpu"] },
  ) as fc.Arbitrary<Shape>
)
  // A catalog with such a shape is refused.
  .filter(({ os, arch }) => os !== "windows" || arch !== "arm64");

/** GiB of the burstable types that have two vCPUs; others are told by their vCPUs. */
const burstable = [0.5, 1, 2, 4, 8];

/** Whether a size of a family is one of a name, which is read in another way than the lint does. */
function isNamed(name: string, family: string, size: { cpu: number; ramGib: number }): boolean {
  const [, start, star, type] = /^([^.*]+)(\*?)(?:\.(.+))?$/.exec(name) ?? [];
  if (start === undefined || (star === "" ? family !== start : !family.startsWith(start)))
    return false;
  if (type === undefined) return true;
  if (type === "small") return size.ramGib === burstable[2];
  const times = /^(\d*)xlarge$/.exec(type)?.[1];
  const cpu = times === undefined ? (type === "large" ? 2 : 0) : 4 * Number(times || 1);
  return size.cpu === (family === "hpc7a" ? cpu / 2 : cpu);
}

/** Whether a machine is there: what EC2's adapter asks of a type, written down once more. */
function isThere(wanted: Shape): boolean {
  return known.some(
    ({ name, arch, generation, isNamedOnly, sizes }) =>
      (wanted.families !== undefined || !isNamedOnly) &&
      (wanted.generation === undefined || wanted.generation === generation) &&
      (wanted.arch === undefined || wanted.arch === arch) &&
      (wanted.os !== "windows" || arch === "x64") &&
      sizes.some(
        ({ cpu, ramGib }) =>
          (wanted.families?.some((one) => isNamed(one, name, { cpu, ramGib })) ?? true) &&
          cpu >= wanted.cpu.min &&
          cpu <= wanted.cpu.max &&
          ramGib >= (wanted.ramGib?.min ?? 0) &&
          ramGib <= (wanted.ramGib?.max ?? Number.POSITIVE_INFINITY),
      ),
  );
}

describe("a shape", () => {
  it("has a problem exactly when no machine that is known is of it", () => {
    let bad = 0;
    fc.assert(
      fc.property(shape, (wanted) => {
        const problem = findShapeProblem(wanted);
        bad += Number(problem !== undefined);
        expect(problem === undefined).toBe(isThere(wanted));
        expect(problem?.message.length ?? 0).toBeLessThanOrEqual(300);
      }),
      { numRuns: 3_000 },
    );
    expect(bad).toBeGreaterThan(300);
  });

  it("has the problem in a key that stands in the way by itself", () => {
    const anySize = { cpu: { min: 1, max: 896 }, ramGib: { min: 0 } };
    fc.assert(
      fc.property(shape, (wanted) => {
        const { os, arch, generation, families } = wanted;
        const named = families === undefined ? {} : { families };
        switch (findShapeProblem(wanted)?.key) {
          case "arch":
            expect(arch).toBeDefined();
            expect(isThere({ os, ...named, ...anySize, arch: arch ?? "x64" })).toBe(false);
            break;
          case "generation":
            expect(isThere({ os, ...named, ...anySize })).toBe(true);
            expect(isThere({ ...wanted, ...anySize })).toBe(false);
            break;
          case "ram":
            expect(isThere({ ...wanted, ramGib: anySize.ramGib })).toBe(true);
            break;
          case "cpu":
            expect(isThere({ ...wanted, ramGib: anySize.ramGib })).toBe(false);
            expect(isThere({ ...wanted, ...anySize })).toBe(true);
            break;
          case "family":
            expect(families).toBeDefined();
            expect(
              isThere({
                os,
                ...named,
                ...anySize,
                ...(arch ? { arch } : {}),
                ...(generation ? { generation } : {}),
              }),
            ).toBe(false);
            break;
          default:
            expect(isThere(wanted)).toBe(true);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it("has no problem when a family is not known, or newer than all that is known", () => {
    const cpu = { min: 3, max: 3 };
    expect(findShapeProblem({ os: "linux", cpu, families: ["m7g", "m99x"] })).toBeUndefined();
    expect(findShapeProblem({ os: "linux", cpu, generation: 12 })).toBeUndefined();
  });

  it("names only families that can be chosen, or says why one cannot", () => {
    fc.assert(
      fc.property(
        shape,
        fc.oneof(fc.constantFrom(...known.map(({ name }) => name)), named),
        (wanted, name) => {
          const alone = { ...wanted, families: [name] };
          expect(familyMisfit(name, wanted) === undefined).toBe(isThere(alone));
        },
      ),
      { numRuns: 2_000 },
    );
    expect(familyMisfit("m99x", { os: "linux", cpu: { min: 3, max: 3 } })).toBeUndefined();
  });

  it.each<[Shape, string]>([
    [
      { os: "linux", cpu: { min: 4, max: 4 }, ramGib: { min: 20, max: 20 }, families: ["m7g"] },
      "m7g has no machine of 4 vCPU with 20 GiB; what comes nearest: 4 vCPU with 16 GiB, 8 vCPU with 32 GiB",
    ],
    [
      { os: "linux", cpu: { min: 4, max: 4 }, arch: "x64", families: ["m7g", "r7g"] },
      "m7g, r7g are arm64, and this asks for x64",
    ],
    [
      { os: "windows", cpu: { min: 4, max: 4 }, families: ["c7g"] },
      "c7g is arm64, and Windows wants x64",
    ],
    [
      { os: "linux", cpu: { min: 4, max: 4 }, generation: 8, families: ["c7g"] },
      "c7g is of generation 7, and this asks for 8",
    ],
    [
      { os: "linux", cpu: { min: 4, max: 4 }, arch: "x64", families: ["c7g*", "i8*"] },
      "c7g*, i8* are arm64, and this asks for x64",
    ],
    [
      { os: "windows", cpu: { min: 2, max: 2 }, families: ["c7g.large"] },
      "c7g.large is arm64, and Windows wants x64",
    ],
    [
      { os: "linux", cpu: { min: 2, max: 2 }, generation: 9, arch: "arm64", families: ["c*"] },
      "c* is never arm64 of generation 9",
    ],
    [
      { os: "linux", cpu: { min: 4, max: 4 }, families: ["c7a.2xlarge", "c7*.large"] },
      "None of c7a.2xlarge, c7*.large has a machine of 4 vCPU; what comes nearest: 8 vCPU with 16 GiB (c7a.2xlarge), 2 vCPU with 4 GiB (c7g.large)",
    ],
    [
      { os: "linux", cpu: { min: 2, max: 2 }, ramGib: { min: 8 }, families: ["t4g.small"] },
      "t4g.small has no machine of 2 vCPU with 8 or more GiB; what comes nearest: 2 vCPU with 2 GiB",
    ],
    [
      { os: "linux", cpu: { min: 1, max: 896 }, families: ["c7i.metal-24xl"] },
      "c7i.metal-24xl is bare metal, which is never bought",
    ],
    [
      { os: "linux", arch: "arm64", cpu: { min: 100, max: 120 } },
      "No arm64 machine has 100 to 120 vCPU; what comes nearest: 96 vCPU with 192 GiB (c8g), 96 vCPU with 384 GiB (m8g)",
    ],
  ])("%# is told with what comes nearest", (wanted, message) => {
    expect(findShapeProblem(wanted)?.message).toBe(message);
  });
});

describe("the families that are known", () => {
  it("are sound", () => {
    expect(known.length).toBeGreaterThan(150);
    for (const { name, arch, generation, sizes } of known) {
      expect(sizes.length).toBeGreaterThan(0);
      for (const { cpu, ramGib } of sizes) {
        expect(cpu).toBeGreaterThanOrEqual(1);
        expect(ramGib).toBeGreaterThan(0);
      }
      expect(String(generation ?? "")).toBe(/^[a-z]+(\d+)/.exec(name)?.[1] ?? "");
      // Graviton has a g behind the generation; a1 is the one from before that.
      expect([name, arch]).toEqual([
        name,
        /^[a-z]+\d+g|^g5g|^im4g|^is4g|^a1$/.test(name) ? "arm64" : "x64",
      ]);
    }
  });

  it.each([
    ["c7g", 1, 2],
    ["m8i", 384, 1_536],
    ["c5", 36, 72],
    ["r7iz", 128, 1_024],
    ["t3", 2, 0.5],
    ["g6", 192, 768],
    ["p5", 192, 2_048],
  ])("%s has %i vCPU with %f GiB", (name, cpu, ramGib) => {
    expect(instanceFamilies.get(name)?.sizes).toContainEqual({ cpu, ramGib });
  });
});

import { type Ec2InstanceType, fitsShape, rankTypes } from "@runs-fleet/aws/ec2";
import { parseLabels, type Shape, vcpusOfType } from "@runs-fleet/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instanceType, instanceTypes, shape } from "./arbitraries.ts";

const gib = 1_024;

/** A shape that asks for all that a type has, and for nothing else. */
function askingFor(type: Ec2InstanceType): Shape {
  const memoryGib = type.memoryMib / gib;
  return {
    os: type.arch === "x64" ? "windows" : "linux",
    cpu: { min: type.vcpus, max: type.vcpus },
    ramGib: { min: memoryGib, max: memoryGib },
    arch: type.arch,
    families: ["other", type.family],
    ...(type.generation === undefined ? {} : { generation: type.generation }),
  };
}

/** Ways in which a shape rules a type out. */
const objections: Readonly<Record<string, (type: Ec2InstanceType) => Partial<Shape>>> = {
  "more processors": ({ vcpus }) => ({ cpu: { min: vcpus + 1, max: vcpus + 9 } }),
  "fewer processors": ({ vcpus }) => ({ cpu: { min: 0, max: vcpus - 1 } }),
  "more memory": ({ memoryMib }) => ({ ramGib: { min: memoryMib / gib + 0.001 } }),
  "less memory": ({ memoryMib }) => ({ ramGib: { min: 0, max: memoryMib / gib - 0.001 } }),
  "the other architecture": ({ arch }) => ({ os: "linux", arch: arch === "x64" ? "arm64" : "x64" }),
  "another family": () => ({ families: ["other"] }),
  "another generation": ({ generation = 0 }) => ({ generation: generation + 1 }),
};

describe("fitsShape", () => {
  it("lets through what has all that a shape asks for, bare metal aside", () => {
    fc.assert(
      fc.property(instanceType, (type) => {
        expect(fitsShape(type, askingFor(type))).toBe(!type.isBareMetal);
      }),
    );
  });

  it.each(Object.entries(objections))("rules out a type for %s alone", (_, objection) => {
    fc.assert(
      fc.property(instanceType, (type) => {
        expect(fitsShape(type, { ...askingFor(type), ...objection(type) })).toBe(false);
      }),
    );
  });

  it("knows a family by the beginning of its name, with a star behind it", () => {
    fc.assert(
      fc.property(instanceType, fc.nat(8), (type, cut) => {
        const start = type.family.slice(0, cut + 1);
        const fits = (name: string) => fitsShape(type, { ...askingFor(type), families: [name] });
        expect(fits(`${start}*`)).toBe(!type.isBareMetal);
        expect(fits(start)).toBe(!type.isBareMetal && start === type.family);
        expect(fits(`x${start}*`)).toBe(false);
      }),
    );
  });

  it("knows a type by its name, and none of another size of its family", () => {
    fc.assert(
      fc.property(instanceType, instanceType, (type, other) => {
        const families = ["other.large", type.name];
        const wanted = { ...askingFor(type), families };
        expect(fitsShape(type, wanted)).toBe(!type.isBareMetal);
        fc.pre(other.name !== type.name);
        expect(fitsShape(other, { ...askingFor(other), families })).toBe(false);
      }),
    );
  });

  it("lets a label that says a type and nothing else have that type alone, whatever vCPUs and memory it has", () => {
    fc.assert(
      fc.property(instanceType, instanceType, (type, other) => {
        const read = parseLabels([`runs-fleet/family=${type.name}`]);
        if (!read?.ok) throw new Error("The label is not understood");
        const wanted: Shape = { os: "linux", cpu: read.value.cpu, families: read.value.families };
        expect(fitsShape(type, wanted)).toBe(!type.isBareMetal);
        expect(fitsShape(other, wanted)).toBe(!other.isBareMetal && other.name === type.name);
      }),
    );
  });

  it("still asks of a type that is named what is said beside it", () => {
    fc.assert(
      fc.property(instanceType, fc.integer({ min: 1, max: 192 }), (type, cpu) => {
        const read = parseLabels([`runs-fleet/family=${type.name}/cpu=${cpu}`]);
        if (!read?.ok) throw new Error("The label is not understood");
        const wanted: Shape = { os: "linux", cpu: read.value.cpu, families: read.value.families };
        fc.pre(cpu !== type.vcpus && cpu !== vcpusOfType(type.name));
        expect(fitsShape(type, wanted)).toBe(false);
        const ramGib = { min: type.memoryMib / gib + 0.001 };
        expect(fitsShape(type, { ...askingFor(type), families: [type.name], ramGib })).toBe(false);
      }),
    );
  });

  it("has no Windows on arm64", () => {
    fc.assert(
      fc.property(instanceType, (type) => {
        const { arch: _, ...rest } = askingFor(type);
        const fits = fitsShape(type, { ...rest, os: "windows" });
        expect(fits).toBe(type.arch === "x64" && !type.isBareMetal);
      }),
    );
  });

  it("keeps former generations, shared processors and accelerators for those who name the family", () => {
    fc.assert(
      fc.property(instanceType, fc.constantFrom({}, { families: [] }), (type, none) => {
        const { families: _, ...rest } = askingFor(type);
        const isOrdinary = type.isCurrent && type.special === undefined && !type.isBareMetal;
        expect(fitsShape(type, { ...rest, ...none })).toBe(isOrdinary);
      }),
    );
  });

  it("asks of a narrower shape no less", () => {
    fc.assert(
      fc.property(instanceType, shape, (type, wanted) => {
        fc.pre(!fitsShape(type, wanted));
        const cpu = { min: wanted.cpu.min, max: wanted.cpu.min };
        expect(fitsShape(type, { ...wanted, cpu })).toBe(false);
        expect(fitsShape(type, { ...wanted, arch: wanted.arch ?? "x64" })).toBe(false);
        expect(fitsShape(type, { ...wanted, generation: wanted.generation ?? 7 })).toBe(false);
      }),
    );
  });
});

describe("rankTypes", () => {
  const prices = fc.record({
    atMs: fc.constant(0),
    usdPerHour: fc.dictionary(
      fc.constantFrom("c7g.1xlarge", "c7g.2xlarge", "m7g.1xlarge", "toString"),
      fc.double({ min: 0.001, max: 100, noNaN: true }),
    ),
  });

  it("leaves nothing out and adds nothing, whatever things cost", () => {
    fc.assert(
      fc.property(instanceTypes, fc.option(prices, { nil: undefined }), (types, costs) => {
        const names = rankTypes(types, costs).map(({ name }) => name);
        expect([...names].sort()).toEqual(types.map(({ name }) => name).sort());
      }),
    );
  });

  it("is the same order, in whatever order they came", () => {
    fc.assert(
      fc.property(instanceTypes, prices, fc.infiniteStream(fc.nat()), (types, costs, dice) => {
        const shuffled = types
          .map((type) => ({ type, lot: dice.next().value }))
          .sort((left, right) => left.lot - right.lot)
          .map(({ type }) => type);
        expect(rankTypes(shuffled, costs)).toEqual(rankTypes(types, costs));
      }),
    );
  });

  it("puts the cheaper before the dearer, and what has a price before what has none", () => {
    fc.assert(
      fc.property(instanceTypes, prices, (types, costs) => {
        const own = new Map(Object.entries(costs.usdPerHour));
        const paid = rankTypes(types, costs).map(({ name }) => own.get(name) ?? Infinity);
        expect(paid).toEqual(
          [...paid].sort((left, right) => (left < right ? -1 : left > right ? 1 : 0)),
        );
      }),
    );
  });
});

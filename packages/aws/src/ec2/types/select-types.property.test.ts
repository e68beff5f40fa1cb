import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Ec2InstanceType } from "./instance-type.ts";
import { selectTypes } from "./rank-types.ts";

/** Types that differ in name and architecture only, in an order that is given. */
const ranked = fc
  .array(fc.constantFrom("arm64" as const, "x64" as const), { maxLength: 80 })
  .map((archs) =>
    archs.map(
      (arch, rank): Ec2InstanceType => ({
        name: `c7.${rank}`,
        family: "c7",
        generation: 7,
        arch,
        vcpus: 2,
        memoryMib: 4_096,
        markets: ["spot"],
        isBareMetal: false,
        isCurrent: true,
        special: undefined,
      }),
    ),
  );

const most = fc.integer({ min: 1, max: 100 });

describe("selectTypes", () => {
  it("takes as many as there is room for, in their order", () => {
    fc.assert(
      fc.property(ranked, most, (types, room) => {
        const chosen = selectTypes(types, room);
        expect(chosen.length).toBe(Math.min(types.length, room));
        expect(chosen).toEqual(types.filter((type) => chosen.includes(type)));
      }),
    );
  });

  it("leaves out no type of an architecture for a worse one of it", () => {
    fc.assert(
      fc.property(ranked, most, fc.constantFrom("arm64", "x64"), (types, room, arch) => {
        const own = types.filter((type) => type.arch === arch);
        const chosen = selectTypes(types, room).filter((type) => type.arch === arch);
        expect(chosen).toEqual(own.slice(0, chosen.length));
      }),
    );
  });

  it("gives each architecture half of the room, or all that it has", () => {
    fc.assert(
      fc.property(ranked, most, fc.constantFrom("arm64", "x64"), (types, room, arch) => {
        const own = types.filter((type) => type.arch === arch).length;
        const chosen = selectTypes(types, room).filter((type) => type.arch === arch).length;
        expect(chosen).toBeGreaterThanOrEqual(Math.min(own, Math.floor(room / 2)));
      }),
    );
  });
});

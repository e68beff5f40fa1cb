import type { Ec2InstanceType } from "@runs-fleet/aws/ec2";
import type { Shape } from "@runs-fleet/core";
import fc from "fast-check";

const families = ["c7g", "m7g", "c6a", "m7i-flex", "t4g", "m3", "g6"] as const;
const archs = ["arm64", "x64"] as const;

/** A type such as EC2 might sell; two of them may have one name, and their vCPUs need not be those of their size. */
export const instanceType: fc.Arbitrary<Ec2InstanceType> = fc
  .record({
    family: fc.constantFrom(...families),
    times: fc.integer({ min: 1, max: 40 }),
    generation: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
    arch: fc.constantFrom(...archs),
    vcpus: fc.integer({ min: 1, max: 192 }),
    memoryMib: fc.integer({ min: 512, max: 1_536 * 1_024 }),
    markets: fc.subarray(["spot", "on-demand"] as const),
    isBareMetal: fc.boolean(),
    isCurrent: fc.boolean(),
    special: fc.constantFrom(undefined, "shared" as const, "accelerated" as const),
  })
  .map(({ times, ...type }) => ({ ...type, name: `${type.family}.${times}xlarge` }));

/** Different types. */
export const instanceTypes = fc.uniqueArray(instanceType, {
  selector: ({ name }) => name,
  maxLength: 60,
});

const bounds = fc
  .tuple(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 0, max: 64 }))
  .map(([min, more]) => ({ min, max: min + more }));

/** What labels can ask for. */
export const shape: fc.Arbitrary<Shape> = fc
  .record(
    {
      os: fc.constantFrom("linux" as const, "windows" as const),
      cpu: bounds,
      arch: fc.constantFrom(...archs),
      ramGib: bounds,
      families: fc.subarray([...families], { minLength: 1 }),
      generation: fc.integer({ min: 1, max: 9 }),
    },
    { requiredKeys: ["os", "cpu"] },
  )
  .map((record) => record);

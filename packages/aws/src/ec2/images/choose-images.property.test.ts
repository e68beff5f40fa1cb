import type { ImageSource, Shape } from "@runs-fleet/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseImages, type Ec2Image, readImage } from "./choose-images.ts";

const image: fc.Arbitrary<Ec2Image> = fc.record({
  id: fc.integer({ min: 0, max: 0xffff }).map((number) => `ami-${number.toString(16)}`),
  os: fc.constantFrom("linux", "windows"),
  arch: fc.constantFrom("arm64", "x64"),
  rootDevice: fc.constantFrom("/dev/xvda", "/dev/sda1"),
  sizeGib: fc.integer({ min: 1, max: 200 }),
  createdAtMs: fc.integer({ min: 0, max: 20 }),
});
const images = fc.uniqueArray(image, { selector: ({ id }) => id, maxLength: 12 });
const shape: fc.Arbitrary<Shape> = fc.record(
  {
    os: fc.constantFrom("linux" as const, "windows" as const),
    arch: fc.constantFrom("arm64" as const, "x64" as const),
    cpu: fc.constant({ min: 2, max: 2 }),
  },
  { requiredKeys: ["os", "cpu"] },
);
const source: fc.Arbitrary<ImageSource> = fc.record(
  { name: fc.constant("acme-*"), maxAgeMs: fc.integer({ min: 1, max: 25 }) },
  { requiredKeys: ["name"] },
);
const nowMs = 20;

describe("the images of a shape", () => {
  it("are the newest of their architecture that may still be booted, and nothing else", () => {
    fc.assert(
      fc.property(images, source, shape, (found, source, shape) => {
        const choice = chooseImages(found, source, shape, nowMs);
        const usable = found.filter(
          ({ os, arch, createdAtMs }) =>
            os === shape.os &&
            (shape.arch === undefined || arch === shape.arch) &&
            nowMs - createdAtMs <= (source.maxAgeMs ?? Number.POSITIVE_INFINITY),
        );
        expect(choice.ok).toBe(usable.length > 0);
        if (!choice.ok) return;
        expect([...choice.images.keys()].sort()).toEqual(
          [...new Set(usable.map(({ arch }) => arch))].sort(),
        );
        for (const [arch, chosen] of choice.images) {
          const rivals = usable.filter((other) => other.arch === arch);
          expect(rivals).toContain(chosen);
          expect(chosen.createdAtMs).toBe(Math.max(...rivals.map((own) => own.createdAtMs)));
        }
      }),
    );
  });

  it("do not depend on the order in which EC2 lists them", () => {
    fc.assert(
      fc.property(images, source, shape, (found, source, shape) => {
        const choice = chooseImages(found, source, shape, nowMs);
        expect(chooseImages([...found].reverse(), source, shape, nowMs)).toEqual(choice);
      }),
    );
  });
});

describe("an entry of DescribeImages", () => {
  const sound = {
    ImageId: "ami-0a1b",
    Architecture: "arm64",
    State: "available",
    CreationDate: "2026-11-28T07:00:00.000Z",
    RootDeviceName: "/dev/xvda",
    BlockDeviceMappings: [
      { DeviceName: "/dev/sdb", Ebs: { VolumeSize: 500 } },
      { DeviceName: "/dev/xvda", Ebs: { VolumeSize: 30 } },
    ],
  } as const;

  it("is read with the size of its root volume", () => {
    expect(readImage({ ...sound, BlockDeviceMappings: [...sound.BlockDeviceMappings] })).toEqual({
      id: "ami-0a1b",
      os: "linux",
      arch: "arm64",
      rootDevice: "/dev/xvda",
      sizeGib: 30,
      createdAtMs: 1_795_849_200_000,
    });
  });

  it.each([
    ["is pending", { State: "pending" }],
    ["is for 32 bits", { Architecture: "i386" }],
    ["has no volume", { BlockDeviceMappings: [] }],
    ["has no date", { CreationDate: "soon" }],
  ] as const)("is no image to boot when it %s", (_what, change) => {
    const { BlockDeviceMappings, ...rest } = { ...sound, ...change };
    expect(readImage({ ...rest, BlockDeviceMappings: [...BlockDeviceMappings] })).toBeUndefined();
  });
});

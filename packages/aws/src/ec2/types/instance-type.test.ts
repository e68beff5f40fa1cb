import type { InstanceTypeInfo } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { readInstanceType } from "./instance-type.ts";

const plain: InstanceTypeInfo = {
  InstanceType: "c7g.large",
  CurrentGeneration: true,
  SupportedUsageClasses: ["on-demand", "spot"],
  BareMetal: false,
  ProcessorInfo: { SupportedArchitectures: ["arm64"] },
  VCpuInfo: { DefaultVCpus: 2 },
  MemoryInfo: { SizeInMiB: 4_096 },
  BurstablePerformanceSupported: false,
};

describe("readInstanceType", () => {
  it("reads what choosing depends on", () => {
    expect(readInstanceType(plain)).toEqual({
      name: "c7g.large",
      family: "c7g",
      generation: 7,
      arch: "arm64",
      vcpus: 2,
      memoryMib: 4_096,
      markets: ["spot", "on-demand"],
      isBareMetal: false,
      isCurrent: true,
      special: undefined,
    });
  });

  it.each([
    ["m7i-flex.large", "m7i-flex", 7],
    ["u7i-12tb.224xlarge", "u7i-12tb", 7],
    ["is4gen.xlarge", "is4gen", 4],
    ["inf2.xlarge", "inf2", 2],
    ["z.large", "z", undefined],
  ] as const)("reads family and generation of %s", (name, family, generation) => {
    const type = readInstanceType({ ...plain, InstanceType: name as "c7g.large" });
    expect(type).toMatchObject({ family, generation });
  });

  it("prefers 64 bits where an old type has both, and leaves out what no runner runs on", () => {
    const arch = (...names: ("i386" | "x86_64" | "arm64_mac" | "x86_64_mac")[]) =>
      readInstanceType({ ...plain, ProcessorInfo: { SupportedArchitectures: names } })?.arch;
    expect(arch("i386", "x86_64")).toBe("x64");
    expect(arch("i386")).toBeUndefined();
    expect(arch("arm64_mac")).toBeUndefined();
    expect(arch("x86_64_mac")).toBeUndefined();
  });

  it("leaves out a type of which EC2 does not say how large it is", () => {
    const { VCpuInfo, MemoryInfo, ...rest } = plain;
    expect(readInstanceType({ ...rest, MemoryInfo })).toBeUndefined();
    expect(readInstanceType({ ...rest, VCpuInfo })).toBeUndefined();
    expect(readInstanceType({ ...plain, MemoryInfo: { SizeInMiB: 0 } })).toBeUndefined();
  });

  it("knows hardware that is shared, and hardware that is paid for more than its processors", () => {
    const special = (more: Partial<InstanceTypeInfo>) =>
      readInstanceType({ ...plain, ...more })?.special;
    expect(special({ BurstablePerformanceSupported: true })).toBe("shared");
    expect(special({ InstanceType: "c7i-flex.large" })).toBe("shared");
    expect(special({ GpuInfo: { TotalGpuMemoryInMiB: 1 } })).toBe("accelerated");
    expect(special({ FpgaInfo: {} })).toBe("accelerated");
    expect(special({ NeuronInfo: {} })).toBe("accelerated");
  });

  it("knows what is sold one way only", () => {
    const markets = (classes: InstanceTypeInfo["SupportedUsageClasses"]) => {
      const { SupportedUsageClasses: _, ...rest } = plain;
      const more = classes === undefined ? {} : { SupportedUsageClasses: classes };
      return readInstanceType({ ...rest, ...more })?.markets;
    };
    expect(markets(["on-demand"])).toEqual(["on-demand"]);
    expect(markets(["capacity-block"])).toEqual([]);
    expect(markets(undefined)).toEqual(["spot", "on-demand"]);
  });
});

import type { InstanceTypeInfo } from "@aws-sdk/client-ec2";
import type { Arch, Market } from "@runs-fleet/core";

/** A type of instance, as far as choosing one depends on it. */
export interface Ec2InstanceType {
  /** Such as `c7g.large`. */
  readonly name: string;
  /** What stands before the dot, such as `c7g`. */
  readonly family: string;
  /** The number in the family: 7 in `c7g`. `undefined` when it has none. */
  readonly generation: number | undefined;
  /** Architecture of its processors. */
  readonly arch: Arch;
  /** Processors, as it is sold: threads, not cores. */
  readonly vcpus: number;
  /** Memory, MiB. */
  readonly memoryMib: number;
  /** Ways in which it is sold. */
  readonly markets: readonly Market[];
  /** A whole machine without a hypervisor. */
  readonly isBareMetal: boolean;
  /** Whether AWS counts it among the types of today. */
  readonly isCurrent: boolean;
  /**
   * Why it serves only those who name its family: its processors are shared (`shared`), or it is paid for hardware that a
   * shape cannot ask for (`accelerated`). `undefined`: it serves everybody.
   */
  readonly special: "shared" | "accelerated" | undefined;
}

/** Families whose processors are promised in part only, though EC2 does not count them as burstable: `m7i-flex`. */
const flexible = /-flex$/u;

/**
 * Reads one entry of DescribeInstanceTypes.
 *
 * @returns `undefined` for a type that a runner cannot use (no 64-bit Linux or Windows on it), and for one that is described
 *   so badly that nothing could be promised about it.
 */
export function readInstanceType(info: InstanceTypeInfo): Ec2InstanceType | undefined {
  const name = info.InstanceType;
  const arch = archOf(info.ProcessorInfo?.SupportedArchitectures ?? []);
  const vcpus = info.VCpuInfo?.DefaultVCpus;
  const memoryMib = info.MemoryInfo?.SizeInMiB;
  if (name === undefined || arch === undefined || !vcpus || !memoryMib) return undefined;
  const family = name.split(".", 1)[0] ?? name;
  const generation = /^[a-z]+(\d+)/u.exec(family)?.[1];
  return {
    name,
    family,
    generation: generation === undefined ? undefined : Number(generation),
    arch,
    vcpus,
    memoryMib,
    markets: marketsOf(info.SupportedUsageClasses),
    isBareMetal: info.BareMetal ?? false,
    isCurrent: info.CurrentGeneration ?? true,
    special:
      info.BurstablePerformanceSupported || flexible.test(family)
        ? "shared"
        : isAccelerated(info)
          ? "accelerated"
          : undefined,
  };
}

function archOf(names: readonly string[]): Arch | undefined {
  if (names.includes("arm64")) return "arm64";
  return names.includes("x86_64") ? "x64" : undefined;
}

/** Nothing said: both, and EC2 refuses what is not so. */
function marketsOf(classes: InstanceTypeInfo["SupportedUsageClasses"]): readonly Market[] {
  const all: readonly Market[] = ["spot", "on-demand"];
  return classes === undefined ? all : all.filter((market) => classes.includes(market));
}

function isAccelerated(info: InstanceTypeInfo): boolean {
  const parts = [
    info.GpuInfo,
    info.FpgaInfo,
    info.InferenceAcceleratorInfo,
    info.MediaAcceleratorInfo,
    info.NeuronInfo,
  ];
  return parts.some((part) => part !== undefined);
}

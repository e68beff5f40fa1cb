import type { Arch } from "../../routing/shape.ts";

/** A type of instance. */
export interface Ec2InstanceType {
  /** Such as `c7g.large`; no two types of a region share one. */
  readonly name: string;
  /** Processors, as quotas count them. */
  readonly vcpus: number;
  /** Memory, GiB. */
  readonly memoryGib: number;
  /** Architecture of its processors. */
  readonly arch: Arch;
  /** On demand, Linux, US dollars an hour. */
  readonly usdPerHour: number;
}

const sizes = [
  ["large", 2],
  ["xlarge", 4],
  ["2xlarge", 8],
  ["4xlarge", 16],
  ["8xlarge", 32],
  ["16xlarge", 64],
] as const;

/** Dollars a vCPU and hour, us-east-1, as published in 2026. */
const families = [
  { name: "c7g", arch: "arm64", gibPerVcpu: 2, usdPerVcpu: 0.03625 },
  { name: "m7g", arch: "arm64", gibPerVcpu: 4, usdPerVcpu: 0.0408 },
  { name: "c7i", arch: "x64", gibPerVcpu: 2, usdPerVcpu: 0.044625 },
  { name: "m7i", arch: "x64", gibPerVcpu: 4, usdPerVcpu: 0.0504 },
] as const;

/** Families of compute and general purpose of both architectures, from 1 to 64 vCPUs. */
export const defaultInstanceTypes: readonly Ec2InstanceType[] = Object.freeze(
  families.flatMap(({ name, arch, gibPerVcpu, usdPerVcpu }) =>
    [...(arch === "arm64" ? [["medium", 1] as const] : []), ...sizes].map(([size, vcpus]) =>
      Object.freeze({
        name: `${name}.${size}`,
        vcpus,
        memoryGib: vcpus * gibPerVcpu,
        arch,
        usdPerHour: vcpus * usdPerVcpu,
      }),
    ),
  ),
);

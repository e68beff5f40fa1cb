import { namesFamily, type Shape, vcpusOfType } from "@runs-fleet/core";
import type { Ec2InstanceType } from "./instance-type.ts";

const mibPerGib = 1_024;

/**
 * Whether a type is hardware that a shape allows: processors, memory, architecture, family and generation. Bare metal never
 * is, Windows wants x64, and types that are shared, accelerated or of a former generation serve only shapes that name them or
 * their family.
 *
 * A type that is named with its size also passes for the vCPUs that such a size usually has: a label that says nothing but the
 * type must get it, even where EC2 gives this size others.
 */
export function fitsShape(type: Ec2InstanceType, shape: Shape): boolean {
  const { cpu, ramGib, arch, families = [], generation, os } = shape;
  const names = families.filter((name) => namesFamily(name, type.name));
  const nominal = names.some((name) => name.includes(".")) ? vcpusOfType(type.name) : undefined;
  const isOrdinary = type.isCurrent && type.special === undefined;
  const memoryGib = type.memoryMib / mibPerGib;
  return (
    !type.isBareMetal &&
    (families.length === 0 ? isOrdinary : names.length > 0) &&
    (generation === undefined || type.generation === generation) &&
    (arch === undefined || type.arch === arch) &&
    (os !== "windows" || type.arch === "x64") &&
    (within(type.vcpus, cpu) || (nominal !== undefined && within(nominal, cpu))) &&
    (ramGib === undefined || within(memoryGib, ramGib))
  );
}

function within(value: number, bounds: { readonly min: number; readonly max?: number }): boolean {
  return value >= bounds.min && value <= (bounds.max ?? Number.POSITIVE_INFINITY);
}

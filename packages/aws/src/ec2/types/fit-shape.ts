import { namesFamily, type Shape } from "@runs-fleet/core";
import type { Ec2InstanceType } from "./instance-type.ts";

const mibPerGib = 1_024;

/**
 * Whether a type is hardware that a shape allows: processors, memory, architecture, family and generation. Bare metal never
 * is, Windows wants x64, and types that are shared, accelerated or of a former generation serve only shapes that name their
 * family.
 */
export function fitsShape(type: Ec2InstanceType, shape: Shape): boolean {
  const { cpu, ramGib, arch, families = [], generation, os } = shape;
  const isNamed = families.some((name) => namesFamily(name, type.family));
  const isOrdinary = type.isCurrent && type.special === undefined;
  const memoryGib = type.memoryMib / mibPerGib;
  return (
    !type.isBareMetal &&
    (families.length === 0 ? isOrdinary : isNamed) &&
    (generation === undefined || type.generation === generation) &&
    (arch === undefined || type.arch === arch) &&
    (os !== "windows" || type.arch === "x64") &&
    within(type.vcpus, cpu) &&
    (ramGib === undefined || within(memoryGib, ramGib))
  );
}

function within(value: number, bounds: { readonly min: number; readonly max?: number }): boolean {
  return value >= bounds.min && value <= (bounds.max ?? Number.POSITIVE_INFINITY);
}

import type { Arch, Bounds, Shape } from "@runs-fleet/core";
import { type InstanceFamily, type InstanceSize, instanceFamilies } from "./instance-families.ts";

/** A size of a family. */
export interface FamilySize extends InstanceSize {
  readonly family: InstanceFamily;
}

/** The families that serve shapes which name none. */
const unnamed = [...instanceFamilies.values()].filter(({ isNamedOnly }) => !isNamedOnly);

/** The architecture that a shape asks for, said or not. Absent: either. */
export function wantedArch({ arch, os }: Shape): Arch | undefined {
  return arch ?? (os === "windows" ? "x64" : undefined);
}

/**
 * The known families that a shape may have: those it names, else all that need no name; of its architecture and generation.
 *
 * As EC2's adapter chooses: exact names, and no others beside them.
 */
export function familiesFor(shape: Shape): readonly InstanceFamily[] {
  const { families = [], generation } = shape;
  const arch = wantedArch(shape);
  const offered =
    families.length === 0 ? unnamed : families.flatMap((name) => instanceFamilies.get(name) ?? []);
  return offered.filter(
    (family) =>
      (arch === undefined || family.arch === arch) &&
      (generation === undefined || family.generation === generation),
  );
}

/** Whether a value lies in a range; no range: any does. */
function within(value: number, bounds: Bounds | undefined): boolean {
  if (bounds === undefined) return true;
  return value >= bounds.min && value <= (bounds.max ?? Number.POSITIVE_INFINITY);
}

/** Whether one of these families has a size with as many vCPUs and as much memory. */
export function hasSize(
  families: readonly InstanceFamily[],
  cpu: Bounds | undefined,
  ramGib: Bounds | undefined,
): boolean {
  return families.some(({ sizes }) =>
    sizes.some((size) => within(size.cpu, cpu) && within(size.ramGib, ramGib)),
  );
}

/** How far a value lies from a range, in doublings. */
function distance(value: number, { min, max = Number.POSITIVE_INFINITY }: Bounds): number {
  return Math.log2(Math.max(min / value, value / max, 1));
}

/** The sizes of these families that come nearest, no two with the same numbers; of equal ones those of the newest family. */
export function nearestSizes(
  families: readonly InstanceFamily[],
  cpu: Bounds,
  ramGib: Bounds | undefined,
  most = 2,
): readonly FamilySize[] {
  const known = new Set<string>();
  return families
    .flatMap((family) => family.sizes.map((size) => ({ ...size, family })))
    .map((size) => ({
      size,
      away: distance(size.cpu, cpu) + (ramGib ? distance(size.ramGib, ramGib) : 0),
    }))
    .sort(
      (left, right) =>
        left.away - right.away ||
        (right.size.family.generation ?? 0) - (left.size.family.generation ?? 0),
    )
    .filter(({ size: { cpu: cpus, ramGib: gib } }) => {
      const key = `${cpus}/${gib}`;
      const isNew = !known.has(key);
      known.add(key);
      return isNew;
    })
    .slice(0, most)
    .map(({ size }) => size);
}

import { type Arch, type Bounds, namesFamily, type Shape, vcpusOfType } from "@runs-fleet/core";
import { type InstanceFamily, type InstanceSize, instanceFamilies } from "./instance-families.ts";

/** A size of a family. */
export interface FamilySize extends InstanceSize {
  readonly family: InstanceFamily;
}

const known = [...instanceFamilies.values()];
/** The families that serve shapes which name none. */
const unnamed = known.filter(({ isNamedOnly }) => !isNamedOnly);

/** The architecture that a shape asks for, said or not. Absent: either. */
export function wantedArch({ arch, os }: Shape): Arch | undefined {
  return arch ?? (os === "windows" ? "x64" : undefined);
}

/** What burstable types of one number of vCPUs differ in: GiB by their size. */
const burstableGib = new Map([
  ["nano", 0.5],
  ["micro", 1],
  ["small", 2],
  ["medium", 4],
  ["large", 8],
]);

/**
 * The known families that a name of a shape names: `c7g`, or all of `c7*`; of `c7g.2xlarge` that with the one size, under the
 * type's name.
 */
export function familiesNamed(name: string): readonly InstanceFamily[] {
  const [start = "", size] = name.split(".");
  const one = instanceFamilies.get(start);
  const all = start.endsWith("*")
    ? known.filter(({ name: own }) => namesFamily(start, own))
    : one === undefined
      ? []
      : [one];
  return size === undefined ? all : all.flatMap((family) => typeOf(family, size));
}

function typeOf(family: InstanceFamily, size: string): readonly InstanceFamily[] {
  const name = `${family.name}.${size}`;
  const vcpus = vcpusOfType(name);
  const some = family.sizes.filter(({ cpu }) => cpu === vcpus);
  const own = some.filter(({ ramGib }) => ramGib === burstableGib.get(size));
  const sizes = some.length > 1 && own.length > 0 ? own : some;
  return sizes.length === 0 ? [] : [{ ...family, name, sizes }];
}

/** Whether a name is that of bare metal, which no shape gets: the table leaves it out. */
export function isMetal(name: string): boolean {
  return name.includes(".metal");
}

/** Names of the sizes that known types of a family have. */
export function sizesOf(family: InstanceFamily): readonly string[] {
  const large = family.sizes.flatMap(({ cpu }) => [`${cpu / 4}xlarge`, `${cpu / 2}xlarge`]);
  const all = new Set([...burstableGib.keys(), "xlarge", ...large]);
  return [...all].filter((size) => typeOf(family, size).length > 0);
}

/**
 * The known families that a shape may have: those it names, else all that need no name; of its architecture and generation.
 *
 * As EC2's adapter chooses: those that are named, and no others beside them.
 */
export function familiesFor(shape: Shape): readonly InstanceFamily[] {
  const { families = [], generation } = shape;
  const arch = wantedArch(shape);
  const offered = families.length === 0 ? unnamed : families.flatMap(familiesNamed);
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

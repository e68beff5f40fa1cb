import { sizeOf } from "./family.ts";
import { maxCpu } from "./limits.ts";
import type { Shape } from "./shape.ts";

/** Sizes that most families have. */
const small: Readonly<Record<string, number>> = { medium: 1, large: 2 };
/** Sizes that burstable families alone have, beside their odd ones. */
const smallest: ReadonlySet<string> = new Set(["nano", "micro", "small"]);

/** Types that have other vCPUs than types of their size. */
const odd: Readonly<Record<string, number>> = {
  "c1.medium": 2,
  "c1.xlarge": 8,
  "c4.8xlarge": 36,
  "d2.8xlarge": 36,
  "m1.small": 1,
  "t2.medium": 2,
};

/** Families with a thread a core where others have two. */
const halved = /^(?:m2|hpc\d+(?!g)[a-z]+)\*?\./;
/** Burstable families: from the third generation on their smallest types have two. */
const burstable = /^t(\d+)/;

/**
 * The vCPUs of a type, as its size says: 8 of `c7g.2xlarge`.
 *
 * Source: the answers of EC2's DescribeInstanceTypes as moto 5.2.1 holds them, May 2026; right for all that are there.
 *
 * @param type - In lower case; a name of several, such as `c7*.2xlarge`, has those of its size.
 * @returns `undefined` when it names no size, or one of which nothing is known.
 */
export function vcpusOfType(type: string): number | undefined {
  const size = sizeOf(type);
  if (size === undefined) return undefined;
  if (Object.hasOwn(odd, type)) return odd[type];
  const large = /^([1-9]\d{0,2})?xlarge$/.exec(size);
  if (large !== null) {
    const vcpus = (halved.test(type) ? 2 : 4) * Number(large[1] ?? 1);
    return vcpus <= maxCpu ? vcpus : undefined;
  }
  const generation = Number(burstable.exec(type)?.[1] ?? 0);
  if (smallest.has(size) && generation > 0) return generation < 3 ? 1 : 2;
  if (!Object.hasOwn(small, size)) return undefined;
  return generation < 3 ? small[size] : 2;
}

/**
 * The vCPUs of a shape whose label or configuration says none: a type among its families brings its own, families beside it
 * have what is usual. Types of an unknown size may have any.
 *
 * @param families - Names in lower case.
 * @param usual - What shapes have that name no type.
 */
export function cpuOfFamilies(families: readonly string[], usual: Shape["cpu"]): Shape["cpu"] {
  if (families.length === 0) return usual;
  const ranges = families.map((name): Shape["cpu"] => {
    if (sizeOf(name) === undefined) return usual;
    const vcpus = vcpusOfType(name);
    return vcpus === undefined ? { min: 1, max: maxCpu } : { min: vcpus, max: vcpus };
  });
  return {
    min: Math.min(...ranges.map(({ min }) => min)),
    max: Math.max(...ranges.map(({ max }) => max)),
  };
}

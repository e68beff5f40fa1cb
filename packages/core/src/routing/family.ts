import { isFamily, isSize } from "./scan.ts";

/**
 * Whether the part names instance families in either case: one (`c7g`), or with a star at its end all that begin so (`c7*`);
 * with a size behind a dot their types of that size alone (`c7g.2xlarge`, `c7*.large`).
 *
 * @param from - Where the part begins.
 * @param to - Where it ends, exclusive.
 */
export function isFamilyName(text: string, from: number, to: number): boolean {
  const dot = text.indexOf(".", from);
  if (dot < 0 || dot >= to) return isUnsized(text, from, to);
  return isUnsized(text, from, dot) && isSize(text, dot + 1, to);
}

function isUnsized(text: string, from: number, to: number): boolean {
  if (text.charAt(to - 1) !== "*") return isFamily(text, from, to);
  // A beginning may end within a name: `m7i-*`.
  const end = text.charAt(to - 2) === "-" ? to - 2 : to - 1;
  return end - from < 32 && isFamily(text, from, end);
}

/** The size that a name says behind its dot: `2xlarge` of `c7g.2xlarge`. Absent: it leaves the size open. */
export function sizeOf(name: string): string | undefined {
  const dot = name.indexOf(".");
  return dot < 0 ? undefined : name.slice(dot + 1);
}

/** What stands before the dot, in names of types and of families. */
function withoutSize(name: string): string {
  const dot = name.indexOf(".");
  return dot < 0 ? name : name.slice(0, dot);
}

/**
 * Whether a name of a shape's `families` names a family or a type, or all that another name does: `c7*` names `c7g`,
 * `c7g.large` and all of `c7g*`; `c7` names `c7` and `c7.large`; `c7.large` names nothing larger.
 *
 * @param name - In lower case, as shapes have it.
 * @param other - A family, a type, or a name of several, in lower case.
 */
export function namesFamily(name: string, other: string): boolean {
  const size = sizeOf(name);
  if (size !== undefined && size !== sizeOf(other)) return false;
  const family = withoutSize(name);
  const otherFamily = withoutSize(other);
  return family.endsWith("*")
    ? otherFamily.startsWith(family.slice(0, -1))
    : family === otherFamily;
}

/**
 * Whether all that has this name is of arm64, as EC2 names families: a `g` behind the generation is Graviton, and so is
 * `a1`, the first of them.
 */
export function isArmName(name: string): boolean {
  return /^(?:a1\*?(?:$|\.)|[a-z]+\d+[a-z]*g)/.test(name);
}

/** Whether a name is that of bare metal, such as `c7i.metal-24xl`: no shape gets it. */
export function isMetalName(name: string): boolean {
  return sizeOf(name)?.startsWith("metal") ?? false;
}

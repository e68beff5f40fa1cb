import { isFamily } from "./scan.ts";

/**
 * Whether the part names instance families in either case: one (`c7g`), or with a star at its end all that begin so (`c7*`).
 *
 * @param from - Where the part begins.
 * @param to - Where it ends, exclusive.
 */
export function isFamilyName(text: string, from: number, to: number): boolean {
  if (text.charAt(to - 1) !== "*") return isFamily(text, from, to);
  // A beginning may end within a name: `m7i-*`.
  const end = text.charAt(to - 2) === "-" ? to - 2 : to - 1;
  return to - from <= 32 && isFamily(text, from, end);
}

/**
 * Whether a name of a shape's `families` names a family, or all families of another name: `c7*` names `c7g` and all of
 * `c7g*`; `c7` names `c7` alone.
 *
 * @param name - In lower case, as shapes have it.
 * @param family - A family, or a name of several, in lower case.
 */
export function namesFamily(name: string, family: string): boolean {
  return name.endsWith("*") ? family.startsWith(name.slice(0, -1)) : name === family;
}

/**
 * Whether all that has this name is of arm64, as EC2 names families: a `g` behind the generation is Graviton, and so is
 * `a1`, the first of them.
 */
export function isArmName(name: string): boolean {
  return /^(?:a1\*?$|[a-z]+\d+[a-z]*g)/.test(name);
}

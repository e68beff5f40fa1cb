import type { Arch } from "@runs-fleet/core";
import { instanceFamilies } from "../lint/instance-families.ts";

const ofArch = (arch: Arch): readonly string[] =>
  [...instanceFamilies.values()].filter((one) => one.arch === arch).map(({ name }) => name);
const all: readonly string[] = [...instanceFamilies.keys()].sort();

/** Whether all of these are known to be of arm64; of none, that is not known. */
export const areAllArm = (families: readonly string[]): boolean =>
  families.length > 0 && families.every((family) => ofArch("arm64").includes(family));

/** The families that begin so, of an architecture when it is known and has some. */
function beginningWith(start: string, arch: Arch | undefined): readonly string[] {
  const some = all.filter((family) => family.startsWith(start));
  const fit = arch === undefined ? some : some.filter((family) => ofArch(arch).includes(family));
  return fit.length > 0 ? fit : some;
}

/** What names of families, beginnings of such and types come to. */
export interface ReadFamilies {
  /** Families in lower case, each once. Empty: any. */
  readonly families: readonly string[];
  /** vCPUs of the types among them. */
  readonly cpus: readonly number[];
  /** Beginnings that were written out. */
  readonly expanded: readonly string[];
  /** Types, which name a size as well. */
  readonly types: readonly string[];
  /** Types of bare metal. */
  readonly metal: readonly string[];
  /** What is neither. */
  readonly unreadable: readonly string[];
}

/**
 * Reads `c7a+m7a`, `c7`, `c7*`, `t3.*`, `m7g.2xlarge`.
 *
 * @param arch - Of the image, which leaves out families of the other one.
 */
export function readFamilies(written: readonly string[], arch: Arch | undefined): ReadFamilies {
  const families = new Set<string>();
  const cpus: number[] = [];
  const [expanded, types, metal, unreadable]: [string[], string[], string[], string[]] = [
    [],
    [],
    [],
    [],
  ];
  const words = written.flatMap((text) => text.toLowerCase().split(/[+,]/)).map((w) => w.trim());
  for (const word of words.filter((one) => one !== "")) {
    const [, name = "", star, size] = /^([a-z][a-z0-9-]{0,31})?(\*?)(?:\.(.*))?$/.exec(word) ?? [];
    if (name === "" && star === "*") return { ...none, unreadable: [word] };
    if (name === "" || name.endsWith("-")) {
      unreadable.push(word);
      continue;
    }
    // Without a dot, RunsOn takes it as the beginning of a name: `m7i` is `m7i-flex` as well.
    const found = size === undefined || star === "*" ? beginningWith(name, arch) : [];
    if (found.length > 0 && (found.length > 1 || found[0] !== name)) expanded.push(word);
    for (const family of found.length > 0 ? found : [name]) families.add(family);
    if (size === undefined || size === "*" || size === "") continue;
    types.push(word);
    if (size.startsWith("metal")) metal.push(word);
    const cpu = cpuOf(name, size);
    if (cpu !== undefined) cpus.push(cpu);
  }
  return { families: [...families], cpus, expanded, types, metal, unreadable };
}

const none: ReadFamilies = {
  families: [],
  cpus: [],
  expanded: [],
  types: [],
  metal: [],
  unreadable: [],
};

/** vCPUs by the size of a type: the same for nearly all families. */
function cpuOf(family: string, size: string): number | undefined {
  const times = /^(\d{1,3})xlarge$/.exec(size)?.[1];
  if (times !== undefined) return 4 * Number(times);
  if (size === "xlarge") return 4;
  if (size === "large") return 2;
  if (/^(?:nano|micro|small|medium)$/.test(size)) return family.startsWith("t") ? 2 : 1;
  return undefined;
}

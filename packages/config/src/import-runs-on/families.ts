/**
 * Families of EC2 by architecture, to write out what RunsOn takes as the beginning of their names. One that is not here is kept
 * as it was written. Source: EC2 instance types guide, 2026.
 */
const known = {
  x64:
    "c4 c5 c5a c5ad c5d c5n c6a c6i c6id c6in c7a c7i c7i-flex c8a c8i c8i-flex " +
    "m4 m5 m5a m5ad m5d m5dn m5n m5zn m6a m6i m6id m6idn m6in m7a m7i m7i-flex m8a m8i m8i-flex " +
    "r4 r5 r5a r5ad r5b r5d r5dn r5n r6a r6i r6id r6idn r6in r7a r7i r7iz r8a r8i r8i-flex " +
    "t2 t3 t3a x1 x1e x2idn x2iedn x2iezn x8i z1d i3 i3en i4i i7i i7ie d2 d3 d3en h1 " +
    "g4ad g4dn g5 g6 g6e g6f gr6 gr6f p3 p3dn p4d p4de p5 p5e p5en inf1 inf2 trn1 trn1n trn2 f2 hpc6a hpc6id hpc7a",
  arm64:
    "a1 c6g c6gd c6gn c7g c7gd c7gn c8g c8gd c8gn m6g m6gd m7g m7gd m8g m8gd r6g r6gd r7g r7gd r8g r8gd " +
    "t4g x2gd x8g im4gn is4gen i4g i8g i8ge g5g hpc7g",
} as const;

const ofArch = (arch: keyof typeof known): readonly string[] => known[arch].split(" ");
const all: readonly string[] = [...ofArch("x64"), ...ofArch("arm64")];

/** Whether all of these are known to be of arm64; of none, that is not known. */
export const areAllArm = (families: readonly string[]): boolean =>
  families.length > 0 && families.every((family) => ofArch("arm64").includes(family));

/** The families that begin so, of an architecture when it is known and has some. */
function beginningWith(start: string, arch: "x64" | "arm64" | undefined): readonly string[] {
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
export function readFamilies(
  written: readonly string[],
  arch: "x64" | "arm64" | undefined,
): ReadFamilies {
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

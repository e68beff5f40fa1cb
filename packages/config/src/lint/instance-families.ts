import type { Arch } from "@runs-fleet/core";

/** One size of a family: what a machine has. */
export interface InstanceSize {
  /** vCPUs, as they are sold: threads, not cores. */
  readonly cpu: number;
  /** Memory, GiB. */
  readonly ramGib: number;
}

/** A family of instance types of EC2, as far as a shape can ask for it. Bare metal is left out: no shape gets it. */
export interface InstanceFamily {
  /** What stands before the dot, such as `c7g`. */
  readonly name: string;
  /** Architecture of its processors. Windows wants `x64`. */
  readonly arch: Arch;
  /** The number in the name: 7 in `c7g`. Absent: it has none. */
  readonly generation?: number;
  /** Whether only shapes that name it get it: its processors are shared or accelerated, or AWS counts it among the former ones. */
  readonly isNamedOnly: boolean;
  /** Ascending by vCPUs, then by memory. */
  readonly sizes: readonly InstanceSize[];
}

/** When {@link instanceFamilies} was looked up: what AWS has brought out since is not there. */
export const knownUntil = "May 2026";

/** The vCPUs that families have of old: `2-96` below stands for those of them from 2 to 96. */
const usual = [1, 2, 4, 8, 16, 32, 48, 64, 96, 128, 192, 384];

/**
 * Names of families, GiB a vCPU, and vCPUs of their sizes; `8:64` is a size that has its own memory. `+` before a name: only
 * shapes that name it get it.
 *
 * Source: the answers of EC2's DescribeInstanceTypes as moto 5.2.1 holds them, May 2026; bare metal and Mac left out.
 */
const arm64 = `
  c6g c6gd +c6gn c7g c7gd c7gn | 2 | 1-64
  c8g c8gb c8gd c8gn | 2 | 1-96 192
  m6g m6gd m7g m7gd | 4 | 1-64
  m8g m8gb m8gd m8gn | 4 | 1-96 192
  r6g r6gd r7g r7gd | 8 | 1-64
  r8g r8gb r8gd r8gn | 8 | 1-96 192
  x2gd | 16 | 1-64
  x8g | 16 | 1-96 192
  i4g | 8 | 2-32 64
  i8g | 8 | 2-96 192
  i8ge | 8 | 2 4 8 12 24 48 72 96 192
  im4gn | 4 | 2-32 64
  is4gen | 6 | 1-32
  hpc7g | 0 | 16:128 32:128 64:128
  +a1 | 2 | 1-16
  +g5g | 2 | 4-32 64
  +t4g | 0 | 2:0.5 2:1 2:2 2:4 2:8 4:16 8:32
`;
const x64 = `
  c5a c5ad | 2 | 2-96
  c5d +c5 | 2 | 2-16 36 48 72 96
  c5n | 0 | 2:5.25 4:10.5 8:21 16:42 36:96 72:192
  c6a | 2 | 2-192
  c6i c6id c6in | 2 | 2-128
  c7a | 2 | 1-192
  c7i | 2 | 2-96 192
  c8a | 2 | 1-96 192
  c8i c8ib c8id c8in | 2 | 2-384
  c8ine | 2 | 2-48
  +c7i-flex +c8i-flex | 2 | 2-64
  m5a m5ad m5d m5dn m5n +m5 | 4 | 2-96
  m5zn | 4 | 2 4 8 12 24 48
  m6a | 4 | 2-192
  m6id m6idn m6in +m6i | 4 | 2-128
  m7a | 4 | 1-192
  m7i | 4 | 2-96 192
  m8a | 4 | 1-96 192
  m8azn | 4 | 1 2 4 12 24 48 96
  m8i m8ib m8id m8in | 4 | 2-384
  m8ine | 4 | 2-48
  +m7i-flex +m8i-flex | 4 | 2-64
  r5a r5ad r5b r5d r5dn r5n +r5 | 8 | 2-96
  r6a | 8 | 2-192
  r6id r6idn r6in +r6i | 8 | 2-128
  r7a | 8 | 1-192
  r7i | 8 | 2-96 192
  r7iz | 8 | 2-64 128
  r8a | 8 | 1-96 192
  r8i r8ib r8id r8in | 8 | 2-384
  +r8i-flex | 8 | 2-64
  x1 | 15.25 | 64 128
  x1e | 30.5 | 4-32 64 128
  x2idn | 16 | 64 96 128
  x2iedn | 32 | 4-32 64 96 128
  x2iezn | 32 | 8 16 24 32 48
  x8aedz | 32 | 2 4 12 24 48 96
  x8i | 16 | 2-192 256 384
  z1d | 8 | 2 4 8 12 24 48
  d3 | 8 | 4-32
  d3en | 4 | 4 8 16 24 32 48
  h1 | 4 | 8-32 64
  i3 | 7.625 | 2-32 64
  i3en | 8 | 2 4 8 12 24 48 96
  i4i | 8 | 2-128
  i7i | 8 | 2-96 192
  i7ie | 8 | 2 4 8 12 24 48 72 96 192
  hpc6a | 4 | 96
  hpc6id | 16 | 64
  hpc7a | 0 | 24:768 48:768 96:768 192:768
  hpc8a | 4 | 192
  u-3tb1 | 0 | 224:3072
  u-6tb1 | 0 | 224:6144 448:6144
  u7i-6tb | 0 | 448:6144
  u7i-8tb | 0 | 448:8192
  u7i-12tb | 0 | 896:12288
  u7in-16tb | 0 | 896:16384
  u7in-24tb | 0 | 896:24576
  u7in-32tb | 0 | 896:32768
  +dl1 +dl2q +p3dn | 8 | 96
  +f2 | 0 | 24:256 48:512 192:2048
  +g4ad | 4 | 4-32 64
  +g4dn | 4 | 4-64
  +g5 +g6 | 4 | 4-96 192
  +g6e | 8 | 4-96 192
  +g6f | 4 | 2-16
  +g7e | 0 | 8:64 16:128 32:256 48:512 96:1024 192:2048
  +gr6 | 8 | 16 32
  +gr6f | 8 | 16
  +inf1 | 2 | 4 8 24 96
  +inf2 | 4 | 4 32 96 192
  +p4d +p4de | 12 | 96
  +p5 | 0 | 16:256 192:2048
  +p5e +p5en +p6-b200 | 0 | 192:2048
  +p6-b300 | 0 | 192:4096
  +trn1 | 4 | 8 128
  +trn1n | 4 | 128
  +trn2 | 0 | 12:128 192:2048
  +vt1 | 2 | 12 24 96
  +t2 | 0 | 1:0.5 1:1 1:2 2:4 2:8 4:16 8:32
  +t3 +t3a | 0 | 2:0.5 2:1 2:2 2:4 2:8 4:16 8:32
  +c1 | 0 | 2:1.69922 8:7
  +c3 | 1.875 | 2-32
  +c4 | 0 | 2:3.75 4:7.5 8:15 16:30 36:60
  +d2 | 0 | 4:30.5 8:61 16:122 36:244
  +i2 | 7.625 | 4-32
  +m1 | 0 | 1:1.69922 1:3.69922 2:7.5 4:15
  +m2 | 0 | 2:17.0996 4:34.1992 8:68.3994
  +m3 | 3.75 | 1-8
  +m4 | 4 | 2-16 40 64
  +r3 | 0 | 2:15 4:30.5 8:61 16:122 32:244
  +r4 | 7.625 | 2-32 64
  +t1 | 0 | 1:0.612305
`;

function sizesOf(written: string, gibPerCpu: number): readonly InstanceSize[] {
  return written.split(" ").flatMap((part) => {
    const [cpu, ramGib] = part.split(":").map(Number);
    if (ramGib !== undefined) return [{ cpu: cpu ?? 0, ramGib }];
    const [from = 0, to = from] = part.split("-").map(Number);
    const cpus = from === to ? [from] : usual.filter((size) => size >= from && size <= to);
    return cpus.map((size) => ({ cpu: size, ramGib: size * gibPerCpu }));
  });
}

/** What family a name says it is: `c`, 7 and the rest in `c7gn`. */
export function partsOf(
  name: string,
): { readonly series: string; readonly generation: number } | undefined {
  const [, series = "", generation] = /^([a-z]+)(\d+)/.exec(name) ?? [];
  return generation === undefined ? undefined : { series, generation: Number(generation) };
}

function familiesOf(table: string, arch: Arch): readonly InstanceFamily[] {
  return table
    .trim()
    .split("\n")
    .flatMap((row) => {
      const [names = "", gibPerCpu, sizes = ""] = row.split("|").map((cell) => cell.trim());
      const held = sizesOf(sizes, Number(gibPerCpu));
      return names.split(" ").map((written): InstanceFamily => {
        const name = written.replace("+", "");
        const generation = partsOf(name)?.generation;
        return {
          name,
          arch,
          ...(generation === undefined ? {} : { generation }),
          isNamedOnly: written !== name,
          sizes: held,
        };
      });
    });
}

/** The families of EC2 that are known here, by name. */
export const instanceFamilies: ReadonlyMap<string, InstanceFamily> = new Map(
  [...familiesOf(arm64, "arm64"), ...familiesOf(x64, "x64")].map((family) => [family.name, family]),
);

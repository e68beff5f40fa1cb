import type { Bounds, Shape } from "@runs-fleet/core";

/** What a machine is, in words: `linux, arm64, 4 vCPUs, 16 GiB RAM, 80 GiB disk, image ubuntu, spot`. */
export function shapeWords(shape: Shape): string {
  const { os, arch, cpu, ramGib, families = [], generation, diskGib, spot = true } = shape;
  return [
    os,
    arch ?? (os === "windows" ? "x64" : "arm64 or x64"),
    `${range(cpu)} vCPUs`,
    ramGib &&
      (ramGib.max === undefined ? `${ramGib.min} GiB RAM or more` : `${range(ramGib)} GiB RAM`),
    familyWords(families),
    generation !== undefined && `generation ${generation}`,
    diskGib !== undefined && `${diskGib} GiB disk`,
    imageWords(shape),
    spot ? "spot or on-demand" : "on-demand",
  ]
    .filter(Boolean)
    .join(", ");
}

/** `image ubuntu (the newest acme-ubuntu24-* of self)`; of one that the host knows the name alone. */
function imageWords({ image, imageSource }: Shape): string | false {
  if (image === undefined) return false;
  if (imageSource === undefined) return `image ${image}`;
  const { id, owner = "self", name } = imageSource;
  return `image ${image} (${id ?? `the newest ${name} of ${owner}`})`;
}

/** `family c7g or c7*`, and of types `c7g.large or m7g.large`. */
function familyWords(names: readonly string[]): string {
  const types = names.filter((name) => name.includes("."));
  const [one, ...others] = names.filter((name) => !name.includes("."));
  return [...types, ...(one === undefined ? [] : [`family ${one}`]), ...others].join(" or ");
}

function range({ min, max }: Bounds): string {
  if (max === undefined) return `${min} or more`;
  return max === min ? `${min}` : `${min} to ${max}`;
}

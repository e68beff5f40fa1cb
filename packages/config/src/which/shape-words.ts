import type { Bounds, Shape } from "@runs-fleet/core";

/** What a machine is, in words: `linux, arm64, 4 vCPUs, 16 GiB RAM, 80 GiB disk, image ubuntu, spot`. */
export function shapeWords(shape: Shape): string {
  const { os, arch, cpu, ramGib, families = [], generation, diskGib, image, spot = true } = shape;
  return [
    os,
    arch ?? (os === "windows" ? "x64" : "arm64 or x64"),
    `${range(cpu)} vCPUs`,
    ramGib &&
      (ramGib.max === undefined ? `${ramGib.min} GiB RAM or more` : `${range(ramGib)} GiB RAM`),
    families.length > 0 && `family ${families.join(" or ")}`,
    generation !== undefined && `generation ${generation}`,
    diskGib !== undefined && `${diskGib} GiB disk`,
    image !== undefined && `image ${image}`,
    spot ? "spot or on-demand" : "on-demand",
  ]
    .filter(Boolean)
    .join(", ");
}

function range({ min, max }: Bounds): string {
  if (max === undefined) return `${min} or more`;
  return max === min ? `${min}` : `${min} to ${max}`;
}

import type { Image } from "@aws-sdk/client-ec2";
import type { Arch, ImageSource, Os, Shape } from "@runs-fleet/core";
import { parseInstant } from "@runs-fleet/core/embedded/rules";

/** An image, as far as choosing one depends on it. */
export interface Ec2Image {
  /** Such as `ami-0123456789abcdef0`. */
  readonly id: string;
  /** Operating system that it boots. */
  readonly os: Os;
  /** Architecture that it is made for. */
  readonly arch: Arch;
  /** Its root device, such as `/dev/xvda`. */
  readonly rootDevice: string;
  /** Size of its root volume, GiB. */
  readonly sizeGib: number;
  /** When it was made, epoch milliseconds. */
  readonly createdAtMs: number;
}

/** The image of each architecture that machines of a shape boot, or why there is none. */
export type Ec2ImageChoice =
  | { readonly ok: true; readonly images: ReadonlyMap<Arch, Ec2Image> }
  | { readonly ok: false; readonly reason: string };

const arches: Readonly<Record<string, Arch>> = { arm64: "arm64", x86_64: "x64" };

/** The architecture by EC2's name for it; `undefined` for one that we do not know. */
export function archOf(architecture: string | undefined): Arch | undefined {
  return arches[architecture ?? ""];
}

/** The system by what EC2 says of the platform: nothing of Linux. */
export function osOf(platform: string | undefined): Os {
  return platform?.toLowerCase() === "windows" ? "windows" : "linux";
}
const dayMs = 24 * 60 * 60_000;

/**
 * Reads one entry of DescribeImages.
 *
 * @returns `undefined` for an image that no machine of ours can boot: not there yet or no more, of another architecture,
 *   without a root volume.
 */
export function readImage(image: Image): Ec2Image | undefined {
  const { ImageId: id, RootDeviceName: rootDevice, BlockDeviceMappings: mappings = [] } = image;
  const arch = archOf(image.Architecture);
  const createdAtMs = parseInstant(image.CreationDate ?? "");
  const root = mappings.find(({ DeviceName }) => DeviceName === rootDevice)?.Ebs;
  if (image.State !== "available" || arch === undefined || createdAtMs === undefined) return;
  if (id === undefined || rootDevice === undefined || root === undefined) return;
  return {
    id,
    os: osOf(image.Platform),
    arch,
    rootDevice,
    sizeGib: root.VolumeSize ?? 1,
    createdAtMs,
  };
}

/** Of each architecture that the shape allows the newest image of its system, unless that is too old. */
export function chooseImages(
  found: readonly Ec2Image[],
  source: ImageSource,
  { os, arch }: Shape,
  nowMs: number,
): Ec2ImageChoice {
  const refused = (reason: string): Ec2ImageChoice => ({ ok: false, reason });
  if (found.length === 0) return refused(`${nameOf(source)} is not there, or cannot be booted`);
  const newest = newestImages(found, { os, ...(arch === undefined ? {} : { arch }) });
  if (newest.size === 0) {
    const kinds = [...new Set(found.map((image) => `${image.os} on ${image.arch}`))].sort();
    const wanted = arch === undefined ? os : `${os} on ${arch}`;
    return refused(`${nameOf(source)} is ${kinds.join(" and ")}, and it asks for ${wanted}`);
  }
  const { maxAgeMs = Number.POSITIVE_INFINITY } = source;
  const images = new Map([...newest].filter(([, own]) => nowMs - own.createdAtMs <= maxAgeMs));
  if (images.size > 0) return { ok: true, images };
  const ages = [...newest.values()]
    .map(({ id, createdAtMs }) => `${id}, is ${daysOf(nowMs - createdAtMs)} old`)
    .sort();
  return refused(
    `the newest of ${nameOf(source)}, ${ages.join(", or ")}, and its maxAge is ${daysOf(maxAgeMs)}`,
  );
}

/** Of each architecture that is asked for the newest image of the system. */
export function newestImages(
  found: readonly Ec2Image[],
  { os, arch }: Pick<Shape, "os" | "arch">,
): ReadonlyMap<Arch, Ec2Image> {
  const newest = new Map<Arch, Ec2Image>();
  for (const image of found) {
    if (image.os !== os || (arch !== undefined && image.arch !== arch)) continue;
    const best = newest.get(image.arch);
    if (best === undefined || isNewer(image, best)) newest.set(image.arch, image);
  }
  return newest;
}

const daysOf = (spanMs: number): string => `${(spanMs / dayMs).toFixed(1)} days`;

/** Two of one moment: the same one wins in every process. */
function isNewer(image: Ec2Image, other: Ec2Image): boolean {
  const later = image.createdAtMs - other.createdAtMs;
  return later > 0 || (later === 0 && image.id > other.id);
}

function nameOf({ id, owner = "self", name }: ImageSource): string {
  return id === undefined ? `image ${JSON.stringify(name)} of ${owner}` : `image ${id}`;
}

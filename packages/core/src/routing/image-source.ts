import type { Catalog } from "./catalog.ts";
import type { Shape } from "./shape.ts";

/** Which image machines boot, as far as a configuration says it: by its id, or the newest of an owner with a name. */
export interface ImageSource {
  /** The image itself, such as `ami-0123456789abcdef0`, in place of owner and name. */
  readonly id?: string;
  /** Account that owns the image: `self`, an alias of the provider such as `amazon`, or 12 digits. @defaultValue `self` */
  readonly owner?: string;
  /** Name of the image, with `*` and `?`; of several the newest is meant. */
  readonly name?: string;
  /** Age from which on nothing is launched from the image, milliseconds. Absent: however old it is. */
  readonly maxAgeMs?: number;
}

/** The shape with what the catalog says of its image. */
export function withImageSource(
  shape: Shape,
  { imageSources }: Pick<Catalog, "imageSources">,
): Shape {
  const { image } = shape;
  if (image === undefined || imageSources === undefined) return shape;
  const imageSource = Object.hasOwn(imageSources, image) ? imageSources[image] : undefined;
  return imageSource === undefined ? shape : { ...shape, imageSource };
}

/** Canonical text of a source: equal sources have equal texts, others have other texts. */
export function imageSourceKey({ id, owner, name, maxAgeMs }: ImageSource): string {
  return JSON.stringify([id ?? null, owner ?? null, name ?? null, maxAgeMs ?? null]);
}

import { imageSourceKey } from "./image-source.ts";
import type { Shape } from "./shape.ts";

/**
 * Canonical text of a shape: equal shapes have equal texts, others have other texts. Meant to be hashed.
 *
 * The order of families and what is a default (any family, spot allowed) make no difference.
 */
export function shapeKey(shape: Shape): string {
  return JSON.stringify([
    shape.os,
    shape.arch ?? null,
    shape.cpu.min,
    shape.cpu.max,
    shape.ramGib?.min ?? null,
    shape.ramGib?.max ?? null,
    [...new Set(shape.families)].sort(),
    shape.generation ?? null,
    shape.diskGib ?? null,
    shape.image ?? null,
    shape.spot ?? true,
    // Without one the text is what it was before there were sources: machines that run are not outdated by it.
    ...(shape.imageSource === undefined ? [] : [imageSourceKey(shape.imageSource)]),
  ]);
}

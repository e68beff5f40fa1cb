import { namesFamily } from "./family.ts";
import type { AskedShape } from "./resolve-shape.ts";
import type { Bounds, Shape } from "./shape.ts";

function range(bounds: Bounds): string {
  if (bounds.max === undefined) return `${bounds.min} or more`;
  return bounds.min === bounds.max ? `${bounds.min}` : `${bounds.min} to ${bounds.max}`;
}

/** Whether every value of `inner` lies in `outer`. */
function within(inner: Bounds, outer: Bounds): boolean {
  if (inner.min < outer.min) return false;
  return outer.max === undefined || (inner.max !== undefined && inner.max <= outer.max);
}

/**
 * In words, each point in which a machine of the pool may be other than what the job asks for.
 *
 * What the pool's shape leaves open, it does not promise: a job that asks for `arch=arm64` does not fit a pool of either
 * architecture. A job that asks for nothing fits every pool.
 */
export function poolMisfits(asked: AskedShape, pool: Shape): readonly string[] {
  const misfits: string[] = [];
  const differs = (what: string, wanted: string, given: string | undefined) =>
    misfits.push(`${what} ${wanted} is asked for, and the pool has ${given ?? "any"}`);
  if (asked.os !== undefined && asked.os !== pool.os) differs("os", asked.os, pool.os);
  // Windows has one architecture, said or not.
  const arch = pool.arch ?? (pool.os === "windows" ? "x64" : undefined);
  if (asked.arch !== undefined && asked.arch !== arch) differs("arch", asked.arch, arch);
  if (asked.cpu !== undefined && !within(pool.cpu, asked.cpu)) {
    differs("cpu", range(asked.cpu), range(pool.cpu));
  }
  if (asked.ramGib !== undefined) {
    const { ramGib } = pool;
    if (ramGib === undefined || !within(ramGib, asked.ramGib)) {
      differs("ram", `${range(asked.ramGib)} GiB`, ramGib && `${range(ramGib)} GiB`);
    }
  }
  const { families = [] } = pool;
  const wanted = asked.families ?? [];
  if (wanted.length > 0) {
    const all =
      families.length > 0 &&
      families.every((family) => wanted.some((name) => namesFamily(name, family)));
    if (!all) differs("family", wanted.join(" or "), families.join(" or ") || undefined);
  }
  if (asked.generation !== undefined && asked.generation !== pool.generation) {
    differs("gen", `${asked.generation}`, pool.generation?.toString());
  }
  if (asked.diskGib !== undefined && (pool.diskGib ?? 0) < asked.diskGib) {
    differs(
      "disk",
      `${asked.diskGib} GiB`,
      pool.diskGib === undefined ? undefined : `${pool.diskGib} GiB`,
    );
  }
  if (asked.image !== undefined && asked.image !== pool.image) {
    differs("image", asked.image, pool.image);
  }
  if (asked.spot === false && pool.spot !== false) differs("spot", "false", "spot machines too");
  return misfits;
}

import type { Catalog } from "./catalog.ts";

/** Most tags of an environment, and most of a pool: both with our 7 leave the host a dozen of EC2's 50. */
export const mostTags = 15;
/** Longest value of a tag. Source: EC2 API, Tag, read 2026-11-28. */
export const longestTagValue = 256;

/**
 * Why machines cannot have a tag of this key; `undefined` when they can. It must be shown in a machine's metadata, and one
 * bad key would fail every launch. Source: EC2 guide, tags in instance metadata, and Tag restrictions, read 2026-11-24.
 */
export function tagKeyProblem(key: string): string | undefined {
  if (!/^[0-9a-zA-Z\-_+=,.@:]{1,127}$/u.test(key) || [".", "..", "_index"].includes(key)) {
    return "A tag's key is 1 to 127 letters, digits and - _ + = , . @ :, so that machines can read it";
  }
  if (/^aws:/iu.test(key)) return "Keys that begin with aws: are the provider's own";
  return key.startsWith("runs-fleet:") ? "Keys that begin with runs-fleet: are our own" : undefined;
}

/** The tags that a catalog gives to machines: those of their environment, and those of their pool, which win. */
export function tagsOf(
  { environments, pools }: Pick<Catalog, "environments" | "pools">,
  environment: string,
  pool: string | undefined,
): Readonly<Record<string, string>> {
  return {
    ...environments.find(({ name }) => name === environment)?.tags,
    ...(pool === undefined ? {} : pools.find(({ name }) => name === pool)?.tags),
  };
}

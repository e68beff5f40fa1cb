/**
 * The public entry points of a package, in the order of its manifest.
 *
 * @param {{ manifest: any }} workspace
 * @returns {{ subpath: string, name: string, source: string, types: string, script: string }[]} `name` is what its API
 *   report is called: `index`, or the subpath with dashes. The paths are relative to the package.
 */
export function entryPoints({ manifest }) {
  return Object.entries(manifest.exports)
    .filter(([, target]) => typeof target === "object")
    .map(([subpath, target]) => ({
      subpath,
      name: subpath === "." ? "index" : subpath.slice(2).replaceAll("/", "-"),
      source: target["@runs-fleet/source"],
      types: target.types,
      script: target.default,
    }));
}

/** How a user names an entry point in an import. */
export const specifier = (/** @type {string} */ packageName, /** @type {string} */ subpath) =>
  subpath === "." ? packageName : `${packageName}${subpath.slice(1)}`;

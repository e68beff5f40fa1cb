import type { FieldIssue } from "../issues/issue.ts";

type Path = readonly (string | number)[];
type Container = Record<string, unknown> | unknown[];

/** What stands for a key that has to be there and is not, while the rest is looked through. */
const stopgaps: Readonly<Record<string, unknown>> = {
  version: 1,
  policies: [],
  environments: {},
  repositories: [],
  allow: {},
  limits: { machines: 0 },
  machines: 0,
  regions: [],
  name: "unnamed",
  dates: [],
  after: "1m",
};

const isContainer = (value: unknown): value is Container =>
  typeof value === "object" && value !== null;

/** A copy in which nothing is shared: what aliases repeat is changed in one place only. */
export function unshared(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unshared);
  if (!isContainer(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, unshared(held)]));
}

/** What stands at a path; `undefined` where nothing does. */
export function valueAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const key of path) {
    if (!isContainer(found) || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string | number, unknown>)[key];
  }
  return found;
}

/** The nearest thing around a field that can be left out: an item of a list cannot, without moving those behind it. */
function removable(path: Path): Path {
  let end = path.length;
  while (end > 0 && typeof path[end - 1] === "number") end -= 1;
  return path.slice(0, end);
}

/**
 * Takes what is wrong out of a document, in place, so that what it hid can be looked at.
 *
 * @returns The paths that were taken out or filled in: what is found there next follows from what was told.
 */
export function repair(value: unknown, issues: readonly FieldIssue[]): readonly Path[] {
  const touched: Path[] = [];
  for (const { path, missing } of issues) {
    const target = valueAt(value, path);
    if (
      missing !== undefined &&
      isContainer(target) &&
      !Array.isArray(target) &&
      missing in stopgaps
    ) {
      target[missing] = structuredClone(stopgaps[missing]);
      touched.push([...path, missing]);
      continue;
    }
    const end = removable(path);
    const key = end.at(-1);
    const parent = valueAt(value, end.slice(0, -1));
    touched.push(end);
    if (key !== undefined && isContainer(parent) && !Array.isArray(parent)) delete parent[key];
  }
  return touched;
}

/** Whether a path is one of these, or lies below one. */
export function isBelow(path: Path, roots: readonly Path[]): boolean {
  return roots.some((root) => root.every((key, index) => String(path[index]) === String(key)));
}

import { suggest } from "../cli/suggest.ts";
import type { FieldIssue } from "../issues/issue.ts";
import { familiesNamed, sizesOf } from "./fit-families.ts";
import { instanceFamilies, knownUntil, partsOf } from "./instance-families.ts";

const rest = "whether it has such machines is not looked at";

/** A family or type that is not in the table: a new one may be right, so that it does not keep the file from being used. */
export function unknownFamily(name: string): Omit<FieldIssue, "path"> {
  const [start = "", size] = name.split(".");
  const behind = size === undefined ? "" : `.${size}`;
  const families = familiesNamed(start);
  if (families.length > 0) {
    const sizes = new Set(families.flatMap(sizesOf));
    const near = suggest(size ?? "", [...sizes]);
    return unknown("warning", `No type ${name}`, near && `${start}.${near}`);
  }
  const newest = newestOf(start);
  if (newest !== undefined) {
    const message = `${name} is newer than what was known in ${knownUntil}; ${rest}`;
    const issue = { rule: "unknown-family", severity: "note", message } as const;
    // Of one family it says what is new; all of a generation may be a slip of the finger.
    return start.endsWith("*") ? { ...issue, suggestion: `${newest}*${behind}` } : issue;
  }
  const near = suggest(start, start.endsWith("*") ? beginnings : familyNames);
  return unknown("warning", `No family ${name}`, near && `${near}${behind}`);
}

function unknown(
  severity: FieldIssue["severity"],
  what: string,
  suggestion: string | undefined,
): Omit<FieldIssue, "path"> {
  const message = `${what} was known in ${knownUntil}; ${rest}`;
  return {
    rule: "unknown-family",
    severity,
    message,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

const familyNames: readonly string[] = [...instanceFamilies.keys()];

/** The newest generation of each series that is known. */
const newestGenerations: ReadonlyMap<string, number> = familyNames.reduce((newest, name) => {
  const parts = partsOf(name);
  if (parts === undefined) return newest;
  const { series, generation } = parts;
  return newest.set(series, Math.max(generation, newest.get(series) ?? generation));
}, new Map<string, number>());

/** What `c7*` may be meant by: generations first, then families. */
const beginnings: readonly string[] = [
  ...new Set(
    familyNames.flatMap((name) => {
      const parts = partsOf(name);
      return parts ? [`${parts.series}${parts.generation}*`] : [];
    }),
  ),
  ...familyNames.map((name) => `${name}*`),
];

/** The newest generation of a series, `c8`, when a name is of a newer one; `undefined`: it is not. */
function newestOf(name: string): string | undefined {
  const parts = partsOf(name);
  const newest = newestGenerations.get(parts?.series ?? "");
  return parts && newest !== undefined && parts.generation > newest
    ? `${parts.series}${newest}`
    : undefined;
}

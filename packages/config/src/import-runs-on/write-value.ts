import type { Fields, Value } from "./fields.ts";

/** Words that tools of YAML 1.1 read as something else than a text. */
const special = /^(?:true|false|null|yes|no|on|off|y|n)$/i;
const plain = /^[A-Za-z][\w./-]*(?: [\w./-]+)*$/;
/** What begins with a digit and is no number, time or date to anybody: `80 GiB`, `16+32`. */
const plainSize = /^\d+(?:\.\d+)?(?: GiB|\+\d+(?:\.\d+)?)$/;

/** A text as YAML, in quotes where it could be read as something else. */
export function writeText(text: string): string {
  if (plainSize.test(text) || (plain.test(text) && !special.test(text))) return text;
  // JSON's quotes are YAML's; what could steer a terminal is escaped as well.
  return JSON.stringify(text).replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) =>
    character
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

/** A value on one line. */
function writeFlow(value: Value): string {
  if (typeof value === "string") return writeText(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (isList(value)) return `[${value.map(writeFlow).join(", ")}]`;
  const fields = Object.entries(value).map(
    ([key, held]) => `${writeText(key)}: ${writeFlow(held)}`,
  );
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

/** Columns of a line: what formatters of YAML leave as it is. */
export const widest = 100;

/** The lines of `key: value`, on one line when it is short. */
export function writeField(key: string, value: Value, indent: string): readonly string[] {
  const line = `${indent}${writeText(key)}: ${writeFlow(value)}`;
  if (line.length <= widest || typeof value !== "object") return [line];
  const below = `${indent}  `;
  const parts = isList(value)
    ? value.flatMap((item) => writeItem(item, below))
    : writeFields(value, below);
  return [`${indent}${writeText(key)}:`, ...parts];
}

/** The lines of an item of a list, on one line when it is short. */
export function writeItem(value: Value, indent: string): readonly string[] {
  const line = `${indent}- ${writeFlow(value)}`;
  if (line.length <= widest || typeof value !== "object" || isList(value)) return [line];
  const [first = "", ...rest] = writeFields(value, `${indent}  `);
  return [`${indent}- ${first.trimStart()}`, ...rest];
}

const writeFields = (fields: Fields, indent: string): readonly string[] =>
  Object.entries(fields).flatMap(([key, held]) => writeField(key, held, indent));

import type { Ec2Filter } from "./api.ts";
import { ec2Error } from "./ec2-error.ts";

/** Most values of all filters of one request. */
const mostValues = 200;

/** Whether an item passes. */
export type Passes<T> = (item: T) => boolean;

/** `*` stands for any characters, `?` for one; a backslash takes their meaning away. */
function matcher(pattern: string): (value: string) => boolean {
  if (!/[*?\\]/u.test(pattern)) return (value) => value === pattern;
  const source = pattern.replace(/\\([*?\\])|[\s\S]/gu, (part, escaped?: string) => {
    if (escaped !== undefined) return `\\${escaped}`;
    if (part === "*") return "[\\s\\S]*";
    if (part === "?") return "[\\s\\S]";
    return part.replace(/[\\^$.|+()[\]{}]/gu, "\\$&");
  });
  const expression = new RegExp(`^${source}$`, "u");
  return (value) => expression.test(value);
}

/**
 * All filters must hold, each with one of its values.
 *
 * @param fields - What an item has for the name of a filter; answers `undefined` for a name that does not exist.
 * @throws An {@link Ec2Error} `InvalidParameterValue` for an unknown name or no value, `FilterLimitExceeded` for too many.
 */
export function compileFilters<T>(
  filters: readonly Ec2Filter[],
  fields: (name: string) => ((item: T) => readonly string[]) | undefined,
): Passes<T> {
  const values = filters.reduce((sum, { Values }) => sum + Values.length, 0);
  if (values > mostValues) {
    throw ec2Error("FilterLimitExceeded", `At most ${mostValues} filter values, not ${values}`);
  }
  const tests = filters.map(({ Name, Values }) => {
    const read = fields(Name);
    if (read === undefined) {
      throw ec2Error("InvalidParameterValue", `The filter '${Name}' is invalid`);
    }
    if (Values.length === 0) {
      throw ec2Error("InvalidParameterValue", `The filter '${Name}' has no value`);
    }
    const matchers = Values.map(matcher);
    return (item: T) => read(item).some((value) => matchers.some((matches) => matches(value)));
  });
  return (item) => tests.every((test) => test(item));
}

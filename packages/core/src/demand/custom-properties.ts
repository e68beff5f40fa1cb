import * as v from "valibot";

/** GitHub allows 100 properties and texts of 75 characters; a little more does no harm. */
const mostProperties = 100;
const longestText = 100;

/**
 * Custom properties of a repository that are one text each, which `true` and `false` are as well. A choice of several, and what has
 * no value, is left out: a policy asks for one value.
 */
export const customProperties = v.pipe(
  v.record(v.string(), v.unknown()),
  v.transform((values): Readonly<Record<string, string>> => {
    const texts = Object.entries(values).filter(
      (entry): entry is [string, string] =>
        typeof entry[1] === "string" &&
        entry[0].length <= longestText &&
        entry[1].length <= longestText,
    );
    return Object.fromEntries(texts.slice(0, mostProperties));
  }),
);

/** As a field that is absent where there is none. */
export function someProperties(properties: Readonly<Record<string, string>> | undefined): {
  readonly properties?: Readonly<Record<string, string>>;
} {
  return properties === undefined || Object.keys(properties).length === 0 ? {} : { properties };
}

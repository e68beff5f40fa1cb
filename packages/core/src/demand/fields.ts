import * as v from "valibot";
import type { Visibility } from "../ports/demand-event.ts";
import { customProperties, someProperties } from "./custom-properties.ts";
import { parseInstant } from "./parse-instant.ts";

/** An id: GitHub's number, or digits, as digits. */
export const decimalId = v.union(
  [
    v.pipe(
      v.number(),
      v.safeInteger(),
      v.minValue(0),
      v.transform((id) => String(id)),
    ),
    v.pipe(v.string(), v.regex(/^\d{1,20}$/)),
  ],
  "an id",
);

/** `owner/name`. */
export const repositoryName = v.pipe(
  v.string(),
  v.maxLength(256),
  v.regex(/^[^/\s]+\/[^/\s]+$/, "owner/name"),
);

/** A field that is used when it has the expected form and is otherwise as good as absent. */
export function lenient<const S extends v.GenericSchema>(schema: S) {
  return v.fallback(v.optional(schema), undefined);
}

/** A text that is not empty. */
export const text = (longest: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(longest));

/** A moment as epoch milliseconds; as good as absent in any form we do not know. */
export const instant = v.optional(v.pipe(v.unknown(), v.transform(parseInstant)));

/** What of a repository a job needs. */
export const jobRepository = v.pipe(
  v.object({
    id: decimalId,
    full_name: repositoryName,
    fork: v.boolean(),
    private: lenient(v.boolean()),
    visibility: lenient(v.picklist(["public", "private", "internal"])),
    custom_properties: lenient(customProperties),
  }),
  v.check(
    (repository) => repository.visibility !== undefined || repository.private !== undefined,
    "visibility or private",
  ),
  v.transform((repository) => ({
    repository: repository.full_name,
    repositoryId: repository.id,
    fork: repository.fork,
    // Older bodies know only the flag, and an internal repository has it set.
    visibility: (repository.visibility ??
      (repository.private ? "private" : "public")) satisfies Visibility,
    ...someProperties(repository.custom_properties),
  })),
);

/** The first thing that is wrong, by path; never the value, which is the sender's. */
export function describeIssue(
  issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]],
): string {
  const [issue] = issues;
  return `${v.getDotPath(issue) ?? "body"}: expected ${issue.expected ?? issue.message}`;
}

import * as v from "valibot";
import { type Part, partsAt } from "./parts.ts";

type Issue = v.BaseIssue<unknown>;

/**
 * What is wrong with a value that fits none of several forms: what the form that it nearly has complains about, each
 * with its own place; or the issue itself where no form is nearer than the others.
 *
 * @param schema - The one that was asked.
 */
export function nearestForm(schema: v.GenericSchema, issue: Issue): readonly Issue[] {
  const { input, path = [] } = issue;
  if (issue.type !== "union" || input === null) return [issue];
  const keys = path.map(({ key }) => key as string | number);
  const nearest = nearestOf(partsAt(schema, keys), input);
  if (nearest === undefined) return [issue];
  const { issues = [] } = v.safeParse(nearest as unknown as v.GenericSchema, input, {
    abortPipeEarly: true,
  });
  return issues.flatMap((inner) => {
    const whole = [...path, ...(inner.path ?? [])] as unknown as NonNullable<Issue["path"]>;
    return nearestForm(schema, { ...inner, path: whole });
  });
}

/** The only one that takes a text, a number or a list; of mappings the one with most of the keys, if no other has as many. */
function nearestOf(options: readonly Part[], input: unknown): Part | undefined {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    const kinds = Array.isArray(input) ? ["array", "strict_tuple"] : [typeof input];
    const takers = options.filter(
      ({ type, literal }) => kinds.includes(type) || typeof literal === typeof input,
    );
    return takers.length === 1 ? takers[0] : undefined;
  }
  const [first, second] = options
    .filter(({ type }) => type === "strict_object")
    .map((option) => ({ option, fit: fitOf(option, input) }))
    .sort((left, right) => right.fit - left.fit);
  return first && first.fit > (second?.fit ?? -1) ? first.option : undefined;
}

/** How many of its keys are keys of the form. */
const fitOf = ({ entries = {} }: Part, input: object): number =>
  Object.keys(input).filter((key) => Object.hasOwn(entries, key)).length;

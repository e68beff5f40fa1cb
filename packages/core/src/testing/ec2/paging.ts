import type { Ec2Paging } from "./api.ts";
import { ec2Error } from "./ec2-error.ts";

/** Fewest and most items of a page. */
const fewest = 5;
const most = 1_000;

/**
 * One page of items in a fixed order. A token names the last item that was shown, so that what comes and goes between
 * two pages hides nothing else.
 *
 * @throws An {@link Ec2Error} for a page size out of range or a token that no page gave.
 */
export function pageOf<T>(
  items: Iterable<T>,
  keyOf: (item: T) => string,
  { MaxResults, NextToken }: Ec2Paging,
): { readonly items: readonly T[]; readonly NextToken?: string } {
  if (
    MaxResults !== undefined &&
    !(Number.isSafeInteger(MaxResults) && MaxResults >= fewest && MaxResults <= most)
  ) {
    throw ec2Error("InvalidParameterValue", `MaxResults must be 5 to 1000, is ${MaxResults}`);
  }
  const after = NextToken === undefined ? undefined : /^after:(.+)$/u.exec(NextToken)?.[1];
  if (NextToken !== undefined && after === undefined) {
    throw ec2Error("InvalidNextToken", `The token '${NextToken}' is invalid`);
  }
  const size = MaxResults ?? Number.POSITIVE_INFINITY;
  const page: T[] = [];
  for (const item of items) {
    if (after !== undefined && keyOf(item) <= after) continue;
    if (page.length === size) {
      const last = page.at(-1);
      return { items: page, ...(last ? { NextToken: `after:${keyOf(last)}` } : {}) };
    }
    page.push(item);
  }
  return { items: page };
}

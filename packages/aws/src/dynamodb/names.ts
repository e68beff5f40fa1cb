import { assertName } from "@runs-fleet/core/embedded/rules";

/**
 * What every key must be: DynamoDB keeps UTF-8, in which halves of a character all become the same replacement.
 *
 * @throws A RangeError when it is empty, longer than 512 characters, or no well-formed text.
 */
export function assertKey(value: string, what: string): void {
  assertName(value, what);
  if (/\p{Surrogate}/u.test(value)) throw new RangeError(`${what} must be well-formed Unicode`);
}

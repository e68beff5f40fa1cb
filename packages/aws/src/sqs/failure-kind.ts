import type { FailureKind } from "@runs-fleet/core";
import { verdictOf } from "../failures/kind-of.ts";
import { sqsFailures } from "../failures/sqs.ts";

/**
 * What to do about a code that SQS answers: the SDK has it in the `name` of its errors.
 *
 * @param code - As answered, such as `QueueDoesNotExist`.
 * @param status - HTTP status of the answer; judges codes that are new.
 * @returns `unknown` when neither tells.
 */
export function sqsFailureKind(code: string, status?: number): FailureKind {
  return verdictOf(sqsFailures, code, status).kind;
}

import type { FailureKind } from "@runs-fleet/core";
import { dynamodbFailures } from "../failures/dynamodb.ts";
import { verdictOf } from "../failures/kind-of.ts";

/**
 * What to do about a code that DynamoDB answers: the SDK has it in the `name` of its errors.
 *
 * @param code - As answered, such as `ConditionalCheckFailedException`.
 * @param status - HTTP status of the answer; judges codes that are new.
 * @returns `unknown` when neither tells.
 */
export function dynamodbFailureKind(code: string, status?: number): FailureKind {
  return verdictOf(dynamodbFailures, code, status).kind;
}

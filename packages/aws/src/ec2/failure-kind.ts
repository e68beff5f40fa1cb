import type { FailureKind } from "@runs-fleet/core";
import { ec2Failures } from "../failures/ec2.ts";
import { verdictOf } from "../failures/kind-of.ts";

/**
 * What to do about a code that EC2 answers: the SDK has it in the `name` of its errors.
 *
 * @param code - As answered, such as `InsufficientInstanceCapacity`.
 * @param status - HTTP status of the answer; judges codes that are new.
 * @returns `unknown` when neither tells.
 */
export function ec2FailureKind(code: string, status?: number): FailureKind {
  return verdictOf(ec2Failures, code, status).kind;
}

import type { FailureKind } from "@runs-fleet/core";
import { verdictOf } from "../failures/kind-of.ts";
import { s3Failures } from "../failures/s3.ts";

/**
 * What to do about a code that S3 answers: the SDK has it in the `name` of its errors.
 *
 * @param code - As answered, such as `PreconditionFailed`.
 * @param status - HTTP status of the answer; judges codes that are new.
 * @returns `unknown` when neither tells.
 */
export function s3FailureKind(code: string, status?: number): FailureKind {
  return verdictOf(s3Failures, code, status).kind;
}

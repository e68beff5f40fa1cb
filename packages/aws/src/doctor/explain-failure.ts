import { type FailureKind, FleetError } from "@runs-fleet/core";
import { readAwsError } from "../failures/aws-error.ts";
import { commonRules } from "../failures/common.ts";
import { dynamodbFailures } from "../failures/dynamodb.ts";
import { ec2Failures } from "../failures/ec2.ts";
import { verdictOf } from "../failures/kind-of.ts";
import { type FailureTable, tableOf } from "../failures/rule.ts";
import { s3Failures } from "../failures/s3.ts";
import { sqsFailures } from "../failures/sqs.ts";
import type { RecordedCall } from "./call-recorder.ts";
import { adviceFor, breaksEverything, linkedRoleCode } from "./failure-advice.ts";
import { iamActionOf } from "./iam-action.ts";

/** A call that failed, as an operator wants to know it. */
export interface DoctorFailure {
  /** AWS's code, or Node's of a broken connection. */
  readonly code: string;
  /** What to do about it. */
  readonly kind: FailureKind;
  /** The call, such as `dynamodb:DescribeTable`; absent when nobody knows. */
  readonly call?: string;
  /** What a policy has to allow; set when AWS has refused a permission. */
  readonly missingAction?: string;
  /** HTTP status; absent when nothing was answered. */
  readonly status?: number;
  /** What AWS's support asks for. */
  readonly requestId?: string;
  /** What AWS said, cut. */
  readonly message: string;
  /** What to do. */
  readonly advice?: string;
  /** Whether every other call will fail in the same way. */
  readonly isEverywhere: boolean;
}

const tables: Readonly<Record<string, FailureTable>> = {
  dynamodb: dynamodbFailures,
  ec2: ec2Failures,
  s3: s3Failures,
  sqs: sqsFailures,
};
const otherTable = tableOf(commonRules);

/** Words that AWS adds to a refusal can be thousands of characters. */
const longestMessage = 240;

/** Says what failed. An error that no service threw is a mistake of ours, and is told as one: what was bought is still taken away. */
export function explainFailure(error: unknown, call: RecordedCall | undefined): DoctorFailure {
  const source = sourceOf(error);
  const read = readAwsError(source) ?? unsent(source);
  if (read === undefined) {
    return FleetError.isInstance(error) ? own(error) : unexpected(error);
  }
  const { status, requestId } = read;
  // An answer to HEAD has no body, and so no code.
  const isNameless = read.code === "Unknown" || read.code === "UnknownError";
  const code = isNameless && status !== undefined ? `HTTP ${status}` : read.code;
  const { kind } = verdictOf(tables[call?.service ?? ""] ?? otherTable, code, status);
  const isEverywhere = breaksEverything(code);
  const isDenied = kind === "auth" && !isEverywhere && code !== linkedRoleCode;
  const missingAction =
    isDenied && call !== undefined ? iamActionOf(call.service, call.operation) : undefined;
  const advice =
    missingAction === undefined ? adviceFor(code, kind) : `allow ${missingAction} to who calls`;
  return {
    code,
    kind,
    ...(call === undefined ? {} : { call: `${call.service}:${call.operation}` }),
    ...(missingAction === undefined ? {} : { missingAction }),
    ...(status === undefined ? {} : { status }),
    ...(requestId === undefined ? {} : { requestId }),
    message: told(source),
    ...(advice === undefined ? {} : { advice }),
    isEverywhere,
  };
}

function own({ kind, message }: FleetError): DoctorFailure {
  return { code: kind, kind, message: message.slice(0, longestMessage), isEverywhere: false };
}

/** What the SDK says before it sends anything: that it has found no credentials. */
function unsent(error: unknown): ReturnType<typeof readAwsError> {
  if (!(error instanceof Error) || !breaksEverything(error.name)) return undefined;
  const nothing = { status: undefined, requestId: undefined, reasons: undefined };
  return { code: error.name, attempts: 1, ...nothing };
}

function unexpected(error: unknown): DoctorFailure {
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: "unexpected",
    kind: "unknown",
    message: message.slice(0, longestMessage),
    advice: "this is a mistake of the doctor's: please send the report",
    isEverywhere: false,
  };
}

/** The SDK's error below ours. */
function sourceOf(error: unknown): unknown {
  return FleetError.isInstance(error) && error.cause !== undefined ? sourceOf(error.cause) : error;
}

function told(error: unknown): string {
  const text = error instanceof Error ? (error.message.split("\n", 1)[0] ?? "") : "";
  // What follows is for a tool of AWS's, and holds the whole request.
  return text.replace(/\s*Encoded authorization failure message:.*$/u, "").slice(0, longestMessage);
}

import { FleetError } from "@runs-fleet/core";
import { commonRules } from "../../failures/common.ts";
import { dynamodbFailures } from "../../failures/dynamodb.ts";
import { ec2Failures } from "../../failures/ec2.ts";
import { type FailureTable, tableOf } from "../../failures/rule.ts";
import { s3Failures } from "../../failures/s3.ts";
import { sqsFailures } from "../../failures/sqs.ts";
import { translate } from "../../failures/translate.ts";

/** What codes mean, by service. */
const tables = {
  DynamoDB: dynamodbFailures,
  EC2: ec2Failures,
  EventBridge: tableOf(commonRules),
  IAM: tableOf(commonRules),
  S3: s3Failures,
  SQS: sqsFailures,
} satisfies Record<string, FailureTable>;

/** Makes calls of one service, whose errors are those of the ports. */
export interface StackCaller {
  /** One call. @param purpose - What it is for, as in `make table x`; part of the error's message. */
  call<T>(purpose: string, send: () => Promise<T>): Promise<T>;
  /** The same; `undefined` when it is refused with one of these codes: what was asked for is not there. */
  find<T>(
    purpose: string,
    codes: readonly string[],
    send: () => Promise<T>,
  ): Promise<T | undefined>;
}

/** Makes a caller. */
export function createCaller(service: keyof typeof tables): StackCaller {
  async function call<T>(purpose: string, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      throw translate(error, { service, table: tables[service], purpose });
    }
  }
  return {
    call,
    async find(purpose, codes, send) {
      try {
        return await call(purpose, send);
      } catch (error) {
        const code = codeOf(error);
        if (code !== undefined && codes.includes(code)) return undefined;
        throw error;
      }
    },
  };
}

/** The code that AWS has refused a call with. */
export function codeOf(error: unknown): string | undefined {
  const code = FleetError.isInstance(error) ? error.details["code"] : undefined;
  return typeof code === "string" ? code : undefined;
}

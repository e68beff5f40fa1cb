import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { STSClient } from "@aws-sdk/client-sts";
import {
  createStackClients,
  type StackClients,
  type StackClientsConfig,
} from "../stack/apply/index.ts";
import type { CallRecorder } from "./call-recorder.ts";

/** Clients of one account and region, all of them watched. */
export interface DoctorClients extends StackClients {
  /** What the account may have. */
  readonly quotas: ServiceQuotasClient;
  /** Who calls. */
  readonly sts: STSClient;
}

/** Says at which time an answer has to be there, so that a row ends. */
const timeouts = { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true };

/** Makes clients that do not wait for ever, and lets the recorder see what they do. */
export function createDoctorClients(
  recorder: CallRecorder,
  config: StackClientsConfig = {},
): DoctorClients & AsyncDisposable {
  const stack = createStackClients(config);
  const shared = { maxAttempts: 3, requestHandler: timeouts, ...config };
  const quotas = new ServiceQuotasClient(shared);
  const sts = new STSClient(shared);
  const { dynamodb, ec2, eventbridge, iam, s3, sqs } = stack;
  recorder.watch("dynamodb", dynamodb);
  recorder.watch("ec2", ec2);
  recorder.watch("eventbridge", eventbridge);
  recorder.watch("iam", iam);
  recorder.watch("s3", s3);
  recorder.watch("sqs", sqs);
  recorder.watch("service-quotas", quotas);
  recorder.watch("sts", sts);
  return {
    dynamodb,
    ec2,
    eventbridge,
    iam,
    s3,
    sqs,
    quotas,
    sts,
    async [Symbol.asyncDispose]() {
      quotas.destroy();
      sts.destroy();
      await stack[Symbol.asyncDispose]();
    },
  };
}

import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { type CallOptions, FleetError } from "@runs-fleet/core";
import { callSqs } from "./call.ts";

/** Finds the dead-letter queue. */
export type FindDeadLetterUrl = (options?: CallOptions) => Promise<string>;

/**
 * Finds the queue that a queue's own redrive policy names, once.
 *
 * @returns A function that rejects with a {@link FleetError} `config` when the queue has no such policy.
 */
export function createDeadLetterUrl(client: SQSClient, queueUrl: string): FindDeadLetterUrl {
  let found: string | undefined;
  return async (options) => {
    found ??= await findUrl(client, queueUrl, options);
    return found;
  };
}

async function findUrl(
  client: SQSClient,
  queueUrl: string,
  options: CallOptions | undefined,
): Promise<string> {
  const purpose = "find the dead-letter queue";
  const { Attributes } = await callSqs(purpose, options, (http) =>
    client.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["RedrivePolicy"] }),
      http,
    ),
  );
  const target = targetOf(Attributes?.RedrivePolicy);
  if (target === undefined) {
    throw new FleetError({
      kind: "config",
      message: `The queue ${queueUrl} has no dead-letter queue: give it a redrive policy, or pass deadLetterUrl`,
    });
  }
  const { QueueUrl } = await callSqs(purpose, options, (http) =>
    client.send(
      new GetQueueUrlCommand({ QueueName: target.name, QueueOwnerAWSAccountId: target.account }),
      http,
    ),
  );
  if (QueueUrl === undefined) {
    throw new FleetError({ kind: "unknown", message: `SQS does not say where ${target.name} is` });
  }
  return QueueUrl;
}

/** The queue that a policy names by its ARN: `arn:aws:sqs:<region>:<account>:<name>`. */
function targetOf(
  policy: string | undefined,
): { readonly name: string; readonly account: string } | undefined {
  try {
    const value: unknown = JSON.parse(policy ?? "null");
    const arn: unknown = Object(value)["deadLetterTargetArn"];
    const [, , , , account, name] = typeof arn === "string" ? arn.split(":") : [];
    return account && name ? { account, name } : undefined;
  } catch {
    return undefined;
  }
}

import { SQSClient, type SQSClientConfig } from "@aws-sdk/client-sqs";

/** Clients of SQS for one region. */
export interface SqsClients extends AsyncDisposable {
  /** For everything but receives. */
  readonly client: SQSClient;
  /** For receives, which wait up to 20 s for their answer. */
  readonly longPollClient: SQSClient;
}

/** How long a connection may take to come about, milliseconds. */
const connectionTimeoutMs = 3_000;
/** How long an answer may take, milliseconds: GitHub waits 10 s for the answer to a webhook, behind which a send stands. */
const answerTimeoutMs = 5_000;
/** The same of a receive. */
const longPollTimeoutMs = 30_000;

/**
 * Makes the clients that a queue wants: the timeout of one would end the receives of the other, and a send would wait for a socket
 * behind receives that wait for messages.
 *
 * @param config - As for the SDK's client, such as `{ region: "eu-west-1" }`; a `requestHandler` of its own holds for both.
 * @example
 * const { client, longPollClient } = createSqsClients({ region: "eu-west-1" });
 */
export function createSqsClients(config: SQSClientConfig = {}): SqsClients {
  const client = new SQSClient({ requestHandler: timeouts(answerTimeoutMs), ...config });
  const longPollClient = new SQSClient({ requestHandler: timeouts(longPollTimeoutMs), ...config });
  return {
    client,
    longPollClient,
    async [Symbol.asyncDispose]() {
      client.destroy();
      longPollClient.destroy();
    },
  };
}

function timeouts(requestTimeout: number) {
  return { connectionTimeout: connectionTimeoutMs, requestTimeout, throwOnRequestTimeout: true };
}

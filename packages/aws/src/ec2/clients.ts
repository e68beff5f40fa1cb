import { EC2Client, type EC2ClientConfig } from "@aws-sdk/client-ec2";

/** Clients of EC2 for one region. */
export interface Ec2Clients extends AsyncDisposable {
  /** For everything but purchases: tries again, and slows down when EC2 says so. */
  readonly client: EC2Client;
  /** For purchases and starts: tries once. */
  readonly launchClient: EC2Client;
}

/** How long a connection may take to come about, milliseconds. */
const connectionTimeoutMs = 5_000;
/** How long an answer may take, milliseconds; the SDK's own default is for ever. */
const answerTimeoutMs = 30_000;
/** The same of a purchase: a fleet answers when all its machines are launched. */
const launchTimeoutMs = 60_000;
/** Attempts of a call that is no purchase. */
const mostAttempts = 5;

/**
 * Makes the clients that a provider wants. One would not do: EC2 says "no capacity" with HTTP 500, which the SDK takes for a
 * passing weakness and tries twice more, while the next zone would have had room; and a client that slows down because
 * listings were throttled would hold back purchases as well.
 *
 * @param config - As for the SDK's client, such as `{ region: "eu-west-1" }`. What it says of attempts holds for `client`, a
 *   `requestHandler` of its own for both.
 * @example
 * const { client, launchClient } = createEc2Clients({ region: "eu-west-1" });
 */
export function createEc2Clients(config: EC2ClientConfig = {}): Ec2Clients {
  const client = new EC2Client({
    retryMode: "adaptive",
    maxAttempts: mostAttempts,
    requestHandler: timeouts(answerTimeoutMs),
    ...config,
  });
  const { retryMode: _mode, retryStrategy: _strategy, ...rest } = config;
  const launchClient = new EC2Client({
    requestHandler: timeouts(launchTimeoutMs),
    ...rest,
    maxAttempts: 1,
  });
  return {
    client,
    launchClient,
    async [Symbol.asyncDispose]() {
      client.destroy();
      launchClient.destroy();
    },
  };
}

function timeouts(requestTimeout: number) {
  return { connectionTimeout: connectionTimeoutMs, requestTimeout, throwOnRequestTimeout: true };
}

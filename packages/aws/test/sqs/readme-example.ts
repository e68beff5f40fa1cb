import {
  createMachineSenders,
  createSqsClients,
  createSqsQueue,
  withHeartbeat,
} from "@runs-fleet/aws/sqs";
import { parseDemandEvent } from "@runs-fleet/core";
import { parseAgentEvent } from "@runs-fleet/core/wire";

const { client, longPollClient } = createSqsClients({ region: "eu-west-1" });
const urlOf = (name: string) =>
  `https://sqs.eu-west-1.amazonaws.com/123456789012/runs-fleet-ci-${name}`;

/** Jobs, from the webhook to the controller. */
export const demand = withHeartbeat(
  createSqsQueue({ client, longPollClient, queueUrl: urlOf("demand"), parse: parseDemandEvent }),
);

/** What machines say about themselves, and nobody else about them. */
export const reports = createSqsQueue({
  client,
  longPollClient,
  queueUrl: urlOf("reports"),
  parse: parseAgentEvent,
  senderOf: createMachineSenders({ roleIds: ["AROAEXAMPLEEXAMPLE12"] }),
  onPoison: ({ cause, sender }) => console.warn(`${sender} sent a report: ${cause.message}`),
});

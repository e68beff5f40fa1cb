import {
  createDynamodbAssignments,
  createMachineClients,
  createMachineMetadata,
  createSqsAgentEvents,
  ec2TagKeys,
  machineNames,
} from "@runs-fleet/aws/agent";

/** What `runAgent` of `@runs-fleet/agent` needs on an EC2 machine, the runner and the power switch aside. */
export async function openMachine(endpoint?: string) {
  const metadata = createMachineMetadata(endpoint === undefined ? {} : { endpoint });
  const identity = await metadata.identity();
  const names = machineNames((await metadata.tag(ec2TagKeys.environment)) ?? "", identity);
  const { dynamodb, sqs } = createMachineClients({ region: identity.region, metadata });
  const document = createDynamodbAssignments({ client: dynamodb, ...names });
  return {
    machineId: identity.instanceId,
    assignments: { ...document, rung: metadata.rung },
    events: createSqsAgentEvents({ client: sqs, queueUrl: names.reportsQueueUrl }),
    interruption: metadata.interruption,
  };
}

import { CreateTableCommand, DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import {
  CreateLaunchTemplateCommand,
  DescribeInstancesCommand,
  DescribeSubnetsCommand,
  EC2Client,
  type Instance,
} from "@aws-sdk/client-ec2";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { TestAws } from "./test-aws.ts";

/** What the tests of the harness itself work on: a table with the key `id`. Only `client` has the options; who prepares and looks is patient. */
export async function stageTable(aws: TestAws, options: object = {}) {
  const client = new DynamoDBClient(aws.clientOptions(options));
  const patient = new DynamoDBClient(aws.clientOptions());
  const TableName = aws.name("table");
  await patient.send(
    new CreateTableCommand({
      TableName,
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  const read = async (id: string) => {
    const key = { id: { S: id } };
    const command = new GetItemCommand({ TableName, Key: key, ConsistentRead: true });
    return (await patient.send(command)).Item;
  };
  return { client, TableName, read };
}

/** A queue, and what a look at it shows. */
export async function stageQueue(
  aws: TestAws,
  options: object = {},
  attributes: Record<string, string> = {},
) {
  const client = new SQSClient(aws.clientOptions(options));
  const patient = new SQSClient(aws.clientOptions());
  const isFifo = attributes["FifoQueue"] === "true";
  const QueueName = `${aws.name("queue")}${isFifo ? ".fifo" : ""}`;
  const { QueueUrl } = await patient.send(
    new CreateQueueCommand({ QueueName, Attributes: attributes }),
  );
  const receive = async (more: object = {}) => {
    const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more });
    return (await patient.send(command)).Messages ?? [];
  };
  return { client, QueueUrl, receive };
}

/** A launch template, subnets of two zones, and the machines that carry the template's tag. */
export async function stageMachines(aws: TestAws, options: object = {}) {
  const client = new EC2Client(aws.clientOptions(options));
  const patient = new EC2Client(aws.clientOptions());
  const template = aws.name("template");
  await patient.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: template,
      LaunchTemplateData: { ImageId: "ami-12345678" },
    }),
  );
  const { Subnets = [] } = await patient.send(new DescribeSubnetsCommand({}));
  const machines = async (): Promise<readonly Instance[]> => {
    const filter = { Name: "tag:test", Values: [template] };
    const command = new DescribeInstancesCommand({ Filters: [filter] });
    const { Reservations = [] } = await patient.send(command);
    return Reservations.flatMap(({ Instances = [] }) => Instances);
  };
  const tags = [{ ResourceType: "instance" as const, Tags: [{ Key: "test", Value: template }] }];
  const subnetIds = Subnets.map(({ SubnetId = "" }) => SubnetId);
  /** Input of a CreateFleet for `count` spot machines. */
  const fleet = (count: number) => ({
    Type: "instant" as const,
    LaunchTemplateConfigs: [
      {
        LaunchTemplateSpecification: { LaunchTemplateName: template, Version: "1" },
        Overrides: [
          { InstanceType: "m7g.large" as const, SubnetId: subnetIds[0] },
          { InstanceType: "m7g.xlarge" as const, SubnetId: subnetIds[1] },
        ],
      },
    ],
    SpotOptions: { AllocationStrategy: "price-capacity-optimized" as const },
    TargetCapacitySpecification: {
      TotalTargetCapacity: count,
      DefaultTargetCapacityType: "spot" as const,
    },
    TagSpecifications: tags,
  });
  /** Input of a RunInstances for `count` machines in the zone of a subnet. */
  const run = (count: number, subnet = 0) => ({
    ImageId: "ami-12345678",
    InstanceType: "m7g.large" as const,
    MinCount: 1,
    MaxCount: count,
    SubnetId: subnetIds[subnet],
    TagSpecifications: tags,
  });
  return { client, template, machines, fleet, run };
}

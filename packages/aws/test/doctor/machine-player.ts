import { GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { DescribeInstancesCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { GetRoleCommand } from "@aws-sdk/client-iam";
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { systemClock, systemEntropy } from "@runs-fleet/core";
import type { AgentEvent, Assignment } from "@runs-fleet/core/wire";
import type { DoctorStage } from "./stage.ts";

/** What a machine does that is not as it should be. */
export interface Misbehaviour {
  /** It says nothing: there is no agent in its image. */
  readonly isSilent?: boolean;
  /** Its reports come from somebody else. */
  readonly sender?: string;
  /** It leaves its document alone: it may not read it. */
  readonly isDenied?: boolean;
  /** It takes its document, and leaves the credential in it. */
  readonly keepsCredential?: boolean;
}

/** Plays the agents of all machines that a doctor buys, until it is closed. */
export function playMachines(
  { aws, clients, stack }: DoctorStage,
  { isSilent, sender, isDenied, keepsCredential }: Misbehaviour = {},
): AsyncDisposable {
  const ending = new AbortController();
  // moto stops and starts at once: nobody sees the machine stopped.
  const meter = aws.calls.meter();
  const starts = () => meter.count({ service: "ec2", action: "StartInstances" });
  const booted = new Map<string, number>();
  const done = play();

  async function play(): Promise<void> {
    const { Role } = await clients.iam.send(new GetRoleCommand({ RoleName: stack.names.machine }));
    const { QueueUrl } = await clients.sqs.send(
      new GetQueueUrlCommand({ QueueName: stack.names.queues.reports }),
    );
    while (!ending.signal.aborted) {
      const { Reservations = [] } = await clients.ec2.send(
        new DescribeInstancesCommand({
          Filters: [{ Name: "tag-key", Values: ["runs-fleet:attempt"] }],
        }),
      );
      for (const { InstanceId = "", State } of Reservations.flatMap(
        ({ Instances = [] }) => Instances,
      )) {
        if (State?.Name === "running") await live(InstanceId, Role?.RoleId ?? "", QueueUrl ?? "");
      }
      await systemClock.sleep(100);
    }
  }

  async function live(machineId: string, roleId: string, queueUrl: string): Promise<void> {
    const credentials = aws.machine(sender ?? machineId, roleId);
    using sqs = closing(new SQSClient(aws.clientOptions({ credentials })));
    let sequence = 0;
    const report = async (event: Pick<AgentEvent, "kind"> & object): Promise<void> => {
      if (isSilent) return;
      const base = { id: systemEntropy.uuid(), machineId, atMs: systemClock.now() };
      sequence += 1;
      const MessageBody = JSON.stringify({ ...base, sequence, ...event });
      await sqs.client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
    };
    if (booted.get(machineId) !== starts()) {
      booted.set(machineId, starts());
      await report({ kind: "ready" });
    }
    if (isDenied || !(await takeDocument(machineId))) return;
    await report({ kind: "acknowledged" });
    await report({ kind: "finished", result: "failed", exitCode: 1, timingsMs: {} } as AgentEvent);
    await clients.ec2.send(new TerminateInstancesCommand({ InstanceIds: [machineId] }));
  }

  async function takeDocument(machineId: string): Promise<boolean> {
    const { dynamodb } = clients;
    const TableName = `${stack.names.tablePrefix}assignments`;
    const Key = { id: { S: `${stack.names.instanceArnPrefix}${machineId}` } };
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key }));
    const value = Item?.["value"]?.S;
    if (value === undefined) return false;
    const { id } = JSON.parse(value) as Assignment;
    if (id === undefined) return false;
    const left = keepsCredential ? value : JSON.stringify({ taken: id });
    await dynamodb.send(
      new UpdateItemCommand({
        TableName,
        Key,
        UpdateExpression: "SET #value = :left",
        ExpressionAttributeNames: { "#value": "value" },
        ExpressionAttributeValues: { ":left": { S: left } },
      }),
    );
    return true;
  }

  return {
    async [Symbol.asyncDispose]() {
      ending.abort();
      await done;
    },
  };
}

function closing(client: SQSClient): Disposable & { readonly client: SQSClient } {
  return { client, [Symbol.dispose]: () => client.destroy() };
}

import { GetRoleCommand } from "@aws-sdk/client-iam";
import type { StackQueueKind } from "../names.ts";
import type { Stack } from "../stack.ts";
import { createCaller } from "./call.ts";
import type { StackClients } from "./clients.ts";
import { findGroupId, findTemplate } from "./machines.ts";
import { findQueueUrl } from "./queues.ts";

/** What hosts and machines have to know of a stack, beside its names. */
export interface StackOutputs {
  /** Begins the names of the tables. */
  readonly tablePrefix: string;
  /** Name of the bucket. */
  readonly bucket: string;
  /** Where queues are; one that is missing has none. */
  readonly queueUrls: Readonly<Partial<Record<StackQueueKind, string>>>;
  /** The unique id of the machines' role, for `createMachineSenders`; absent when there is no such role. */
  readonly machineRoleId?: string;
  /** Ids of launch templates by system and architecture, for `createEc2MachineProvider`. */
  readonly launchTemplates: Readonly<Record<string, string>>;
  /** The security group that the stack made. */
  readonly securityGroupId?: string;
}

const iam = createCaller("IAM");

/** Reads what hosts have to know of a stack, as far as it is there. */
export async function readStackOutputs(
  clients: StackClients,
  { names, launchTemplates, securityGroup }: Stack,
): Promise<StackOutputs> {
  const kinds = Object.entries(names.queues) as [StackQueueKind, string][];
  const [urls, role, templates, securityGroupId] = await Promise.all([
    Promise.all(
      kinds.map(async ([kind, name]) => [kind, await findQueueUrl(clients.sqs, name)] as const),
    ),
    iam.find(`look at role ${names.machine}`, ["NoSuchEntity", "NoSuchEntityException"], () =>
      clients.iam.send(new GetRoleCommand({ RoleName: names.machine })),
    ),
    Promise.all(
      launchTemplates.map(async ({ key, name }) => {
        const found = await findTemplate(clients.ec2, name);
        return [key, found?.LaunchTemplateId] as const;
      }),
    ),
    securityGroup === undefined ? undefined : findGroupId(clients.ec2, securityGroup),
  ]);
  const machineRoleId = role?.Role?.RoleId;
  return {
    tablePrefix: names.tablePrefix,
    bucket: names.bucket,
    queueUrls: known(urls),
    ...(machineRoleId === undefined ? {} : { machineRoleId }),
    launchTemplates: known(templates),
    ...(securityGroupId === undefined ? {} : { securityGroupId }),
  };
}

function known<K extends string>(
  entries: readonly (readonly [K, string | undefined])[],
): Readonly<Partial<Record<K, string>>> & Readonly<Record<string, string>> {
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Readonly<
    Partial<Record<K, string>>
  > &
    Readonly<Record<string, string>>;
}

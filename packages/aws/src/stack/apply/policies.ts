import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeleteInstanceProfileCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  GetInstanceProfileCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  ListPolicyVersionsCommand,
  RemoveRoleFromInstanceProfileCommand,
} from "@aws-sdk/client-iam";
import type { Clock } from "@runs-fleet/core";
import type { StackPolicy, StackRole } from "../stack.ts";
import { createCaller } from "./call.ts";
import { absent, compare, parseJson, type StackResource, same, tagList } from "./resource.ts";

const { call, find } = createCaller("IAM");
const gone = ["NoSuchEntity", "NoSuchEntityException"];

/** How often, and how far apart, IAM is asked again for what it was given a moment ago and does not know yet. */
const mostTries = 20;
const pauseMs = 500;

/** A change that needs something that was made a moment ago: all of IAM knows of it some seconds later. */
async function soon(clock: Clock, purpose: string, send: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; tries < mostTries; tries += 1) {
    if ((await find(purpose, gone, send)) !== undefined) return;
    await clock.sleep(pauseMs);
  }
  await call(purpose, send);
}

/** A policy. */
export function policyResource(
  client: IAMClient,
  { name, arn: PolicyArn, description, document }: StackPolicy,
  tags: Readonly<Record<string, string>>,
): StackResource {
  return {
    kind: "policy",
    name,
    async look() {
      const answer = await find(`look at policy ${name}`, gone, () =>
        client.send(new GetPolicyCommand({ PolicyArn })),
      );
      const VersionId = answer?.Policy?.DefaultVersionId;
      if (VersionId === undefined) return absent;
      const { PolicyVersion } = await call(`read policy ${name}`, () =>
        client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId })),
      );
      return compare({ document }, { document: decode(PolicyVersion?.Document) });
    },
    async create() {
      await call(`make policy ${name}`, () =>
        client.send(
          new CreatePolicyCommand({
            PolicyName: name,
            Description: description,
            PolicyDocument: JSON.stringify(document),
            Tags: tagList(tags),
          }),
        ),
      );
    },
    async remove() {
      const { Versions = [] } =
        (await find(`list the versions of policy ${name}`, gone, () =>
          client.send(new ListPolicyVersionsCommand({ PolicyArn })),
        )) ?? {};
      for (const { VersionId, IsDefaultVersion } of Versions) {
        if (IsDefaultVersion === true) continue;
        await find(`delete version ${VersionId} of policy ${name}`, gone, () =>
          client.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId })),
        );
      }
      await find(`delete policy ${name}`, gone, () =>
        client.send(new DeletePolicyCommand({ PolicyArn })),
      );
    },
  };
}

/** A role, without its policies. */
export function roleResource(
  client: IAMClient,
  { name: RoleName, description, trust }: StackRole,
  tags: Readonly<Record<string, string>>,
): StackResource {
  return {
    kind: "role",
    name: RoleName,
    async look() {
      const answer = await find(`look at role ${RoleName}`, gone, () =>
        client.send(new GetRoleCommand({ RoleName })),
      );
      if (answer?.Role === undefined) return absent;
      return compare({ trust }, { trust: decode(answer.Role.AssumeRolePolicyDocument) });
    },
    async create() {
      await call(`make role ${RoleName}`, () =>
        client.send(
          new CreateRoleCommand({
            RoleName,
            Description: description,
            AssumeRolePolicyDocument: JSON.stringify(trust),
            Tags: tagList(tags),
          }),
        ),
      );
    },
    async remove() {
      for (const PolicyArn of await attachedTo(client, RoleName)) {
        await find(`take policy ${PolicyArn} from role ${RoleName}`, gone, () =>
          client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn })),
        );
      }
      await find(`delete role ${RoleName}`, gone, () =>
        client.send(new DeleteRoleCommand({ RoleName })),
      );
    },
  };
}

/** That a role has its policies, and no others. */
export function attachmentResource(
  client: IAMClient,
  { name: RoleName, policyArns }: StackRole,
  clock: Clock,
): StackResource {
  return {
    kind: "role's policies",
    name: RoleName,
    async look() {
      const has = await attachedTo(client, RoleName);
      const foreign = has.filter((arn) => !policyArns.includes(arn));
      if (foreign.length > 0) {
        return compare({ policies: [...policyArns].sort() }, { policies: [...has].sort() });
      }
      return policyArns.every((arn) => has.includes(arn)) ? same : absent;
    },
    async create() {
      for (const PolicyArn of policyArns) {
        await soon(clock, `give policy ${PolicyArn} to role ${RoleName}`, () =>
          client.send(new AttachRolePolicyCommand({ RoleName, PolicyArn })),
        );
      }
    },
  };
}

/** The instance profile by which machines get a role. */
export function profileResource(
  client: IAMClient,
  { name }: StackRole,
  tags: Readonly<Record<string, string>>,
  clock: Clock,
): StackResource {
  const roles = async (): Promise<readonly string[] | undefined> => {
    const answer = await find(`look at instance profile ${name}`, gone, () =>
      client.send(new GetInstanceProfileCommand({ InstanceProfileName: name })),
    );
    if (answer?.InstanceProfile === undefined) return undefined;
    return answer.InstanceProfile.Roles?.map(({ RoleName = "" }) => RoleName) ?? [];
  };
  return {
    kind: "instance profile",
    name,
    async look() {
      const has = await roles();
      // One that broke off while it was made has no role yet.
      if (has === undefined || has.length === 0) return absent;
      return compare({ roles: [name] }, { roles: has });
    },
    async create() {
      if ((await roles()) === undefined) {
        await call(`make instance profile ${name}`, () =>
          client.send(
            new CreateInstanceProfileCommand({ InstanceProfileName: name, Tags: tagList(tags) }),
          ),
        );
      }
      await soon(clock, `put role ${name} into its instance profile`, () =>
        client.send(
          new AddRoleToInstanceProfileCommand({ InstanceProfileName: name, RoleName: name }),
        ),
      );
    },
    async remove() {
      for (const RoleName of (await roles()) ?? []) {
        await find(`take role ${RoleName} from its instance profile`, gone, () =>
          client.send(
            new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName: name, RoleName }),
          ),
        );
      }
      await find(`delete instance profile ${name}`, gone, () =>
        client.send(new DeleteInstanceProfileCommand({ InstanceProfileName: name })),
      );
    },
  };
}

async function attachedTo(client: IAMClient, RoleName: string): Promise<readonly string[]> {
  const answer = await find(`look at the policies of role ${RoleName}`, gone, () =>
    client.send(new ListAttachedRolePoliciesCommand({ RoleName })),
  );
  return answer?.AttachedPolicies?.map(({ PolicyArn = "" }) => PolicyArn) ?? [];
}

/** A document as IAM answers it: JSON in percent signs. */
function decode(text: string | undefined): unknown {
  return parseJson(text === undefined ? undefined : decodeURIComponent(text));
}

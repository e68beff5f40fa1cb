import { launchTemplateData } from "../../ec2/launch/launch-template-data.ts";
import { hasPlaceholder } from "../place.ts";
import type { Stack, StackLaunchTemplate } from "../stack.ts";
import { logicalId } from "./logical-ids.ts";
import type { TemplateResources } from "./resource.ts";
import { attributeOf, referenceTo, templateValue } from "./template-value.ts";

/** Policies, roles and instance profiles. */
export function roleResources(stack: Stack, tags: unknown): TemplateResources {
  const { policies, roles } = stack;
  const policyId = (name: string) => logicalId.named(stack, name, "Policy");
  const referenceOf = (arn: string) => {
    const own = policies.find((policy) => policy.arn === arn);
    return own === undefined ? arn : referenceTo(policyId(own.name));
  };
  const entries = [
    ...policies.map(({ name, description, document }) => [
      policyId(name),
      {
        Type: "AWS::IAM::ManagedPolicy",
        Properties: templateValue({
          ManagedPolicyName: name,
          Description: description,
          PolicyDocument: document,
        }),
      },
    ]),
    ...roles.map(({ name, description, trust, policyArns }) => [
      logicalId.named(stack, name, "Role"),
      {
        Type: "AWS::IAM::Role",
        Properties: templateValue({
          RoleName: name,
          Description: description,
          AssumeRolePolicyDocument: trust,
          ManagedPolicyArns: policyArns.map(referenceOf),
          Tags: tags,
        }),
      },
    ]),
    ...roles
      .filter(({ hasProfile }) => hasProfile)
      .map(({ name }) => [
        logicalId.named(stack, name, "Profile"),
        {
          Type: "AWS::IAM::InstanceProfile",
          Properties: templateValue({
            InstanceProfileName: name,
            Roles: [referenceTo(logicalId.named(stack, name, "Role"))],
          }),
        },
      ]),
  ];
  return Object.fromEntries(entries) as TemplateResources;
}

/** The security group, and what machines are launched from. */
export function machineResources(stack: Stack, tags: unknown): TemplateResources {
  const { securityGroup, launchTemplates } = stack;
  const templates = launchTemplates.map((template) => [
    logicalId.template(template.key),
    {
      Type: "AWS::EC2::LaunchTemplate",
      Properties: templateValue({
        LaunchTemplateName: template.name,
        LaunchTemplateData: dataOf(stack, template),
        TagSpecifications: [{ ResourceType: "launch-template", Tags: tags }],
      }),
    },
  ]);
  if (securityGroup === undefined) return Object.fromEntries(templates) as TemplateResources;
  const everywhere = { IpProtocol: "-1", Description: "GitHub, registries, AWS" };
  return {
    MachineSecurityGroup: {
      Type: "AWS::EC2::SecurityGroup",
      Properties: templateValue({
        GroupName: securityGroup.name,
        GroupDescription: securityGroup.description,
        VpcId: securityGroup.vpcId,
        SecurityGroupEgress: [
          { ...everywhere, CidrIp: "0.0.0.0/0" },
          { ...everywhere, CidrIpv6: "::/0" },
        ],
        Tags: tags,
      }),
    },
    ...(Object.fromEntries(templates) as TemplateResources),
  };
}

/** The data that every launch template has, with references where `launchTemplateData` checks ids. */
function dataOf(stack: Stack, template: StackLaunchTemplate): unknown {
  const { imageId, securityGroupIds } = template;
  const checked = launchTemplateData({
    ...template,
    imageId: hasPlaceholder(imageId) ? "ami-00000000" : imageId,
    instanceProfileArn: "arn:aws:iam::000000000000:instance-profile/machine",
    securityGroupIds: securityGroupIds.length === 0 ? ["sg-00000000"] : securityGroupIds,
  });
  return {
    ...checked,
    ImageId: imageId,
    IamInstanceProfile: {
      Arn: attributeOf(logicalId.named(stack, stack.names.machine, "Profile"), "Arn"),
    },
    ...(securityGroupIds.length === 0
      ? { SecurityGroupIds: [attributeOf("MachineSecurityGroup", "GroupId")] }
      : {}),
  };
}

/** What EC2 announces, and where it goes. */
export function ruleResources(stack: Stack, tags: unknown): TemplateResources {
  return Object.fromEntries(
    stack.rules.map((rule) => {
      const queue = stack.queues.find(({ arn }) => arn === rule.queueArn);
      return [
        logicalId.named(stack, rule.name, "Rule"),
        {
          Type: "AWS::Events::Rule",
          Properties: templateValue({
            Name: rule.name,
            Description: rule.description,
            EventPattern: rule.pattern,
            State: "ENABLED",
            Targets: [
              {
                Id: "notices",
                Arn:
                  queue === undefined ? rule.queueArn : attributeOf(logicalId.queue(queue), "Arn"),
                RetryPolicy: { MaximumEventAgeInSeconds: rule.maxAgeSeconds },
              },
            ],
            Tags: tags,
          }),
        },
      ];
    }),
  );
}

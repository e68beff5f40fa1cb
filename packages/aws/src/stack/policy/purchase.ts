import { ec2TagKeys } from "../../ec2/tag-rules.ts";
import type { PolicyConditions, StackPermission } from "./permission.ts";
import { arnsIn, type PolicyScope } from "./scope.ts";

/**
 * Machines: who may be bought, from what, and which of them may be steered. EC2 asks for each resource of a launch by itself, and
 * all must be allowed. Source: Service authorization reference, EC2, read 2026-11-28: what a launch template names is asked for by
 * RunInstances, also where a fleet launches from it.
 */
export function purchasePermissions(scope: PolicyScope): readonly StackPermission[] {
  return [describe, ...buying(scope), ...steering(scope), passRole(scope), ...parameters(scope)];
}

const describe: StackPermission = {
  sid: "Look",
  actions: {
    "ec2:DescribeInstances": "Lists machines: what EC2 has counts, not what was asked for.",
    "ec2:DescribeInstanceTypes": "Knows what types have, to find those that fit a job.",
    "ec2:DescribeInstanceTypeOfferings": "Knows which zones sell a type.",
    "ec2:DescribeImages": "Finds the images that a configuration names.",
    "ec2:DescribeSubnets": "Knows the zone of each subnet: a launch may name each zone once.",
  },
  resources: ["*"],
  scope: "everything in the account: EC2 knows no narrower permission to look",
};

const reasons = {
  fleet: "Buys machines: one call for many, over all types and zones that fit.",
  run: "Buys machines in a zone that was named; EC2 also asks for it when a fleet launches from a template.",
};
const buy = { "ec2:CreateFleet": reasons.fleet, "ec2:RunInstances": reasons.run };

function buying(scope: PolicyScope): readonly StackPermission[] {
  const { environment, place, vpcId } = scope;
  const { ec2, image } = arnsIn(place);
  const tagged = { [`aws:RequestTag/${ec2TagKeys.environment}`]: environment };
  const inVpc: PolicyConditions = { ArnEquals: { "ec2:Vpc": ec2(`vpc/${vpcId}`) } };
  return [
    {
      sid: "BuyTagged",
      actions: buy,
      resources: [ec2("instance/*"), ec2("volume/*")],
      scope: "machines and volumes that are tagged with the environment as they are made",
      conditions: { StringEquals: tagged },
    },
    {
      sid: "BuyFromTemplates",
      actions: buy,
      resources: [ec2("launch-template/*")],
      scope: "launch templates that carry the environment's tag",
      conditions: { StringEquals: ownTag(scope) },
    },
    {
      sid: "BuyInNetwork",
      actions: buy,
      resources: [ec2("subnet/*"), ec2("security-group/*"), ec2("network-interface/*")],
      scope: "subnets, security groups and interfaces of the machines' VPC",
      conditions: inVpc,
    },
    {
      sid: "BuyFromImages",
      actions: buy,
      resources: [image, ec2("fleet/*")],
      scope:
        "the request itself, and images; which image it is says the launch template, or a configuration",
    },
    {
      sid: "TagBought",
      actions: {
        "ec2:CreateTags":
          "Tags what it buys, in the same call: untagged machines would be nobody's.",
      },
      resources: [ec2("instance/*"), ec2("volume/*")],
      scope: "machines and volumes, only while they are made, with the environment's tag",
      conditions: {
        StringEquals: { ...tagged, "ec2:CreateAction": ["CreateFleet", "RunInstances"] },
      },
    },
  ];
}

function steering(scope: PolicyScope): readonly StackPermission[] {
  const { ec2 } = arnsIn(scope.place);
  return [
    {
      sid: "Steer",
      actions: {
        "ec2:StartInstances": "Starts a stopped machine of a pool for a job.",
        "ec2:StopInstances": "Puts a machine of a pool to rest.",
        "ec2:TerminateInstances": "Ends a machine whose job is over, or that nobody needs.",
      },
      resources: [ec2("instance/*")],
      scope: "machines that carry the environment's tag",
      conditions: { StringEquals: ownTag(scope) },
    },
    {
      sid: "Ring",
      actions: { "ec2:CreateTags": "Tells a running machine to look at its assignment." },
      resources: [ec2("instance/*")],
      scope: `machines that carry the environment's tag, and no tag but ${ec2TagKeys.ring}`,
      conditions: {
        StringEquals: ownTag(scope),
        "ForAllValues:StringEquals": { "aws:TagKeys": [ec2TagKeys.ring] },
        Null: { "aws:TagKeys": "false" },
      },
    },
  ];
}

function passRole({ names, place }: PolicyScope): StackPermission {
  return {
    sid: "GiveRole",
    actions: { "iam:PassRole": "Gives machines their role, by the launch template." },
    resources: [arnsIn(place).role(names.machine)],
    scope: "the machines' role, to EC2 alone",
    conditions: { StringEquals: { "iam:PassedToService": `ec2.${place.urlSuffix}` } },
  };
}

/** EC2 reads a parameter that a template names with the permissions of who launches. */
function parameters({ images, place }: PolicyScope): readonly StackPermission[] {
  const prefix = "resolve:ssm:";
  const names = Object.values(images)
    .filter((image) => image.startsWith(prefix))
    .map((image) => image.slice(prefix.length).split(":", 1)[0] ?? "");
  if (names.length === 0) return [];
  return [
    {
      sid: "ImageParameters",
      actions: {
        "ssm:GetParameters": "Looks up the image that a parameter names, at each launch.",
      },
      resources: [...new Set(names)].map((name) => arnsIn(place).parameter(name)),
      scope: "the parameters that launch templates name",
    },
  ];
}

function ownTag({ environment }: PolicyScope) {
  return { [`aws:ResourceTag/${ec2TagKeys.environment}`]: environment };
}

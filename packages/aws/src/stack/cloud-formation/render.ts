import type { StackImageKey } from "../names.ts";
import { imageParameter, vpcParameter } from "../options.ts";
import type { Stack } from "../stack.ts";
import { machineResources, roleResources, ruleResources } from "./access.ts";
import { subnetsParameter, templateOutputs } from "./outputs.ts";
import { bucketResources, queueResources, tableResources } from "./storage.ts";
import { parametersIn, type TemplateValue, templateValue } from "./template-value.ts";
import { toYaml } from "./to-yaml.ts";

/** How a template is written. */
export type TemplateFormat = "yaml" | "json";

/**
 * A stack as a template of CloudFormation. What the stack leaves open is a parameter; what hosts have to know is an output, with
 * the variable that takes it in its description.
 *
 * @example
 * const template = renderCloudFormation(describeStack({ environment: "ci" }), "yaml");
 */
export function renderCloudFormation(stack: Stack, format: TemplateFormat = "yaml"): string {
  const template = cloudFormationTemplate(stack);
  return format === "json" ? `${JSON.stringify(template, null, 2)}\n` : toYaml(template);
}

function cloudFormationTemplate(stack: Stack): { readonly [key: string]: TemplateValue } {
  const tags = Object.entries(stack.tags).map(([Key, Value]) => ({ Key, Value }));
  const resources = {
    ...tableResources(stack, tags),
    ...queueResources(stack, tags),
    ...bucketResources(stack, tags),
    ...roleResources(stack, tags),
    ...machineResources(stack, tags),
    ...ruleResources(stack, tags),
  };
  const outputs = templateOutputs(stack);
  const used = parametersIn(templateValue({ resources, outputs }));
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: `runs-fleet: what environment ${stack.environment} needs`,
    Parameters: Object.fromEntries(
      Object.entries(parametersOf(stack)).filter(([name]) => used.includes(name)),
    ),
    Resources: templateResources(resources),
    Outputs: outputs,
  };
}

function templateResources(resources: object): TemplateValue {
  return resources as TemplateValue;
}

function parametersOf({ launchTemplates }: Stack): Readonly<Record<string, TemplateValue>> {
  return {
    [vpcParameter]: { Type: "AWS::EC2::VPC::Id", Description: "Where machines are" },
    [subnetsParameter]: {
      Type: "List<AWS::EC2::Subnet::Id>",
      Description: "Subnets of machines, one or more in each zone of that VPC",
    },
    ...Object.fromEntries(launchTemplates.map(({ key }) => [imageParameter(key), imageOf(key)])),
  };
}

function imageOf(key: StackImageKey): TemplateValue {
  return { Type: "AWS::EC2::Image::Id", Description: `Image of ${key} machines` };
}

import type { Stack } from "../stack.ts";
import { logicalId } from "./logical-ids.ts";
import { attributeOf, referenceTo, type TemplateValue, templateValue } from "./template-value.ts";

/** The parameter that is only handed on: hosts launch machines there. */
export const subnetsParameter = "SubnetIds";

/** What hosts have to know, with the variable by which `examples/aws-service` takes it in the description. */
export function templateOutputs(stack: Stack): Readonly<Record<string, TemplateValue>> {
  const outputs: Record<string, TemplateValue> = {};
  const put = (name: string, description: string, value: TemplateValue) => {
    outputs[name] = { Description: description, Value: value };
  };
  put("TablePrefix", "Begins the names of the tables", stack.names.tablePrefix);
  put("BucketName", "Runner archives, logs, configuration", referenceTo("Bucket"));
  for (const queue of stack.queues) {
    if (queue.redrive === undefined) continue;
    const id = logicalId.queue(queue);
    const variable = `RUNS_FLEET_${queue.kind.toUpperCase()}_QUEUE_URL`;
    put(`${id}Url`, variable, referenceTo(id));
  }
  const machine = logicalId.named(stack, stack.names.machine, "Role");
  put("MachineRoleId", "RUNS_FLEET_MACHINE_ROLE_IDS", attributeOf(machine, "RoleId"));
  put("SubnetIds", "RUNS_FLEET_SUBNET_IDS", { "Fn::Join": [",", referenceTo(subnetsParameter)] });
  // CloudFormation makes new versions, and leaves the default version where it was: the host is told which.
  const templates = stack.launchTemplates.map(({ key }) => {
    const id = logicalId.template(key);
    return `${key}=\${${id}}:\${${id}.LatestVersionNumber}`;
  });
  put("LaunchTemplates", "RUNS_FLEET_LAUNCH_TEMPLATES", { "Fn::Sub": templates.join(",") });
  for (const { name } of stack.roles) {
    const id = logicalId.named(stack, name, "Role");
    put(`${id}Arn`, `Role ${name}`, attributeOf(id, "Arn"));
  }
  if (stack.securityGroup !== undefined) {
    put(
      "MachineSecurityGroupId",
      "Security group of machines",
      attributeOf("MachineSecurityGroup", "GroupId"),
    );
  }
  put("AccountId", "RUNS_FLEET_ACCOUNT_ID", templateValue(stack.place.accountId));
  return outputs;
}

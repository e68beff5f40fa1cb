import { intakePermissions } from "./policy/intake.ts";
import { machinePermissions } from "./policy/machine.ts";
import { orchestratorPermissions } from "./policy/orchestrator.ts";
import { policyDocument, type StackPermission } from "./policy/permission.ts";
import { arnsIn, type PolicyScope } from "./policy/scope.ts";
import { hostTrust, machineTrust, type StackHost } from "./policy/trust.ts";
import type { StackPolicy, StackRole } from "./stack.ts";

/** The policies of an environment, and the roles that have them. */
export function describeRoles(
  scope: PolicyScope,
  options: { readonly hosts: readonly StackHost[]; readonly intake: boolean },
): { readonly policies: readonly StackPolicy[]; readonly roles: readonly StackRole[] } {
  const { names, place, environment } = scope;
  const arns = arnsIn(place);
  const policy = (
    name: string,
    who: string,
    permissions: readonly StackPermission[],
  ): StackPolicy => ({
    name,
    arn: arns.policy(name),
    description: `What ${who} of ${environment} may do`,
    permissions,
    document: policyDocument(permissions),
  });
  const machine = policy(names.machine, "machines", machinePermissions(scope));
  const control = policy(
    names.orchestrator,
    "processes that control",
    orchestratorPermissions(scope),
  );
  const roles: StackRole[] = [
    {
      name: names.machine,
      arn: arns.role(names.machine),
      description: `Machines of ${environment}`,
      trust: machineTrust(place),
      policyArns: [machine.arn],
      hasProfile: true,
    },
    {
      name: names.orchestrator,
      arn: arns.role(names.orchestrator),
      description: `Processes that control ${environment}`,
      trust: hostTrust(options.hosts, place),
      policyArns: [control.arn],
      hasProfile: options.hosts.includes("ec2"),
    },
  ];
  if (!options.intake) return { policies: [machine, control], roles };
  const intake = policy(
    names.intake,
    "processes that only take webhooks",
    intakePermissions(scope),
  );
  roles.push({
    name: names.intake,
    arn: arns.role(names.intake),
    description: `Functions that take webhooks of ${environment}`,
    trust: hostTrust(["lambda"], place),
    policyArns: [intake.arn],
    hasProfile: false,
  });
  return { policies: [machine, control, intake], roles };
}

import { runSimulation } from "@cloud-copilot/iam-simulate";
import type { PolicyDocument } from "@runs-fleet/aws/stack";

/** One question to IAM. */
export interface PolicyQuestion {
  /** What is asked for, such as `ec2:StartInstances`. */
  readonly action: string;
  /** On what. */
  readonly resource: string;
  /** What IAM knows of the request. */
  readonly context?: Readonly<Record<string, string | string[]>>;
}

/** The account of all questions. */
export const accountId = "123456789012";

/** Whether these policies, and nothing else, allow it. Throws when IAM knows no such action, resource or key. */
export async function allows(
  policies: readonly PolicyDocument[],
  { action, resource, context = {} }: PolicyQuestion,
): Promise<boolean> {
  const response = await runSimulation(
    {
      identityPolicies: policies.map((policy, index) => ({ name: `policy-${index}`, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      request: {
        action,
        principal: `arn:aws:iam::${accountId}:role/someone`,
        resource: { resource, accountId },
        contextVariables: { ...context },
      },
    },
    {},
  );
  if (response.resultType === "error") {
    throw new Error(`${action} on ${resource}: ${JSON.stringify(response.errors)}`);
  }
  return response.overallResult === "Allowed";
}

/** Whether a service may take on a role with this trust policy. */
export async function trusts(
  trust: PolicyDocument,
  service: string,
  context: Readonly<Record<string, string | string[]>> = {},
): Promise<boolean> {
  const response = await runSimulation(
    {
      identityPolicies: [],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: trust,
      request: {
        action: "sts:AssumeRole",
        principal: service,
        resource: { resource: `arn:aws:iam::${accountId}:role/one`, accountId },
        contextVariables: { ...context },
      },
    },
    {},
  );
  if (response.resultType === "error") throw new Error(JSON.stringify(response.errors));
  return response.overallResult === "Allowed";
}

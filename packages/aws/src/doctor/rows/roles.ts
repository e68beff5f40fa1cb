import { GetRoleCommand, type IAMClient } from "@aws-sdk/client-iam";
import { answerOf, lookAtSome } from "../look-at.ts";
import type { DoctorRow } from "../row.ts";
import { adoptedStackOf, stackOf } from "../stack-of.ts";

const compareAdvice =
  "compare with runs-fleet-aws stack render; whoever may do more than it says can do harm with it";

/** The role that machines have. */
export const machineRoleRow: DoctorRow = {
  id: "machine-role",
  question: "Have machines their role, with the policy of the stack and nothing else?",
  why: "A job can get the credentials of its machine: they must be harmless in its hands",
  after: ["identity"],
  unless: ["region"],
  async run(context) {
    const { clients, facts } = context;
    const { machine } = stackOf(context).names;
    const kinds = new Set(["role", "policy", "role's policies", "instance profile"]);
    const steps = await lookAtSome(
      context,
      ({ kind, name }) => kinds.has(kind) && name === machine,
    );
    const answer = answerOf(
      steps,
      "role, policy and instance profile are as described",
      compareAdvice,
    );
    const roleId = await roleIdOf(clients.iam, machine);
    if (roleId === undefined) return answer;
    facts.machineRoleId = roleId;
    return { ...answer, evidence: { ...answer.evidence, roleId } };
  },
};

/** The policy of processes that control. */
export const orchestratorPolicyRow: DoctorRow = {
  id: "orchestrator-policy",
  question: "Is the orchestrator's policy that of the stack, and its role's only one?",
  why: "It says what the orchestrator may buy and steer; a wider one touches other environments",
  after: ["addresses", "templates"],
  async run(context) {
    const stack = await adoptedStackOf(context);
    const { orchestrator } = stack.names;
    const kinds = new Set(["policy", "role's policies"]);
    const steps = await lookAtSome(
      context,
      ({ kind, name }) => kinds.has(kind) && name === orchestrator,
      stack,
    );
    return answerOf(steps, "the policy is as described", compareAdvice);
  },
};

const spotRole = "AWSServiceRoleForEC2Spot";

/** The role that EC2 needs to buy spot. */
export const spotRoleRow: DoctorRow = {
  id: "spot-role",
  question: `Is there the service-linked role ${spotRole}?`,
  why: "Without it the first purchase of spot fails, unless who buys may make it (EC2 guide, Service-linked role for Spot Instance requests)",
  onlyOnAws: "an emulator buys spot without it",
  after: ["identity"],
  async run({ clients }) {
    if ((await roleIdOf(clients.iam, spotRole)) === undefined) {
      return {
        verdict: "disproven",
        detail: `there is no role ${spotRole}`,
        advice: "aws iam create-service-linked-role --aws-service-name spot.amazonaws.com",
      };
    }
    return { verdict: "proven", detail: `${spotRole} is there` };
  },
};

async function roleIdOf(client: IAMClient, RoleName: string): Promise<string | undefined> {
  try {
    const { Role } = await client.send(new GetRoleCommand({ RoleName }));
    return Role?.RoleId;
  } catch (error) {
    if (error instanceof Error && /^NoSuchEntity(?:Exception)?$/u.test(error.name))
      return undefined;
    throw error;
  }
}

import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { FleetError } from "@runs-fleet/core";
import type { DoctorRow } from "../row.ts";
import { stackOf } from "../stack-of.ts";

/** Who calls. */
export const identityRow: DoctorRow = {
  id: "identity",
  question: "Who calls, and in which account?",
  why: "All that follows is about this account, and holds for who has these permissions",
  onlyOnAws: "an emulator knows everybody",
  async run(context) {
    const { clients, facts, options } = context;
    const { Account, Arn } = await clients.sts.send(new GetCallerIdentityCommand({}));
    if (Account === undefined || Arn === undefined) {
      throw new FleetError({ kind: "unknown", message: "STS does not say who calls" });
    }
    facts.identity = { accountId: Account, arn: Arn };
    const isOrchestrator = isRole(Arn, stackOf(context).names.orchestrator);
    const detail = isOrchestrator
      ? `${Arn}, the role of the orchestrator`
      : `${Arn}, who is not the orchestrator: what it may do says nothing of the orchestrator`;
    return {
      verdict: "proven",
      detail,
      evidence: { account: Account, arn: Arn, environment: options.environment },
    };
  },
};

/** Whether a caller is a session of this role. */
export function isRole(arn: string, role: string): boolean {
  const [, , service, , , name = ""] = arn.split(":");
  const [kind, own] = name.split("/");
  return service === "sts" && kind === "assumed-role" && own === role;
}

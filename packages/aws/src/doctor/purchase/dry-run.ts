import { readAwsError } from "../../failures/aws-error.ts";
import { ec2Failures } from "../../failures/ec2.ts";
import { verdictOf } from "../../failures/kind-of.ts";
import { adviceFor, linkedRoleCode } from "../failure-advice.ts";

/** EC2's answer to who asks whether he might. */
export type DryRun =
  | { readonly outcome: "allowed" }
  | { readonly outcome: "denied" }
  | {
      readonly outcome: "refused";
      /** EC2's code. */
      readonly code: string;
      /** What EC2 said. */
      readonly message: string;
      /** What to do. */
      readonly advice: string;
    };

/** Kinds that are about what was asked for, and not about who asks or whether anybody answers. */
const aboutRequest: ReadonlySet<string> = new Set(["config", "quota", "capacity"]);

/**
 * Asks whether a call would be allowed. EC2 answers such a question with an error in any case; one that is no answer, such as
 * expired credentials, is thrown.
 *
 * @param send - The call with `DryRun: true`; a call that is carried out all the same is an error.
 */
export async function askDryRun(send: () => Promise<unknown>): Promise<DryRun> {
  try {
    await send();
  } catch (error) {
    const read = readAwsError(error);
    if (read === undefined) throw error;
    const { code, status } = read;
    if (code === "DryRunOperation") return { outcome: "allowed" };
    if (code === "UnauthorizedOperation") return { outcome: "denied" };
    const { kind } = verdictOf(ec2Failures, code, status);
    if (!aboutRequest.has(kind) && code !== linkedRoleCode) throw error;
    const advice =
      adviceFor(code, kind) ?? "correct what it names in launch template, tags or shape";
    return { outcome: "refused", code, message: (error as Error).message, advice };
  }
  throw new Error("EC2 has carried out what it was only asked about");
}

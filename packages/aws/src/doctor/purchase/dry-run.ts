import { readAwsError } from "../../failures/aws-error.ts";

/** EC2's answer to who asks whether he might. */
export type DryRun =
  | { readonly outcome: "allowed" }
  | { readonly outcome: "denied" }
  | { readonly outcome: "refused"; readonly code: string; readonly message: string };

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
    if (read?.code === "DryRunOperation") return { outcome: "allowed" };
    if (read?.code === "UnauthorizedOperation") return { outcome: "denied" };
    if (read !== undefined && /^(?:Invalid|Missing|Unsupported|VPC)/u.test(read.code)) {
      return { outcome: "refused", code: read.code, message: (error as Error).message };
    }
    throw error;
  }
  throw new Error("EC2 has carried out what it was only asked about");
}

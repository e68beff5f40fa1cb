import { type CallOptions, FleetError } from "@runs-fleet/core";
import { ec2Failures } from "../failures/ec2.ts";
import { translate } from "../failures/translate.ts";

/**
 * One call of EC2, whose errors are those of the ports.
 *
 * @param purpose - What it is for, as in `launch 3 machines`; part of the error's message.
 */
export async function callEc2<T>(
  purpose: string,
  options: CallOptions | undefined,
  send: (http: { readonly abortSignal?: AbortSignal }) => Promise<T>,
): Promise<T> {
  const signal = options?.signal;
  signal?.throwIfAborted();
  try {
    return await send(signal === undefined ? {} : { abortSignal: signal });
  } catch (error) {
    throw translate(error, { service: "EC2", table: ec2Failures, purpose, signal });
  }
}

/** The code that EC2 has refused a call with; `undefined` when the error is of another origin. */
export function ec2CodeOf(error: unknown): string | undefined {
  const code = FleetError.isInstance(error) ? error.details["code"] : undefined;
  return typeof code === "string" ? code : undefined;
}

/**
 * Asks for page after page.
 *
 * @throws A {@link FleetError} `unknown` when a page has the token of the page before: the list would never end.
 */
export async function everyPage<P extends { readonly NextToken?: string | undefined }>(
  ask: (token: string | undefined) => Promise<P>,
): Promise<readonly P[]> {
  const pages: P[] = [];
  let token: string | undefined;
  do {
    const page = await ask(token);
    pages.push(page);
    const next = page.NextToken === "" ? undefined : page.NextToken;
    if (next !== undefined && next === token) {
      throw new FleetError({ kind: "unknown", message: "EC2 answers with the same page twice" });
    }
    token = next;
  } while (token !== undefined);
  return pages;
}

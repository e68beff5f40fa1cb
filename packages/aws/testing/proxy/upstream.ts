import type { AwsRequest } from "./exchange.ts";

/** An emulator behind the proxy. */
export interface Upstream {
  /** Which one it is. */
  readonly kind: "moto" | "dynamodb-local" | "fauxqs";
  /** Where it listens. */
  readonly url: string;
}

/** Whether calls to it have to wait for one another: moto checks and writes without a lock. */
export function needsTurns({ kind }: Upstream, request: AwsRequest): boolean {
  if (kind !== "moto") return false;
  // A transaction of moto swaps whole tables, which a read would see half done.
  if (request.service === "dynamodb") return true;
  return !/^(?:Describe|Get|Head|List)/u.test(request.action);
}

/**
 * The call in the words of the emulator, so that each proxy has an account of its own: moto takes the account from a header,
 * DynamoDB Local keeps a database for each access key and region. `Host` stays as it came.
 */
export function addressed(
  { kind }: Upstream,
  request: AwsRequest,
  accountId: string,
): Readonly<Record<string, string | readonly string[]>> {
  const headers: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !hopByHop.has(name)) headers[name] = value;
  }
  if (kind === "moto") headers["x-moto-account-id"] = accountId;
  if (kind === "dynamodb-local" && request.headers.authorization !== undefined) {
    headers["authorization"] = request.headers.authorization.replace(
      /Credential=[^/]+/u,
      `Credential=account${accountId}`,
    );
  }
  return headers;
}

/** Headers of one connection, and those that follow from the body. */
const hopByHop: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "keep-alive",
  "transfer-encoding",
]);

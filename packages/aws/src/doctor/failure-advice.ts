import type { FailureKind } from "@runs-fleet/core";

const expired = "the credentials have expired: sign in again, and run the doctor once more";
const unknown =
  "AWS does not know these credentials: check AWS_PROFILE or AWS_ACCESS_KEY_ID, the partition, and whether the region is enabled for the account";
const clock = "AWS refuses the time of this machine: set its clock";

/** Codes that say that no call can succeed, with what to do. */
const everywhere: Readonly<Record<string, string>> = {
  CredentialsProviderError:
    "there are no credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, or sign in with aws sso login",
  TokenProviderError: "the session of AWS SSO is over: aws sso login",
  ExpiredToken: expired,
  ExpiredTokenException: expired,
  RequestExpired: "the credentials have expired, or the clock of this machine is wrong",
  AuthFailure: unknown,
  InvalidAccessKeyId: unknown,
  InvalidClientTokenId: unknown,
  InvalidToken: unknown,
  UnrecognizedClientException: unknown,
  SignatureDoesNotMatch: "the secret key is not that of the access key, or the clock is wrong",
  InvalidSignatureException: "the secret key is not that of the access key, or the clock is wrong",
  RequestTimeTooSkewed: clock,
  RequestInTheFuture: clock,
  ENOTFOUND:
    "there is no such host: is the region spelt right, is AWS_ENDPOINT_URL set, is there a way out of this network?",
  ECONNREFUSED: "nothing listens there: is AWS_ENDPOINT_URL right?",
};

/** EC2's own word for a permission that nobody lacks who has the role made once. */
export const linkedRoleCode = "AuthFailure.ServiceLinkedRoleCreationNotPermitted";

const byCode: Readonly<Record<string, string>> = {
  OptInRequired: "the account has not subscribed to this service, or not enabled the region",
  PendingVerification: "AWS still verifies the account for this region: wait, or ask its support",
  [linkedRoleCode]:
    "make the role once: aws iam create-service-linked-role --aws-service-name spot.amazonaws.com",
  InvalidParameterValue: "what EC2 names is wrong in the launch template or in the tags",
};

const byKind: Readonly<Partial<Record<FailureKind, string>>> = {
  throttled: "others in this account make many calls: run the doctor again, later",
  quota: "ask AWS for more of it, in Service Quotas",
  capacity: "AWS has none of it there now: name more subnets or other shapes, or try later",
  unavailable: "AWS did not answer as it should: run the doctor again, and look at its status page",
  auth: "AWS refuses who calls",
};

/** Whether all other calls will fail as well. */
export function breaksEverything(code: string): boolean {
  return Object.hasOwn(everywhere, code);
}

/** What to do about a code. */
export function adviceFor(code: string, kind: FailureKind): string | undefined {
  if (Object.hasOwn(everywhere, code)) return everywhere[code];
  return Object.hasOwn(byCode, code) ? byCode[code] : byKind[kind];
}

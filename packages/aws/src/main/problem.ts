import { readAwsError } from "../failures/aws-error.ts";

/** What went wrong, told to a person and to a script. */
export interface Problem {
  /** Stable, kebab-case, or AWS's own code. */
  readonly code: string;
  /** What failed, on what. */
  readonly message: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** `error[code] message`, with a second line for the advice. Ends with a line break. */
export function formatProblem({ code, message, advice }: Problem): string {
  const first = `error[${printable(code)}] ${printable(message)}\n`;
  return advice === undefined ? first : `${first}  ${printable(advice)}\n`;
}

/** Text from outside, without what could steer a terminal. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) =>
    character === "\n" ? " " : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** What everybody meets who sets up AWS, by the code of the SDK or of AWS. */
const advice: Readonly<Record<string, string>> = {
  CredentialsProviderError:
    "no credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, or sign in with aws sso login",
  TokenProviderError: "the session of AWS SSO is over: sign in with aws sso login",
  ExpiredToken: "the credentials have expired: sign in again",
  ExpiredTokenException: "the credentials have expired: sign in again",
  RequestExpired: "the credentials have expired, or the clock of this machine is wrong",
  AuthFailure: "AWS does not know these credentials, or the clock of this machine is wrong",
  InvalidClientTokenId: "AWS does not know these credentials: are they of another partition?",
  UnrecognizedClientException:
    "AWS does not know these credentials: are they of another partition?",
  SignatureDoesNotMatch: "the secret key is not that of the access key, or the clock is wrong",
  ENOTFOUND: "there is no such endpoint: is the region spelt right?",
  ECONNREFUSED: "nothing listens there: is AWS_ENDPOINT_URL right?",
  ERR_MODULE_NOT_FOUND:
    "install the clients: npm install @aws-sdk/client-{dynamodb,ec2,eventbridge,iam,s3,service-quotas,sqs,sts}",
};

/** Errors that have no code: ours about options, and those of the language. */
const ownNames: Readonly<Record<string, string>> = {
  Error: "unexpected",
  TypeError: "wrong-option",
  RangeError: "wrong-option",
};

/** An error that nobody caught, in words. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof Error)) return { code: "unexpected", message: String(error) };
  const details =
    "details" in error ? (error.details as { code?: unknown } | undefined) : undefined;
  const named = typeof details?.code === "string" ? details.code : readAwsError(error)?.code;
  if (error.message === "Region is missing") {
    return {
      code: "no-region",
      message: "No region was named",
      advice: "say --region eu-west-1, or set AWS_REGION",
    };
  }
  const kind = "kind" in error && typeof error.kind === "string" ? error.kind : undefined;
  const code = named ?? kind ?? ownNames[error.name] ?? error.name;
  const known = Object.hasOwn(advice, code) ? advice[code] : undefined;
  const message = error.message.split("\n", 1)[0] || error.name;
  return { code, message, ...(known === undefined ? {} : { advice: known }) };
}

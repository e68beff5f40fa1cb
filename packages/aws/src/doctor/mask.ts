/** What must not be in a report that is sent to others. */
export interface Secrets {
  /** 12 digits; absent when it was never known. */
  readonly accountId?: string;
  /** Who called, as its ARN. */
  readonly arn?: string;
}

/** Stands for the account. */
const maskedAccount = "<account>";

/**
 * A text that can be sent to others: without the account, keys of access, unique ids of users and roles, and the name of the
 * session, which is often somebody's address. Machines, subnets and images keep their names: nobody gets in by them.
 */
export function maskText(text: string, { accountId, arn }: Secrets): string {
  const session = arn === undefined ? undefined : sessionOf(arn);
  let masked = text;
  if (session !== undefined) {
    // Not within other words: somebody may be called "test".
    const literally = session.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&");
    masked = masked.replace(new RegExp(`(?<!\\w)${literally}(?!\\w)`, "gu"), "<session>");
  }
  if (accountId !== undefined && accountId !== "")
    masked = masked.replaceAll(accountId, maskedAccount);
  return masked
    .replace(/(arn:[\w-]+:[\w-]*:[\w-]*:)\d{12}(?=:)/gu, `$1${maskedAccount}`)
    .replace(/\b(A(?:KI|SI|RO|ID|NP|GP|IP)A)[A-Z0-9]{8,}\b/gu, "$1<id>");
}

/** The name of a session, or of a user; `undefined` for one that no machine and nobody is called by. */
function sessionOf(arn: string): string | undefined {
  const [, , , , , resource = ""] = arn.split(":");
  const name = resource.slice(resource.lastIndexOf("/") + 1);
  return resource.includes("/") && name.length >= 4 && !/^i-[0-9a-f]+$/u.test(name)
    ? name
    : undefined;
}

/** Plain data with every text in it masked, keys too. */
export function maskData<T>(value: T, secrets: Secrets): T {
  return masked(value, secrets) as T;
}

function masked(value: unknown, secrets: Secrets): unknown {
  if (typeof value === "string") return maskText(value, secrets);
  if (Array.isArray(value)) return value.map((item) => masked(item, secrets));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, own]) => [maskText(key, secrets), masked(own, secrets)]),
  );
}

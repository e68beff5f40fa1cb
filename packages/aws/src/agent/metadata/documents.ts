import { FleetError } from "@runs-fleet/core";
import { parseInstant } from "@runs-fleet/core/embedded/rules";

/** Which instance this is, as its identity document says. */
export interface MachineIdentity {
  /** Such as `i-0a1b2c3d4e5f60718`; the machine's id. */
  readonly instanceId: string;
  /** Such as `eu-west-1`. */
  readonly region: string;
  /** Of the account that owns it, 12 digits. */
  readonly accountId: string;
  /** When EC2 began to launch it, epoch milliseconds; `undefined` when the document does not say. */
  readonly pendingAtMs?: number;
}

/** What the instance's profile gives it, for now. */
export interface MachineCredentials {
  /** Names the key. */
  readonly accessKeyId: string;
  /** Its secret. */
  readonly secretAccessKey: string;
  /** Goes with every call. */
  readonly sessionToken: string;
  /** When they end, epoch milliseconds. New ones are there some minutes before. */
  readonly expiresAtMs: number;
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Without the parser's error, which quotes the text: it may be a credential.
  }
  return {};
}

/** What a document cannot be read for, without what stands there. */
function unreadable(what: string, field: string): FleetError {
  return new FleetError({
    kind: "unknown",
    message: `The ${what} of this instance cannot be read: its field ${field} is wrong`,
    details: { field },
  });
}

function textAt(
  document: Readonly<Record<string, unknown>>,
  field: string,
  form: RegExp,
  what: string,
): string {
  const value = document[field];
  if (typeof value === "string" && form.test(value)) return value;
  throw unreadable(what, field);
}

/** @throws A {@link FleetError} `unknown` when it is no identity document. */
export function readIdentity(text: string): MachineIdentity {
  const document = objectOf(text);
  const field = (name: string, form: RegExp): string =>
    textAt(document, name, form, "identity document");
  const pendingAtMs = parseInstant(document["pendingTime"]);
  return {
    instanceId: field("instanceId", /^i-[0-9a-f]{1,32}$/u),
    region: field("region", /^[a-z]{2}(?:-[a-z]+)+-\d$/u),
    accountId: field("accountId", /^\d{12}$/u),
    ...(pendingAtMs === undefined ? {} : { pendingAtMs }),
  };
}

/** @throws A {@link FleetError} `unknown` when they are none; it holds nothing of them. */
export function readCredentials(text: string): MachineCredentials {
  const document = objectOf(text);
  const field = (name: string): string =>
    textAt(document, name, /^[!-~]{1,16384}$/u, "credentials");
  const expiresAtMs = parseInstant(document["Expiration"]);
  if (expiresAtMs === undefined) throw unreadable("credentials", "Expiration");
  return {
    accessKeyId: field("AccessKeyId"),
    secretAccessKey: field("SecretAccessKey"),
    sessionToken: field("Token"),
    expiresAtMs,
  };
}

/**
 * When the instance is taken back, epoch milliseconds. That there is a notice counts more than that it can be read.
 *
 * @param noticedAtMs - Now; the notice comes two minutes before. Source: EC2 guide, Spot interruption notices, read 2026-11-28.
 */
export function readInstanceAction(text: string, noticedAtMs: number): number {
  return parseInstant(objectOf(text)["time"]) ?? noticedAtMs + 120_000;
}

import { FleetError } from "@runs-fleet/core";
import type { ReadRefusal } from "@runs-fleet/core/github";

/** What went wrong, by a stable code; the message says what to do. */
export interface ExportProblem {
  readonly code: string;
  readonly message: string;
}

/** The failure of an export with its stable code. */
export function exportError(code: string, message: string, cause?: unknown): FleetError {
  return new FleetError({
    kind: "config",
    message,
    details: { code },
    ...(cause === undefined ? {} : { cause }),
  });
}

const permissions =
  "a fine-grained token needs the repository permission Actions: read (Metadata: read comes with it) for all repositories " +
  "of the organisation; a GitHub App needs the same; a classic token needs the scope repo";

const again = "what was read is kept: run the same command again to go on";

/** What to do about each refusal of GitHub's. */
const remedies: Readonly<Record<ReadRefusal, (organisation: string) => readonly [string, string]>> =
  {
    "token-refused": () => [
      "token-refused",
      `the token is wrong, expired or revoked; make another one (${permissions})`,
    ],
    "token-policy": (organisation) => [
      "token-policy",
      `${organisation} does not admit tokens of this kind or lifetime: take a fine-grained token that lives no longer than the ` +
        "organisation allows, and have an owner approve it",
    ],
    "sso-required": (organisation) => [
      "sso-required",
      `${organisation} requires single sign-on: authorise the token for it under github.com/settings/tokens, "Configure SSO"`,
    ],
    "sso-partial": (organisation) => [
      "sso-required",
      `GitHub left out what single sign-on protects: authorise the token for ${organisation} under ` +
        'github.com/settings/tokens, "Configure SSO"',
    ],
    "ip-not-allowed": (organisation) => [
      "ip-not-allowed",
      `${organisation} has an IP allow list, and this machine is not on it: run the export from an address that is, or have an ` +
        "owner add this one",
    ],
    "permission-missing": () => [
      "permission-missing",
      `the token may not read this: ${permissions}`,
    ],
    blocked: () => [
      "repository-blocked",
      "GitHub has blocked this repository; leave it out with --repository",
    ],
    "not-found": (organisation) => [
      "organisation-not-found",
      `there is no organisation ${organisation} that this token can see: check the spelling (users have no organisation), and ` +
        "that the token's resource owner is the organisation and an owner has approved it",
    ],
    "rate-limited": () => ["rate-limited", `GitHub keeps limiting us; ${again}`],
    unavailable: () => ["github-unavailable", `GitHub does not answer; ${again}`],
    refused: () => [
      "refused",
      "GitHub takes the request for wrong; this is a fault of the export: please report it",
    ],
  };

/** What to tell a person of a failed export. */
export function explainProblem(error: unknown, organisation: string): ExportProblem {
  if (!FleetError.isInstance(error)) {
    const text = error instanceof Error ? error.message : String(error);
    const code = error instanceof Error && "code" in error ? String(error.code).toLowerCase() : "";
    return { code: code || "unexpected", message: text };
  }
  const { code, reason, needed } = error.details;
  if (typeof code === "string") return { code, message: error.message };
  if (typeof reason === "string" && reason in remedies) {
    const [stable, remedy] = remedies[reason as ReadRefusal](organisation);
    const asks = typeof needed === "string" ? `; GitHub asks for ${needed}` : "";
    return { code: stable, message: `${error.message}: ${remedy}${asks}` };
  }
  if (error.kind === "unknown")
    return { code: "answer-unreadable", message: `${error.message}; ${again}` };
  return { code: error.kind, message: error.message };
}

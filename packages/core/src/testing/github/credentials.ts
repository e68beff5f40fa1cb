import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import type { Owner, World } from "./model.ts";

/** Who a request comes from. */
type Principal =
  | { readonly kind: "app" }
  | { readonly kind: "installation"; readonly owner: Owner }
  | { readonly kind: "reader"; readonly owner: Owner };

/** The App's credentials and the tokens given out. */
export interface Credentials {
  readonly appId: string;
  /** PKCS#8 in PEM. */
  privateKey(): string;
  /** Who the `Authorization` header names, or why it is refused. */
  identify(authorization: string | undefined): Principal | string;
  issue(owner: Owner): { readonly token: string; readonly expiresAtMs: number };
  /** A fine-grained personal token that may read what the owner has, and change nothing. */
  issueReader(owner: Owner): string;
}

let madeKey: string | undefined;

/** Making a key takes a tenth of a second, so that all fakes of a process share one. */
function sharedKey(): string {
  madeKey ??= generateKeyPairSync("rsa", { modulusLength: 2_048 })
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString();
  return madeKey;
}

function partOf(text: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(text ?? "", "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const longestLifeS = 600;

/** Credentials of the App of `world`. */
export function createCredentials(
  world: World,
  app: { readonly id?: string; readonly privateKey?: string } | undefined,
): Credentials {
  const appId = app?.id ?? "1001";
  const privateKey = (): string => app?.privateKey ?? sharedKey();
  const tokens = new Map<
    string,
    { readonly owner: Owner; readonly installationId: number; readonly expiresAtMs: number }
  >();
  const readers = new Map<string, Owner>();
  let publicKey: ReturnType<typeof createPublicKey> | undefined;

  const checkJwt = (jwt: string): Principal | string => {
    const [header, payload, signature] = jwt.split(".");
    const claims = partOf(payload);
    if (partOf(header)["alg"] !== "RS256") return "A JSON web token could not be decoded";
    publicKey ??= createPublicKey(privateKey());
    const signed = Buffer.from(`${header}.${payload}`);
    if (!verify("sha256", signed, publicKey, Buffer.from(signature ?? "", "base64url")))
      return "A JSON web token could not be decoded";
    const nowS = world.clock.now() / 1_000;
    const { iat, exp, iss } = claims;
    if (String(iss) !== appId) return "'Issuer' claim ('iss') is not this App";
    if (typeof iat !== "number" || !Number.isInteger(iat) || iat > nowS)
      return "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued";
    if (typeof exp !== "number" || !Number.isInteger(exp) || exp <= nowS)
      return "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires";
    if (exp > nowS + longestLifeS)
      return "'Expiration time' claim ('exp') is too far in the future";
    return { kind: "app" };
  };

  return {
    appId,
    privateKey,
    identify: (authorization) => {
      const [scheme, credential, ...rest] = (authorization ?? "").split(" ");
      if (rest.length > 0 || credential === undefined || credential === "")
        return "Requires authentication";
      if (!/^(bearer|token)$/i.test(scheme ?? "")) return "Requires authentication";
      if (credential.startsWith("github_pat_")) {
        const owner = readers.get(credential);
        return owner === undefined ? "Bad credentials" : { kind: "reader", owner };
      }
      if (!credential.startsWith("ghs_")) return checkJwt(credential);
      const token = tokens.get(credential);
      if (token === undefined) return "Bad credentials";
      if (world.clock.now() >= token.expiresAtMs) {
        tokens.delete(credential);
        return "Bad credentials";
      }
      return token.installationId === token.owner.installationId
        ? { kind: "installation", owner: token.owner }
        : "Bad credentials";
    },
    issueReader: (owner) => {
      const random = `${world.entropy.uuid()}${world.entropy.uuid()}${world.entropy.uuid()}`;
      const token = `github_pat_${random.replaceAll("-", "").slice(0, 82)}`;
      readers.set(token, owner);
      return token;
    },
    issue: (owner) => {
      // As long as GitHub's own since 2026, so that nobody counts on 40 characters.
      let random = "";
      while (random.length < 480) random += world.entropy.uuid().replaceAll("-", "");
      const token = `ghs_${appId}_${random.slice(0, 480)}`;
      const expiresAtMs =
        Math.floor((world.clock.now() + world.settings.tokenLifetimeMs) / 1_000) * 1_000;
      tokens.set(token, { owner, installationId: owner.installationId ?? 0, expiresAtMs });
      return { token, expiresAtMs };
    },
  };
}

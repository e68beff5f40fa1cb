import { createPrivateKey, type KeyObject, sign } from "node:crypto";

/** Signs the JSON web tokens by which an App speaks in its own name. */
export interface AppTokenSigner {
  /**
   * A token valid from a minute before `nowMs` for ten minutes.
   *
   * @param nowMs - GitHub's time, epoch milliseconds.
   * @param tokenId - Makes the token unique: two equal ones at once are refused.
   */
  sign(nowMs: number, tokenId: string): string;
}

/** How far `iat` lies in the past, against clocks that run ahead, seconds. */
const backdatedS = 60;
/** Longest life that GitHub accepts, counted from `iat`, seconds. */
const lifeS = 600;

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function keyOf(privateKey: string): KeyObject {
  // Environment variables often hold the key on one line.
  const pem = privateKey.replaceAll("\\n", "\n").trim();
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    // The cause could quote the key.
    throw new TypeError(
      "privateKey is not a private key in PEM; give the file that GitHub made for the App, as it is",
    );
  }
  if (key.asymmetricKeyType !== "rsa") {
    throw new TypeError(
      `privateKey must be an RSA key, is ${key.asymmetricKeyType ?? "of an unknown type"}`,
    );
  }
  return key;
}

/**
 * A signer for the App. Takes PKCS#1 and PKCS#8 keys, also with `\n` written out.
 *
 * @throws A TypeError when the key is not an RSA private key or `appId` is empty.
 */
export function createAppTokenSigner(appId: string, privateKey: string): AppTokenSigner {
  if (appId === "") throw new TypeError("appId must not be empty");
  const key = keyOf(privateKey);
  const header = encode({ alg: "RS256", typ: "JWT" });
  return {
    sign: (nowMs, tokenId) => {
      const iat = Math.floor(nowMs / 1_000) - backdatedS;
      const claims = encode({ iat, exp: iat + lifeS, iss: appId, jti: tokenId });
      const signed = `${header}.${claims}`;
      return `${signed}.${sign("sha256", Buffer.from(signed), key).toString("base64url")}`;
    },
  };
}

import { createHmac, createSecretKey, timingSafeEqual } from "node:crypto";

/** What a signature header proved. */
export type SignatureVerdict = "valid" | "signature-missing" | "signature-invalid";

const headerShape = /^sha256=[0-9a-f]{64}$/i;
const prefixLength = "sha256=".length;

/** The value of `X-Hub-Signature-256` for a body: HMAC-SHA256 over its raw bytes. For senders and their tests. */
export function signBody(secret: string, body: Uint8Array | string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

/**
 * Verifies bodies against one or more secrets, so that a secret can be replaced without a gap.
 *
 * The comparison takes the same time wherever the digests differ.
 *
 * @throws A {@link TypeError} when there is no secret or one is empty: an empty secret would accept anyone's signature.
 */
export function createSignatureVerifier(
  secrets: readonly string[],
): (body: Uint8Array, header: string | null) => SignatureVerdict {
  if (secrets.length === 0) throw new TypeError("At least one webhook secret is needed");
  const keys = secrets.map((secret) => {
    if (typeof secret !== "string" || secret === "") {
      throw new TypeError("A webhook secret must be a string that is not empty");
    }
    return createSecretKey(secret, "utf8");
  });
  return (body, header) => {
    if (header === null || header === "") return "signature-missing";
    if (!headerShape.test(header)) return "signature-invalid";
    const claimed = Buffer.from(header.slice(prefixLength), "hex");
    const matches = keys.some((key) =>
      timingSafeEqual(createHmac("sha256", key).update(body).digest(), claimed),
    );
    return matches ? "valid" : "signature-invalid";
  };
}

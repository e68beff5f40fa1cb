import { createHash } from "node:crypto";
import { FleetError } from "@runs-fleet/core";

/** The SHA-256 of bytes, 64 hexadecimal digits. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The same digest as S3 writes it. */
export function toBase64(sha256: string): string {
  return Buffer.from(sha256, "hex").toString("base64");
}

/** @throws A RangeError when it is no digest. */
export function assertSha256(sha256: string): void {
  if (!/^[0-9a-f]{64}$/u.test(sha256)) {
    throw new RangeError("sha256 must have 64 hexadecimal digits, in lower case");
  }
}

/** What to say of content that is not what it should be. Nobody may use it, and to ask again does not help. */
export function mismatch(key: string, expected: string, actual: string): FleetError {
  return new FleetError({
    kind: "config",
    message: `${key} has the SHA-256 ${actual}, not ${expected}: do not use it`,
    details: { code: "sha256-mismatch", expected, actual },
  });
}

/** What to say of content that is larger than its reader wants. */
export function tooLarge(key: string, bytes: number, maxBytes: number): FleetError {
  return new FleetError({
    kind: "config",
    message: `${key} has ${bytes} bytes or more, and may have ${maxBytes}`,
    details: { code: "too-large", maxBytes },
  });
}

import { generateKeyPairSync } from "node:crypto";

let madeKey: string | undefined;

/** A short key: a day has hundreds of signatures, and nobody has to be kept out of here. */
export function appKey(): string {
  madeKey ??= generateKeyPairSync("rsa", { modulusLength: 512 })
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString();
  return madeKey;
}

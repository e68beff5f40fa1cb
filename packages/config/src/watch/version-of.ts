import { createHash } from "node:crypto";

const sha1 = (text: string): string => createHash("sha1").update(text).digest("hex");

/** Git's name of a file's content. */
export function blobSha(text: string): string {
  return sha1(`blob ${Buffer.byteLength(text)}\0${text}`);
}

/**
 * Names the state of a configuration: the blob's sha, or, when it includes files, one of all their shas.
 *
 * @param main - Sha of the configuration itself.
 * @param included - What it includes, in its order. Without a sha: it is not there.
 */
export function versionOf(
  main: string,
  included: readonly { readonly name: string; readonly sha?: string | undefined }[],
): string {
  if (included.length === 0) return main;
  return sha1([main, ...included.map(({ name, sha = "absent" }) => `${name} ${sha}`)].join("\n"));
}

import { type CallOptions, FleetError, type GitHubContents } from "@runs-fleet/core";
import type { FileReading } from "./take-repository-file.ts";

/** Reads the file of a repository. Never rejects: what went wrong is the answer. */
export async function readRepositoryFile(
  contents: GitHubContents,
  where: { readonly repository: string; readonly path: string; readonly ref: string },
  options?: CallOptions & { readonly etag?: string },
): Promise<FileReading> {
  try {
    const answer = await contents.read(where.repository, where.path, where.ref, options);
    if (answer.status === "absent-or-forbidden") return { kind: "absent" };
    if (answer.status === "unchanged") return { kind: "unchanged" };
    const { text, sha, etag } = answer;
    return { kind: "text", text, sha, etag };
  } catch (error) {
    const code = FleetError.isInstance(error) ? error.kind : "unknown";
    const message = (error instanceof Error ? error.message : String(error)).slice(0, 500);
    // Too large, no text, no file at all: GitHub did answer, and will say the same again.
    if (code === "config") return { kind: "unusable", message };
    return { kind: "failed", cause: { code, message } };
  }
}

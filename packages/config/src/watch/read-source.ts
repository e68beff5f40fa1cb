import { posix } from "node:path";
import {
  type CallOptions,
  type Cause,
  type FileContents,
  FleetError,
  type GitHubContents,
} from "@runs-fleet/core";
import { includedFiles } from "../file/read-files.ts";
import { mapAtOnce } from "./map-at-once.ts";
import { versionOf } from "./version-of.ts";

/** A configuration as it stands at one place of a repository. */
export interface SourceText {
  readonly text: string;
  /** Of the files that it includes and that are there, by name. */
  readonly include: Readonly<Record<string, string>>;
  /** Sha of the blob; with files that are included, one of all their shas. */
  readonly version: string;
}

/** What reading the source gave. */
export type SourceReading =
  | { readonly ok: true; readonly source: SourceText }
  | { readonly ok: false; readonly cause: Cause; readonly retryable: boolean };

/** Reads a configuration from a repository. */
export interface ConfigSource {
  /** At a commit, or at `HEAD`. Never rejects, except for the abort of its signal. */
  read(ref: string, options?: CallOptions): Promise<SourceReading>;
}

type Blob = Extract<FileContents, { status: "ok" }>;

/** Most answers that are kept for their ETags. */
const mostKept = 60;
/** Most included files that are asked for at once: GitHub slows down those who ask for much at a time. */
const mostAtOnce = 6;

/** Reads `path` of `repository`, and what lies beside it and is included. What did not change is not sent again. */
export function createConfigSource(
  contents: GitHubContents,
  repository: string,
  path: string,
): ConfigSource {
  const kept = new Map<string, Blob>();

  const read = async (
    file: string,
    ref: string,
    options?: CallOptions,
  ): Promise<Blob | undefined> => {
    const key = `${ref}:${file}`;
    const known = kept.get(key);
    const etag = known === undefined || known.etag === "" ? {} : { etag: known.etag };
    const answer = await contents.read(repository, file, ref, { ...options, ...etag });
    if (answer.status === "absent-or-forbidden") {
      kept.delete(key);
      return undefined;
    }
    if (answer.status === "unchanged") {
      if (known !== undefined) return known;
      throw new FleetError({ kind: "unknown", message: `${file}: unchanged since nothing` });
    }
    kept.delete(key);
    kept.set(key, answer);
    for (const oldest of kept.keys()) {
      if (kept.size <= mostKept) break;
      kept.delete(oldest);
    }
    return answer;
  };

  return {
    read: async (ref, options) => {
      try {
        const main = await read(path, ref, options);
        if (main === undefined) {
          const message = `${path} of ${repository} is not there, or may not be read`;
          return { ok: false, cause: { code: "not-found", message }, retryable: false };
        }
        const include: Record<string, string> = {};
        const included: { name: string; sha?: string | undefined }[] = [];
        const names = includedFiles(main.text);
        const blobs = await mapAtOnce(names, mostAtOnce, (name) =>
          read(posix.join(posix.dirname(path), name), ref, options),
        );
        for (const [index, name] of names.entries()) {
          const blob = blobs[index];
          included.push({ name, sha: blob?.sha });
          if (blob !== undefined) include[name] = blob.text;
        }
        const version = versionOf(main.sha, included);
        return { ok: true, source: { text: main.text, include, version } };
      } catch (error) {
        options?.signal?.throwIfAborted();
        const known = FleetError.isInstance(error) ? error : undefined;
        const message = error instanceof Error ? error.message : String(error);
        const cause = { code: known?.kind ?? "unknown", message: message.slice(0, 500) } as const;
        return { ok: false, cause, retryable: known?.retryable ?? true };
      }
    },
  };
}

import * as v from "valibot";
import { FleetError } from "../ports/failure.ts";
import type { GitHubContents } from "../ports/github-client.ts";
import type { Api } from "./api.ts";
import { type ApiResponse, pathOf } from "./exchange.ts";
import { readAs, statusOf } from "./read-as.ts";
import { repositoryPlace } from "./scopes.ts";

/** Largest file that GitHub gives as text. Source: GitHub's contents API, read 2026-11-20. */
const largestBytes = 1_048_576;

const fileSchema = v.object({
  type: v.string(),
  encoding: v.optional(v.string()),
  content: v.optional(v.string()),
  size: v.optional(v.number()),
  sha: v.pipe(v.string(), v.maxLength(128)),
});

function wrong(message: string): FleetError {
  return new FleetError({ kind: "config", message });
}

function checkedPath(path: string): string {
  const segments = path.split("/");
  const bad = segments.some((part) => part === "" || part === "." || part === "..");
  if (bad || path.length > 4_096) throw wrong(`Not a path of a file: ${path.slice(0, 120)}`);
  return pathOf(path);
}

function textOf(base64: string, where: string): string {
  try {
    const bytes = Uint8Array.from(atob(base64.replaceAll("\n", "")), (char) => char.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw wrong(`${where} is not text in UTF-8`);
  }
}

function fileOf(response: ApiResponse, where: string) {
  if (Array.isArray(response.data)) throw wrong(`${where} is a directory, not a file`);
  const { type, encoding, content, size, sha } = readAs(fileSchema, response.data, `read ${where}`);
  if (type !== "file") throw wrong(`${where} is a ${type.slice(0, 20)}, not a file`);
  if ((size ?? 0) > largestBytes || encoding === "none") {
    throw wrong(`${where} is larger than ${largestBytes} bytes`);
  }
  if (encoding !== "base64" || content === undefined) {
    throw wrong(`${where} came in an unknown encoding`);
  }
  return {
    status: "ok",
    text: textOf(content, where),
    sha,
    etag: response.headers["etag"] ?? "",
  } as const;
}

/** Files of repositories by way of `api`. */
export function createContents(api: Api): GitHubContents {
  return {
    read: async (repository, path, ref, options) => {
      const place = repositoryPlace(repository);
      const where = `${path} of ${repository}`;
      const file = `${place.path}/contents${checkedPath(path)}`;
      try {
        const response = await api.call(
          {
            method: "GET",
            path: `${file}?ref=${encodeURIComponent(ref)}`,
            identity: place.identity,
            purpose: `read ${where}`,
            ...(options?.etag ? { etag: options.etag } : {}),
          },
          options,
        );
        return response.status === 304 ? { status: "unchanged" } : fileOf(response, where);
      } catch (error) {
        const status = statusOf(error);
        const refused = FleetError.isInstance(error) && error.kind === "auth" && status === 403;
        // GitHub hides what we may not see behind the same answer as what is not there.
        if (status === 404 || refused) return { status: "absent-or-forbidden" };
        throw error;
      }
    },
  };
}

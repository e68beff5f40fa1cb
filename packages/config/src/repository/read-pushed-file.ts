import type { CallOptions, GitHubContents, PushEvent } from "@runs-fleet/core";
import type { Seen } from "../watch/config-state.ts";
import { pushOrder } from "../watch/push-order.ts";
import { readRepositoryFile } from "./read-repository-file.ts";
import type { FileReading } from "./take-repository-file.ts";

/**
 * Reads the file of a repository as a push left it. Where nothing else tells whether the push is the latest, the head of the branch
 * does.
 *
 * @param seen - What was looked at last.
 * @returns `undefined`: a later push decides.
 */
export async function readPushedFile(
  contents: GitHubContents,
  path: string,
  event: PushEvent,
  seen: Seen | undefined,
  call?: CallOptions,
): Promise<FileReading | undefined> {
  const { repository, after } = event;
  const order = pushOrder(event, seen);
  if (order === "older") return undefined;
  const reading = await readRepositoryFile(contents, { repository, path, ref: after }, call);
  if (order !== "unclear") return reading;
  const head = await readRepositoryFile(contents, { repository, path, ref: "HEAD" }, call);
  if (head.kind === "failed") return head;
  return isSameFile(reading, head) ? reading : undefined;
}

function isSameFile(one: FileReading, other: FileReading): boolean {
  if (one.kind === "text" && other.kind === "text") return one.sha === other.sha;
  return one.kind === "absent" && other.kind === "absent";
}

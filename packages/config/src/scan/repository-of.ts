import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Largest file of Git's own that is read, bytes. */
const maxBytes = 100_000;

/**
 * The repository of a checkout, `owner/name`: that of its remote `origin`, else the names of the last two directories, as in a
 * checkout of a whole organisation.
 *
 * @param owner - The owner, where the directories do not name it.
 */
export async function repositoryOf(checkout: string, owner?: string): Promise<string> {
  const name = basename(checkout);
  if (owner !== undefined) return `${owner}/${name}`;
  return (await originOf(checkout)) ?? `${basename(dirname(checkout))}/${name}`;
}

async function originOf(checkout: string): Promise<string | undefined> {
  try {
    const path = join(checkout, ".git", "config");
    const { size } = await stat(path);
    return size > maxBytes ? undefined : originIn(await readFile(path, "utf8"));
  } catch {
    // A worktree, a download, or no checkout of Git at all.
    return undefined;
  }
}

/** `owner/name` of the remote `origin` in Git's own configuration of a checkout. */
export function originIn(config: string): string | undefined {
  let isOrigin = false;
  for (const line of config.split("\n")) {
    if (line.trimStart().startsWith("[")) isOrigin = /^\s*\[remote "origin"\]/.test(line);
    const url = isOrigin ? /^\s*url\s*=\s*(\S+)\s*$/.exec(line)?.[1] : undefined;
    if (url === undefined) continue;
    const found = /[:/]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(url)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

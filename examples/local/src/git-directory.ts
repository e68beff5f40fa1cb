import { execFile } from "node:child_process";
import { FleetError, type GitHubClient, type PushEvent, systemClock } from "@runs-fleet/core";

/** Far more than a configuration may have. */
const mostBytes = 4 * 1024 * 1024;
const lookMs = 500;

/** A clone on this machine, in place of a repository at GitHub. */
export interface GitDirectory {
  /** Its files, and where its author hears what became of a commit. */
  readonly github: Pick<GitHubClient, "contents" | "checks">;
  /** Tells of each commit that becomes the head, from the one that is there on, until the signal aborts. */
  watch(told: (push: PushEvent) => Promise<void>, signal: AbortSignal): Promise<void>;
}

/** `undefined`: git says that there is none. */
function git(directory: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    execFile(
      "git",
      ["-C", directory, ...args],
      { maxBuffer: mostBytes, encoding: "utf8" },
      (error, stdout) => {
        if (error === null) resolve(stdout);
        else if (error.code === 128 || error.code === 1) resolve(undefined);
        else {
          const message = `git cannot read ${directory}: ${error.message.split("\n")[0]}`;
          reject(new FleetError({ kind: "unavailable", message }));
        }
      },
    );
  });
}

/**
 * Reads a clone as the watcher reads GitHub: only what is committed counts, on whatever branch is checked out.
 *
 * @param others - Where the files of all other repositories are.
 * @param say - Is told what became of commits.
 */
export function openGitDirectory(
  directory: string,
  repository: string,
  others: GitDirectory["github"],
  say: (line: string) => void,
): GitDirectory {
  const isOther = (where: string): boolean => where.toLowerCase() !== repository.toLowerCase();
  const head = async (): Promise<string | undefined> =>
    (await git(directory, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]))?.trim();
  return {
    github: {
      contents: {
        read: async (where, path, ref, options) => {
          if (isOther(where)) return others.contents.read(where, path, ref, options);
          const name = `${ref}:${path}`;
          // Neither can be taken for an option: a ref is a commit or HEAD, and a name has a colon in it.
          const sha = (await git(directory, ["rev-parse", "--verify", "--quiet", name]))?.trim();
          const text = sha && (await git(directory, ["cat-file", "blob", sha]));
          return sha === undefined || text === undefined
            ? { status: "absent-or-forbidden" }
            : { status: "ok", text, sha, etag: "" };
        },
      },
      checks: {
        report: async (where, check, options) => {
          if (isOther(where)) return others.checks.report(where, check, options);
          const { sha, title, conclusion, annotations } = check;
          say(`${sha.slice(0, 10)} ${conclusion ?? "looked at"}: ${title}`);
          for (const { path, startLine, level, message } of annotations.slice(0, 20)) {
            say(`  ${level} ${path}:${startLine}: ${message}`);
          }
        },
      },
    },
    watch: async (told, signal) => {
      let before = "0".repeat(40);
      while (!signal.aborted) {
        const after = await head().catch(() => undefined);
        if (after !== undefined && after !== before) {
          try {
            await told({
              kind: "push",
              repository,
              ref: "refs/heads/HEAD",
              defaultBranch: "HEAD",
              before,
              after,
              deleted: false,
              deliveryId: `git-${after}`,
              receivedAtMs: systemClock.now(),
            });
            before = after;
          } catch (error) {
            // Told again with the next look: nobody waits for this loop, and it must not end.
            say(`${after.slice(0, 10)} could not be told: ${error}`);
          }
        }
        await systemClock.sleep(lookMs, signal).catch(() => undefined);
      }
    },
  };
}

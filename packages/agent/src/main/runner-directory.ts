import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";

/** What a runner leaves behind, or what belongs to one registration: never part of a fresh runner. */
const notCopied: ReadonlySet<string> = new Set([
  "_diag",
  "_work",
  ".runner",
  ".credentials",
  ".credentials_rsaparams",
  "update.finished",
]);

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    // Another file system, or one without hard links.
    copyFileSync(from, to);
  }
}

function fill(from: string, to: string, depth: number): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (depth === 0 && notCopied.has(entry.name)) continue;
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    // Read only, and by far the largest part.
    else if (entry.isDirectory() && depth === 0 && entry.name === "externals")
      symlinkSync(source, target);
    else if (entry.isDirectory()) fill(source, target, depth + 1);
    // Settings in the root are written to by jobs; the programs below it are not.
    else if (depth === 0) copyFileSync(source, target);
    else linkOrCopy(source, target);
  }
}

/**
 * `target` is a runner of its own with the programs of `source`: a listener writes into its root, so machines cannot
 * share one. A target that exists is left as it is.
 */
export function prepareRunnerDirectory(source: string, target: string): void {
  if (!existsSync(target)) fill(source, target, 0);
}

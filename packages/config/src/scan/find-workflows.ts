import type { Dirent } from "node:fs";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import type { Problem } from "../cli/problem.ts";
import { fileProblem } from "../simulate/json-file.ts";

/** Limits of a scan. */
export interface ScanLimits {
  /** Most workflow files. */
  readonly files: number;
  /** Most directories that are looked into. */
  readonly directories: number;
  /** Largest workflow file, bytes. */
  readonly fileBytes: number;
}

/** What is scanned at most. */
export const scanLimits: ScanLimits = { files: 20_000, directories: 500_000, fileBytes: 1_048_576 };

/** A workflow file that was found. */
export interface WorkflowFile {
  /** As people are shown it: relative to where the program runs, as the directory was named. */
  readonly file: string;
  /** In its repository. */
  readonly path: string;
  /** The directory of the checkout, absolute. */
  readonly checkout: string;
  readonly text: string;
}

/** What was found in a directory. */
export interface FoundFiles {
  readonly files: readonly WorkflowFile[];
  /** Files and directories that could not be read, and limits that were met. */
  readonly problems: readonly Problem[];
}

/** Where nobody keeps checkouts, and much lies around. */
const skipped: ReadonlySet<string> = new Set(["node_modules", ".git"]);

/**
 * Finds the workflow files of all checkouts in a directory, in the order of their names. Links are followed only where they lead to
 * a directory that was not looked into. Within a checkout of Git, only other checkouts count: what else lies there is data.
 *
 * @param named - The directory as it was named; relative to `cwd`.
 * @param onFile - Hears of every file that was read.
 */
export async function findWorkflows(
  cwd: string,
  named: string,
  onFile: (file: string) => void = () => undefined,
  limits: ScanLimits = scanLimits,
): Promise<FoundFiles> {
  const root = resolve(cwd, named);
  const files: WorkflowFile[] = [];
  const problems: Problem[] = [];
  const seen = new Set<string>();
  const shown = (path: string): string => join(named, relative(root, path));
  let isFull = false;

  const list = async (path: string): Promise<readonly Dirent[]> => {
    try {
      // Loops of links end here.
      const real = await realpath(path);
      if (seen.has(real)) return [];
      if (seen.size >= limits.directories) {
        tellFull(`more than ${limits.directories} directories`);
        return [];
      }
      seen.add(real);
      const entries = await readdir(path, { withFileTypes: true });
      return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
    } catch (error) {
      problems.push(fileProblem(shown(path), error));
      return [];
    }
  };
  const tellFull = (what: string): void => {
    if (isFull) return;
    isFull = true;
    const message = `There are ${what}; the rest is not looked at`;
    problems.push({ code: "too-many", message, file: named });
  };
  const isDirectory = async (entry: Dirent, path: string): Promise<boolean> => {
    if (!entry.isSymbolicLink()) return entry.isDirectory();
    return stat(path).then(
      (target) => target.isDirectory(),
      () => false,
    );
  };

  const readWorkflows = async (checkout: string): Promise<void> => {
    const directory = join(checkout, ".github", "workflows");
    for (const { name } of await list(directory)) {
      if (!/\.ya?ml$/.test(name)) continue;
      if (files.length >= limits.files) {
        tellFull(`more than ${limits.files} workflow files`);
        return;
      }
      const path = join(directory, name);
      const file = shown(path);
      try {
        const { size } = await stat(path);
        if (size > limits.fileBytes) {
          const message = `The file has ${size} bytes; at most ${limits.fileBytes} are read`;
          problems.push({ code: "file-too-large", message, file });
          continue;
        }
        const text = (await readFile(path, "utf8")).replace(/^\uFEFF/, "");
        files.push({ file, path: `.github/workflows/${name}`, checkout, text });
        onFile(file);
      } catch (error) {
        problems.push(fileProblem(file, error));
      }
    }
  };

  const visit = async (directory: string, isInside: boolean): Promise<void> => {
    const entries = await list(directory);
    const isCheckout = entries.some(({ name }) => name === ".git");
    for (const entry of entries) {
      if (isFull || skipped.has(entry.name)) continue;
      const path = join(directory, entry.name);
      if (!(await isDirectory(entry, path))) continue;
      if (entry.name !== ".github") {
        await visit(path, isInside || isCheckout);
        continue;
      }
      const inside = await readdir(path).catch((): string[] => []);
      // GitHub runs the workflows at the root of a repository alone.
      if (inside.includes("workflows") && (isCheckout || !isInside)) await readWorkflows(directory);
      // The repository of an organisation that has this very name, with workflows for all others.
      if (inside.includes(".github")) await visit(path, isInside || isCheckout);
    }
  };
  await visit(root, false);
  return { files, problems };
}

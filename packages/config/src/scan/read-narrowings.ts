import { join, relative } from "node:path";
import type { Narrowing } from "@runs-fleet/core";
import { usualFile } from "../check/usual-file.ts";
import type { Problem } from "../cli/problem.ts";
import { maxFileBytes } from "../file/max-bytes.ts";
import type { FleetConfig } from "../parse-config.ts";
import { isRepositoryFile, parseRepositoryFile } from "../repository/parse-repository-file.ts";
import { readText } from "../simulate/json-file.ts";

/**
 * What repositories allow themselves, by the files in their checkouts. A broken file is told, and counts for nothing: the controller
 * would go by what it said before.
 *
 * @param repositories - `owner/name` by the directory of the checkout.
 */
export async function readNarrowings(
  cwd: string,
  repositories: ReadonlyMap<string, string>,
  config: FleetConfig,
): Promise<{
  readonly narrowings: ReadonlyMap<string, Narrowing>;
  /** Files that could not be read. */
  readonly problems: readonly Problem[];
  /** What is wrong in files, or looks so. */
  readonly doubts: readonly Problem[];
}> {
  const narrowings = new Map<string, Narrowing>();
  const problems: Problem[] = [];
  const doubts: Problem[] = [];
  for (const [checkout, repository] of repositories) {
    const file = relative(cwd, join(checkout, usualFile));
    const read = await readText(cwd, file, maxFileBytes);
    if (!read.ok) {
      problems.push(...read.issues.filter(({ code }) => code !== "file-missing"));
      continue;
    }
    if (!isRepositoryFile(read.value)) continue;
    const parsed = parseRepositoryFile(read.value, { file, config });
    if (parsed.ok) narrowings.set(repository, parsed.value);
    for (const { rule, start, message, suggestion } of parsed.issues) {
      const { line, column } = start;
      const meant = suggestion === undefined ? {} : { suggestion };
      doubts.push({ code: rule, severity: "warning", message, file, line, column, ...meant });
    }
  }
  return { narrowings, problems, doubts };
}

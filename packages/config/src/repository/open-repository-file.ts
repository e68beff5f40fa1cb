import type { Narrowing } from "@runs-fleet/core";
import { readTexts } from "../check/read-texts.ts";
import { isColoured } from "../cli/paint.ts";
import type { VerbContext } from "../cli/verb.ts";
import { formatIssues } from "../issues/format-issues.ts";
import type { FleetConfig } from "../parse-config.ts";
import { parseRepositoryFile } from "./parse-repository-file.ts";

/** What a repository allows itself, or with which code the verb ends. */
export type OpenedRepositoryFile =
  | { readonly ok: true; readonly narrowing: Narrowing }
  | { readonly ok: false; readonly exitCode: 1 | 2 };

/**
 * Reads the file of a repository. What keeps it from being used is printed to stderr, as `check` tells it.
 *
 * @param file - As it was named; relative to where the program runs.
 */
export async function openRepositoryFile(
  { host, report }: VerbContext,
  file: string,
  config: FleetConfig,
): Promise<OpenedRepositoryFile> {
  const texts = await readTexts(host.cwd, file);
  if (!texts.ok) {
    report(texts.issues);
    return { ok: false, exitCode: 2 };
  }
  const { text, textOf } = texts.value;
  const parsed = parseRepositoryFile(text, { file, config });
  const colour = isColoured(host.err, host.env);
  host.err.write(formatIssues(parsed.issues, "text", { colour, textOf, version: host.version }));
  return parsed.ok ? { ok: true, narrowing: parsed.value } : { ok: false, exitCode: 1 };
}

import type { ConfigIssue } from "../issues/issue.ts";
import { type FleetConfig, parseConfig } from "../parse-config.ts";
import { isRepositoryFile, parseRepositoryFile } from "../repository/parse-repository-file.ts";
import type { ConfigTexts } from "./read-texts.ts";

/**
 * What is wrong with a file: the organisation's, or that of one repository, which is told by its key `narrow`.
 *
 * @param options - `config`: what the organisation says, for the names in files of repositories.
 */
export function judgeFile(
  { text, include }: ConfigTexts,
  options: { readonly file: string; readonly atMs: number; readonly config?: FleetConfig },
): readonly ConfigIssue[] {
  const { file, atMs, config } = options;
  if (!isRepositoryFile(text)) return parseConfig(text, { file, atMs, include }).issues;
  return parseRepositoryFile(text, { file, ...(config === undefined ? {} : { config }) }).issues;
}

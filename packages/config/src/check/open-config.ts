import { isColoured } from "../cli/paint.ts";
import type { VerbContext } from "../cli/verb.ts";
import { formatIssues } from "../issues/format-issues.ts";
import { type FleetConfig, parseConfig } from "../parse-config.ts";
import { isRepositoryFile } from "../repository/parse-repository-file.ts";
import { type ConfigTexts, readTexts } from "./read-texts.ts";
import { usualFile } from "./usual-file.ts";

/** The configuration that a verb works on, or with which code the verb ends. */
export type OpenedConfig =
  | {
      readonly ok: true;
      readonly file: string;
      readonly config: FleetConfig;
      readonly texts: ConfigTexts;
    }
  | { readonly ok: false; readonly exitCode: 1 | 2 };

/**
 * Reads the configuration that a verb works on, with what it includes. What keeps it from being used is printed to stderr, as
 * `check` tells it.
 *
 * @param file - As it was named; relative to where the program runs.
 */
export async function openConfig(
  { host, report }: VerbContext,
  file: string = usualFile,
): Promise<OpenedConfig> {
  const texts = await readTexts(host.cwd, file);
  if (!texts.ok) {
    report(texts.issues);
    return { ok: false, exitCode: 2 };
  }
  const { text, include, textOf } = texts.value;
  if (isRepositoryFile(text)) {
    const message = "This is the file of one repository; what is needed here is the organisation's";
    report([{ code: "repository-file", message, file }]);
    return { ok: false, exitCode: 2 };
  }
  const parsed = parseConfig(text, { file, include });
  if (parsed.ok) return { ok: true, file, config: parsed.value, texts: texts.value };
  const errors = parsed.issues.filter(({ severity }) => severity === "error");
  const colour = isColoured(host.err, host.env);
  host.err.write(formatIssues(errors, "text", { colour, textOf, version: host.version }));
  return { ok: false, exitCode: 1 };
}

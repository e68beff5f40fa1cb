import { isColoured } from "../cli/paint.ts";
import type { VerbContext } from "../cli/verb.ts";
import { maxFileBytes } from "../file/max-bytes.ts";
import { formatIssues } from "../issues/format-issues.ts";
import { type FleetConfig, parseConfig } from "../parse-config.ts";
import { readText } from "../simulate/json-file.ts";
import { usualFile } from "./usual-file.ts";

/** The configuration that a verb works on, or with which code the verb ends. */
export type OpenedConfig =
  | { readonly ok: true; readonly file: string; readonly config: FleetConfig }
  | { readonly ok: false; readonly exitCode: 1 | 2 };

/**
 * Reads the configuration that a verb works on. What keeps it from being used is printed to stderr, as `check` tells it.
 *
 * @param file - As it was named; relative to where the program runs.
 */
export async function openConfig(
  { host, report }: VerbContext,
  file: string = usualFile,
): Promise<OpenedConfig> {
  const text = await readText(host.cwd, file, maxFileBytes);
  if (!text.ok) {
    report(text.issues);
    return { ok: false, exitCode: 2 };
  }
  const parsed = parseConfig(text.value, { file });
  if (parsed.ok) return { ok: true, file, config: parsed.value };
  const errors = parsed.issues.filter(({ severity }) => severity === "error");
  host.err.write(
    formatIssues(errors, "text", {
      colour: isColoured(host.err, host.env),
      textOf: () => text.value,
      version: host.version,
    }),
  );
  return { ok: false, exitCode: 1 };
}

import type { ExitCode } from "@runs-fleet/core/node";
import { isColoured, paintFor } from "../cli/paint.ts";
import type { VerbContext } from "../cli/verb.ts";
import { writeNewFile } from "../cli/write-new-file.ts";
import { maxFileBytes } from "../file/max-bytes.ts";
import { formatIssues } from "../issues/format-issues.ts";
import { readText } from "../simulate/json-file.ts";
import { countOf, formatLosses } from "./format-losses.ts";
import { importRunsOn } from "./import-runs-on.ts";

/** What the command line asked for. */
export interface ImportOptions {
  /** Where the configuration is written. Absent: to standard output. */
  readonly out?: string;
  /** Whether a file that is there is written over. */
  readonly force?: boolean;
  readonly region?: string;
  readonly repositories?: readonly string[];
  /** How losses and mistakes are told. */
  readonly format: "text" | "json";
}

/** Translates a file of RunsOn: the configuration to standard output or a file, what is not the same to standard error. */
export async function runImport(
  file: string,
  { out, force = false, region, repositories, format }: ImportOptions,
  { host, report }: VerbContext,
): Promise<ExitCode> {
  const text = await readText(host.cwd, file, maxFileBytes);
  if (!text.ok) {
    report(text.issues);
    return 2;
  }
  const imported = importRunsOn(text.value, {
    file,
    ...(region === undefined ? {} : { region }),
    ...(repositories === undefined ? {} : { repositories }),
  });
  if (!imported.ok) {
    const colour = isColoured(host.err, host.env);
    const textOf = (): string => text.value;
    const { version } = host;
    host.err.write(formatIssues(imported.issues, format, { colour, textOf, version }));
    return 1;
  }
  const { yaml, losses } = imported.value;
  if (out === undefined) host.out.write(yaml);
  else {
    const problem = await writeNewFile(host.cwd, out, yaml, { force });
    if (problem !== undefined) {
      report([problem]);
      return 2;
    }
  }
  const { columns } = host.err;
  host.err.write(
    format === "json"
      ? `${JSON.stringify({ file, losses, counts: countsOf(losses) }, null, 2)}\n`
      : formatLosses(losses, {
          file,
          paint: paintFor(host.err, host.env),
          ...(columns === undefined ? {} : { columns }),
        }),
  );
  return 0;
}

function countsOf(losses: Parameters<typeof countOf>[0]) {
  return {
    ambiguous: countOf(losses, "ambiguous"),
    changed: countOf(losses, "changed"),
    dropped: countOf(losses, "dropped"),
  };
}

import { resolve } from "node:path";
import type { Visibility } from "@runs-fleet/core";
import { openConfig } from "../check/open-config.ts";
import { paintFor } from "../cli/paint.ts";
import type { Problem } from "../cli/problem.ts";
import { createProgress } from "../cli/progress.ts";
import type { VerbContext } from "../cli/verb.ts";
import { findWorkflows, type WorkflowFile } from "./find-workflows.ts";
import { formatScan } from "./format-scan.ts";
import { readNarrowings } from "./read-narrowings.ts";
import { repositoryOf } from "./repository-of.ts";
import { scanWorkflows } from "./scan-workflows.ts";

/** What the command line asked for. */
export interface ScanRequest {
  readonly config: string;
  readonly format: "text" | "json";
  readonly repository?: string;
  readonly owner?: string;
  readonly visibility: Visibility;
  readonly var: ReadonlyMap<string, string>;
  readonly strict?: boolean;
}

/** Tells what the jobs of all workflows in some directories would get. */
export async function runScan(
  directories: readonly string[],
  options: ScanRequest,
  context: VerbContext,
): Promise<0 | 1 | 2> {
  const { host, report } = context;
  const { repository, owner, visibility, format, strict = false } = options;
  const opened = await openConfig(context, options.config);
  if (!opened.ok) return opened.exitCode;

  const progress = createProgress(host, "reading workflows");
  const found = new Map<string, WorkflowFile>();
  const problems: Problem[] = [];
  let met = 0;
  const onFile = (file: string): void => {
    host.signal.throwIfAborted();
    met += 1;
    progress.update(0, `${met} found, ${file}`);
  };
  for (const directory of directories) {
    const { files, problems: own } = await findWorkflows(host.cwd, directory, onFile);
    problems.push(...own);
    for (const file of files) found.set(resolve(host.cwd, file.file), file);
  }
  const files = [...found.values()];
  const checkouts = [...new Set(files.map(({ checkout }) => checkout))];
  const wrong = wrongUse(directories, checkouts, repository);
  if (wrong !== undefined) {
    progress.end();
    report(problems.length > 0 && checkouts.length === 0 ? problems : [...problems, wrong]);
    return 2;
  }

  const names = new Map<string, string>();
  for (const checkout of checkouts) {
    names.set(checkout, repository ?? (await repositoryOf(checkout, owner)));
  }
  const own = await readNarrowings(host.cwd, names, opened.config);
  problems.push(...own.problems);
  const scan = scanWorkflows(
    opened.config,
    files.map(({ checkout, ...file }) => ({ ...file, repository: names.get(checkout) ?? "" })),
    {
      visibility,
      vars: options.var,
      narrowings: own.narrowings,
      onRead: (done) => progress.update(done / files.length, `${done} of ${files.length}`),
    },
  );
  progress.end();
  report([...problems, ...own.doubts]);
  report(
    scan.problems.map((problem) => ({ ...problem, code: "workflow-invalid", severity: "warning" })),
  );
  host.out.write(
    format === "json"
      ? `${JSON.stringify(scan, undefined, 2)}\n`
      : formatScan(scan, paintFor(host.out, host.env)),
  );
  // What was read is told; what could not be is nothing to be content with.
  if (problems.some(({ code }) => code !== "file-too-large")) return 2;
  const { refused, unknown, invalid } = scan.totals;
  const broken = scan.problems.length + problems.length + own.doubts.length;
  const isStrictly = strict && unknown + invalid + broken > 0;
  return refused > 0 || isStrictly ? 1 : 0;
}

/** A scan of nothing would be content with everything. */
function wrongUse(
  directories: readonly string[],
  checkouts: readonly string[],
  repository: string | undefined,
): Problem | undefined {
  if (checkouts.length === 0) {
    const message = `There are no workflow files under ${directories.join(", ")}: a checkout has .github/workflows`;
    return { code: "no-workflows", message };
  }
  if (repository !== undefined && checkouts.length > 1) {
    const message = `--repository names one repository, and there are ${checkouts.length}; --owner names the owner of all`;
    return { code: "wrong-option", message };
  }
  return undefined;
}

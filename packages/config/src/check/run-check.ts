import { rename, stat, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import process from "node:process";
import { isColoured } from "../cli/paint.ts";
import type { VerbContext } from "../cli/verb.ts";
import { includedPath } from "../file/read-files.ts";
import { applyFixes } from "../issues/apply-fixes.ts";
import {
  type FormatIssuesOptions,
  formatIssues,
  type IssueFormat,
} from "../issues/format-issues.ts";
import type { ConfigIssue } from "../issues/issue.ts";
import { judgeFile } from "./judge-file.ts";
import { openConfig } from "./open-config.ts";
import { type ConfigTexts, readIncludes, readTexts } from "./read-texts.ts";
import { usualFile } from "./usual-file.ts";

/** What the command line asked for. */
export interface CheckOptions {
  readonly format: IssueFormat;
  readonly stdin?: boolean;
  /** The organisation's file: names in those of repositories have to be there. */
  readonly organisation?: string;
  /** Whether what can be mended safely is mended in the files. */
  readonly fix?: boolean;
}

/** Checks files, or what comes from a pipe. */
export async function runCheck(
  named: readonly string[],
  { format, stdin = false, fix = false, organisation }: CheckOptions,
  context: VerbContext,
): Promise<0 | 1 | 2> {
  const { host, report } = context;
  if (stdin && fix) {
    const message = "--fix changes files; there is none to change with --stdin";
    report([{ code: "wrong-option", message }]);
    return 2;
  }
  const files = new Map<string, ConfigTexts>();
  for (const file of named.length > 0 ? named : [stdin ? "<stdin>" : usualFile]) {
    const texts = stdin
      ? await readIncludes(host.cwd, file, await readAll(process.stdin))
      : await readTexts(host.cwd, file);
    if (!texts.ok) {
      report(texts.issues);
      return 2;
    }
    files.set(file, texts.value);
  }
  const opened = organisation === undefined ? undefined : await openConfig(context, organisation);
  if (opened?.ok === false) return opened.exitCode;
  const atMs = host.clock.now();
  const judge = (file: string, texts: ConfigTexts): readonly ConfigIssue[] =>
    judgeFile(texts, { file, atMs, ...(opened === undefined ? {} : { config: opened.config }) });
  const issues: ConfigIssue[] = [];
  let mended = 0;
  for (const [file, before] of files) {
    let found = judge(file, before);
    if (fix) {
      const texts = await mend(host.cwd, file, before, found);
      if (texts.count > 0) {
        files.set(file, texts.after);
        found = judge(file, texts.after);
        mended += texts.count;
      }
    }
    issues.push(...found);
  }
  const all = [...files.values()];
  const options: FormatIssuesOptions = {
    colour: isColoured(host.out, host.env),
    textOf: (file) => all.map(({ textOf }) => textOf(file)).find((text) => text !== undefined),
    version: host.version,
  };
  host.out.write(formatIssues(issues, format, options));
  if (mended > 0) host.err.write(`${mended} mended\n`);
  if (format === "text") host.out.write(summary(issues, files.size));
  return issues.some(({ severity }) => severity === "error") ? 1 : 0;
}

/** Mends in a configuration, and in what it includes, what can be mended. */
async function mend(
  cwd: string,
  file: string,
  texts: ConfigTexts,
  issues: readonly ConfigIssue[],
): Promise<{ readonly after: ConfigTexts; readonly count: number }> {
  const paths = [file, ...Object.keys(texts.include).map((name) => includedPath(file, name))];
  let mended = 0;
  for (const path of paths) {
    const own = issues.filter((issue) => issue.file === path);
    const { text, count } = applyFixes(texts.textOf(path) ?? "", own);
    if (count === 0) continue;
    await replaceFile(resolve(cwd, path), text);
    mended += count;
  }
  const after = mended === 0 ? undefined : await readTexts(cwd, file);
  return { after: after?.ok ? after.value : texts, count: mended };
}

/** All or nothing: whoever reads the file meanwhile sees the one or the other. */
async function replaceFile(path: string, text: string): Promise<void> {
  const { mode } = await stat(path);
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, text, { mode });
  await rename(draft, path);
}

function summary(issues: readonly ConfigIssue[], files: number): string {
  const count = (wanted: ConfigIssue["severity"], one: string): string => {
    const found = issues.filter(({ severity }) => severity === wanted).length;
    return `${found} ${one}${found === 1 ? "" : "s"}`;
  };
  const where = files === 1 ? "" : ` in ${files} files`;
  return `${count("error", "error")}, ${count("warning", "warning")}, ${count("note", "note")}${where}\n`;
}

/** Most bytes that are read from a pipe: more would be refused all the same. */
const mostBytes = 2_000_000;

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const data = Buffer.from(chunk as Uint8Array);
    chunks.push(data);
    bytes += data.length;
    if (bytes > mostBytes) break;
  }
  return Buffer.concat(chunks).toString("utf8");
}

import { rename, stat, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import process from "node:process";
import { isColoured } from "../cli/paint.ts";
import type { VerbContext } from "../cli/verb.ts";
import { maxFileBytes } from "../file/max-bytes.ts";
import { applyFixes } from "../issues/apply-fixes.ts";
import {
  type FormatIssuesOptions,
  formatIssues,
  type IssueFormat,
} from "../issues/format-issues.ts";
import type { ConfigIssue } from "../issues/issue.ts";
import { parseConfig } from "../parse-config.ts";
import { readText } from "../simulate/json-file.ts";
import { usualFile } from "./usual-file.ts";

/** What the command line asked for. */
export interface CheckOptions {
  readonly format: IssueFormat;
  readonly stdin?: boolean;
  /** Whether what can be mended safely is mended in the files. */
  readonly fix?: boolean;
}

/** Checks files, or what comes from a pipe. */
export async function runCheck(
  named: readonly string[],
  { format, stdin = false, fix = false }: CheckOptions,
  { host, report }: VerbContext,
): Promise<0 | 1 | 2> {
  if (stdin && fix) {
    const message = "--fix changes files; there is none to change with --stdin";
    report([{ code: "wrong-option", message }]);
    return 2;
  }
  const texts = new Map<string, string>();
  if (stdin) texts.set(named[0] ?? "<stdin>", await readAll(process.stdin));
  for (const file of stdin ? [] : named.length > 0 ? named : [usualFile]) {
    const text = await readText(host.cwd, file, maxFileBytes);
    if (!text.ok) {
      report(text.issues);
      return 2;
    }
    texts.set(file, text.value);
  }
  const atMs = host.clock.now();
  const issues: ConfigIssue[] = [];
  let mended = 0;
  for (const [file, text] of texts) {
    let found = parseConfig(text, { file, atMs }).issues;
    const { text: better, count } = fix ? applyFixes(text, found) : { text, count: 0 };
    if (count > 0) {
      await replaceFile(resolve(host.cwd, file), better);
      texts.set(file, better);
      found = parseConfig(better, { file, atMs }).issues;
      mended += count;
    }
    issues.push(...found);
  }
  const options: FormatIssuesOptions = {
    colour: isColoured(host.out, host.env),
    textOf: (file) => texts.get(file),
    version: host.version,
  };
  host.out.write(formatIssues(issues, format, options));
  if (mended > 0) host.err.write(`${mended} mended\n`);
  if (format === "text") host.out.write(summary(issues, texts.size));
  return issues.some(({ severity }) => severity === "error") ? 1 : 0;
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

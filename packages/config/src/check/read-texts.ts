import { posix } from "node:path";
import type { Result } from "@runs-fleet/scheduling";
import type { Problem } from "../cli/problem.ts";
import { maxFileBytes } from "../file/max-bytes.ts";
import { includedFiles, includedPath } from "../file/read-files.ts";
import { readText } from "../simulate/json-file.ts";
import { usualFile } from "./usual-file.ts";

/** The text of a configuration, and of what it includes. */
export interface ConfigTexts {
  readonly text: string;
  /** Of the included files that are there, by the names under which they are included. */
  readonly include: Readonly<Record<string, string>>;
  /** The text of a file, as issues name it. */
  textOf(file: string): string | undefined;
}

/** Reads what is included in a configuration whose text is known. One that is not there is left out: the parser tells it with its place. */
export async function readIncludes(
  cwd: string,
  file: string,
  text: string,
): Promise<Result<ConfigTexts, readonly Problem[]>> {
  const include: Record<string, string> = {};
  for (const name of includedFiles(text)) {
    const read = await readText(cwd, includedPath(file, name), maxFileBytes);
    if (read.ok) include[name] = read.value;
    else if (read.issues.some(({ code }) => code !== "file-missing")) return read;
  }
  const texts = new Map([[file, text]]);
  for (const [name, held] of Object.entries(include)) texts.set(includedPath(file, name), held);
  return {
    ok: true,
    value: { text, include, textOf: (name) => texts.get(name) ?? texts.get(posix.normalize(name)) },
  };
}

/** Reads a configuration with all that it includes. */
export async function readTexts(
  cwd: string,
  file: string,
): Promise<Result<ConfigTexts, readonly Problem[]>> {
  const text = await readText(cwd, file, maxFileBytes);
  if (text.ok) return readIncludes(cwd, file, text.value);
  return file === usualFile ? { ok: false, issues: text.issues.map(withFirstStep) } : text;
}

/** Where nothing was named and nothing is there, somebody begins. */
function withFirstStep(problem: Problem): Problem {
  if (problem.code !== "file-missing") return problem;
  const steps = "runs-fleet init writes one to begin with, runs-fleet import makes one of RunsOn's";
  return { ...problem, message: `${problem.message}; ${steps}` };
}

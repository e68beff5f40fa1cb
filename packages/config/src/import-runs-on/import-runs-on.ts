import { maxFileBytes } from "../file/max-bytes.ts";
import { readYaml } from "../file/read-yaml.ts";
import type { ConfigIssue, FieldIssue } from "../issues/issue.ts";
import { isRegionName, isRepositoryGlob } from "./choices.ts";
import type { FieldLoss, ImportLoss, TellLoss } from "./losses.ts";
import { readRunsOnFile } from "./read-file.ts";
import { type ImportChoices, translateFile } from "./translate-file.ts";
import { writeFile } from "./write-file.ts";

/** What {@link importRunsOn} may be told. */
export interface ImportRunsOnOptions {
  /** Name of RunsOn's file, as issues and comments repeat it. @defaultValue `runs-on.yml` */
  readonly file?: string;
  /** Region of the environments. @defaultValue `us-east-1`; that it is a guess is told as a loss */
  readonly region?: string;
  /** Globs of the repositories that are served, `owner/name` with `*` and `?`. @defaultValue `["*"]` */
  readonly repositories?: readonly string[];
}

/** A configuration of ours with what is not the same in it; or what is wrong with RunsOn's file. */
export type ImportedRunsOn =
  | {
      readonly ok: true;
      readonly value: {
        /** The configuration, which {@link parseConfig} reads without errors. */
        readonly yaml: string;
        /** In the order of RunsOn's file. */
        readonly losses: readonly ImportLoss[];
      };
    }
  | { readonly ok: false; readonly issues: readonly ConfigIssue[] };

/** Most issues of one file. */
const mostIssues = 500;
/**
 * Translates RunsOn's file, `.github/runs-on.yml`, to a configuration of ours, and tells all that is not the same.
 *
 * Every field is translated or told as a loss. The machines of pools are the same at every moment, where RunsOn says how many
 * there are; where it does not, that is told.
 *
 * @param text - The file's text, at most 1 MiB. Whatever it is, nothing is thrown because of it.
 * @throws A `RangeError` when a region or a glob of the options is none.
 */
export function importRunsOn(text: string, options: ImportRunsOnOptions = {}): ImportedRunsOn {
  const { file = "runs-on.yml", region, repositories } = options;
  if (region !== undefined && !isRegionName(region)) {
    throw new RangeError(`${JSON.stringify(region)} is no region`);
  }
  for (const glob of repositories ?? []) {
    if (!isRepositoryGlob(glob))
      throw new RangeError(`${JSON.stringify(glob)} is no glob of repositories`);
  }
  const yaml = readYaml(text, file);
  const errors = yaml.issues.filter(({ severity }) => severity === "error").map(inTheirWords);
  if (errors.length > 0) return { ok: false, issues: errors.slice(0, mostIssues) };
  const problem: FieldIssue[] = [];
  const refused = (): ImportedRunsOn => ({
    ok: false,
    issues: problem
      .slice(0, mostIssues)
      .map((issue) => yaml.place(issue))
      .sort((left, right) => left.start.offset - right.start.offset),
  });
  const { value } = yaml;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const message = "A file of RunsOn is a mapping: runners, images, pools";
    problem.push({ rule: "wrong-type", severity: "error", message, path: [] });
    return refused();
  }
  const read = readRunsOnFile(value);
  if (!read.ok) {
    problem.push(...read.issues);
    return refused();
  }
  const losses: FieldLoss[] = [];
  const tell: TellLoss = (kind, path, message, section) =>
    void losses.push({ kind, path, message, ...(section === undefined ? {} : { section }) });
  const choices: ImportChoices = {
    ...(region === undefined ? {} : { region }),
    ...(repositories === undefined || repositories.length === 0 ? {} : { repositories }),
  };
  const translated = translateFile(read.value, choices, tell, (issue) => void problem.push(issue));
  if (problem.length > 0) return refused();
  const written = writeFile(translated, { source: file, losses });
  // Of a file that is nearly too large itself the comments are too much.
  const isLarge = Buffer.byteLength(written) > maxFileBytes;
  const output = isLarge ? writeFile(translated, { source: file, losses: [] }) : written;
  if (Buffer.byteLength(output) > maxFileBytes) {
    const message = `Its translation is larger than ${maxFileBytes} bytes, more than is read`;
    problem.push({ rule: "too-large", severity: "error", message, path: [] });
    return refused();
  }
  return { ok: true, value: { yaml: output, losses: losses.map(place).sort(byPlace) } };

  function place({ kind, path, message }: FieldLoss): ImportLoss {
    const { start, end } = yaml.place({
      rule: kind,
      severity: "note",
      message,
      path,
      isAboutKey: true,
    });
    return { kind, path, message, start, end };
  }
}

const byPlace = (left: ImportLoss, right: ImportLoss): number =>
  left.start.offset - right.start.offset;

/** The reader of our own files speaks of what these need. */
function inTheirWords(issue: ConfigIssue): ConfigIssue {
  return issue.rule === "empty-file" ? { ...issue, message: "The file says nothing" } : issue;
}

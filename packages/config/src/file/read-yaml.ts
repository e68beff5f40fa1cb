import { Composer, type Document, Parser } from "yaml";
import type { ConfigIssue, FieldIssue } from "../issues/issue.ts";
import { tooDeepAt, unfoldsTooDeepAt } from "./depth.ts";
import { findDoubles } from "./doubles.ts";
import { createLineIndex } from "./line-index.ts";
import { createLocator, type Range } from "./locate.ts";
import { maxFileBytes } from "./max-bytes.ts";
import { findTraps } from "./traps.ts";

/** Most nodes that aliases may unfold to: a few lines can otherwise stand for billions. */
const maxAliasCount = 10_000;
/** Deeper ones would end in the stack's limit, somewhere. */
const maxDepth = 64;

/** A YAML file as data, and where in its text things are. */
export interface YamlFile {
  readonly value: unknown;
  /** What is wrong with it as YAML. An error means that `value` is not to be used. */
  readonly issues: readonly ConfigIssue[];
  /** Gives an issue its place: that of its field, or of the nearest one around it that is there. */
  place(issue: FieldIssue): ConfigIssue;
}

const options: ConstructorParameters<typeof Composer>[0] = {
  merge: true,
  prettyErrors: false,
  // Its own look for doubles compares every key with every other.
  uniqueKeys: false,
  logLevel: "error",
};

/** Reads a text as one document of YAML 1.2 with merge keys. Never throws. */
export function readYaml(text: string, file: string): YamlFile {
  const positionOf = createLineIndex(text);
  const issueAt = (
    [start, end]: Range,
    issue: Omit<ConfigIssue, "file" | "start" | "end">,
  ): ConfigIssue => ({
    ...issue,
    file,
    start: positionOf(start),
    end: positionOf(Math.max(start, end)),
  });
  const refused = (rule: string, message: string, range: Range = [0, 0]): YamlFile => {
    const issues = [issueAt(range, { rule, severity: "error", message, path: [] })];
    return { value: undefined, issues, place: (issue) => issueAt([0, 0], issue) };
  };

  const bytes = Buffer.byteLength(text);
  if (bytes > maxFileBytes) {
    return refused("too-large", `The file has ${bytes} bytes; at most ${maxFileBytes} are read`);
  }
  let documents: readonly Document[];
  try {
    const tokens = [...new Parser().parse(text)];
    const deepAt = tooDeepAt(tokens, maxDepth);
    if (deepAt !== undefined) {
      const message = `This is nested deeper than ${maxDepth}`;
      return refused("too-deep", message, [deepAt, deepAt + 1]);
    }
    documents = [...new Composer(options).compose(tokens)];
  } catch (error) {
    return refused("yaml-syntax", `This is not YAML: ${messageOf(error)}`);
  }
  const [document, second] = documents;
  if (document === undefined || document.contents === null) {
    return refused(
      "empty-file",
      "The file says nothing; it needs at least version, environments and policies",
    );
  }
  const issues: ConfigIssue[] = [];
  const tell = (rule: string, message: string, range: Range): void =>
    void issues.push(issueAt(range, { rule, severity: "error", message, path: [] }));
  for (const { message, pos } of [...document.errors, ...document.warnings]) {
    tell("yaml-syntax", `This is not YAML: ${message}`, pos);
  }
  if (second !== undefined) {
    const start = second.range?.[0] ?? 0;
    const message = "A second document begins here; everything from here on would be ignored";
    tell("several-documents", message, [start, start]);
  }
  const locate = createLocator(document);
  const place = (issue: FieldIssue): ConfigIssue => {
    const { isAboutKey = false, missing, ...told } = issue;
    return issueAt(locate({ path: issue.path, isAboutKey }), told);
  };
  if (issues.some(({ rule }) => rule === "yaml-syntax")) return { value: undefined, issues, place };
  const aliasAt = text.includes("&") ? unfoldsTooDeepAt(document, maxDepth) : undefined;
  if (aliasAt !== undefined) {
    const message = `With what this alias stands for it is nested deeper than ${maxDepth}, or without an end`;
    return refused("too-deep", message, [aliasAt, aliasAt + 1]);
  }
  try {
    for (const range of findDoubles(document)) {
      tell("duplicate-key", "This key was there before; one of the two would be lost", range);
    }
    for (const { range, ...trap } of findTraps(document)) {
      issues.push(issueAt(range, { ...trap, path: [] }));
    }
    return { value: document.toJS({ maxAliasCount }) as unknown, issues, place };
  } catch (error) {
    const isBomb = /alias count/i.test(messageOf(error));
    return refused(
      isBomb ? "alias-bomb" : "yaml-syntax",
      isBomb
        ? `Its aliases unfold to more than ${maxAliasCount} copies`
        : `This is not YAML: ${messageOf(error)}`,
    );
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

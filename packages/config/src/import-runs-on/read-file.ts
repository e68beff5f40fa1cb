import * as v from "valibot";
import { suggest } from "../cli/suggest.ts";
import { keysAt } from "../form/keys-at.ts";
import type { FieldIssue } from "../issues/issue.ts";
import {
  imageForm,
  poolForm,
  type RunsOnImage,
  type RunsOnPool,
  type RunsOnRunner,
  restForm,
  runnerForm,
  topKeys,
} from "./runs-on-form.ts";

/** A file of RunsOn of the right form. Names are as written, in the order of the file. */
export interface RunsOnFile {
  readonly runners: ReadonlyMap<string, RunsOnRunner>;
  readonly images: ReadonlyMap<string, RunsOnImage>;
  readonly pools: ReadonlyMap<string, RunsOnPool>;
  /** The repository from whose file this one takes what it lacks. */
  readonly extended?: string;
  readonly admins: readonly string[];
  /** Keys at the top that mean nothing to RunsOn either. */
  readonly otherKeys: readonly string[];
}

/** Most runners, images and pools, each: what a configuration of ours holds. */
const mostItems = 1_000;
/** Most entries of one schedule: what the engine takes. */
const mostEntries = 1_000;

/** The parts of a file, or all that is wrong with its form. Tells nothing that RunsOn's own schema would not. */
export function readRunsOnFile(
  document: object,
):
  | { readonly ok: true; readonly value: RunsOnFile }
  | { readonly ok: false; readonly issues: readonly FieldIssue[] } {
  const issues: FieldIssue[] = [];
  const top = withoutNulls(document);
  const items = <T>(key: string, form: v.GenericSchema<unknown, T>): ReadonlyMap<string, T> => {
    const held = new Map<string, T>();
    const value = top[key];
    if (value === undefined) return held;
    if (!isMapping(value)) {
      issues.push(wrong([key], `${key} are a mapping of names`));
      return held;
    }
    const entries = Object.entries(value);
    if (entries.length > mostItems) {
      issues.push(
        wrong([key], `There are ${entries.length} ${key}; at most ${mostItems} are read`),
      );
      return held;
    }
    for (const [name, item] of entries) {
      if (item !== null && !isMapping(item)) {
        const message = `This has to be a mapping, as every one of the ${key}`;
        issues.push({ ...wrong([key, name], message), rule: "wrong-type" });
        continue;
      }
      const given = item === null ? {} : withoutNulls(item);
      const read = v.safeParse(form, given);
      if (read.success) held.set(name, read.output);
      else for (const issue of read.issues) issues.push(fieldIssue(form, [key, name], issue));
    }
    return held;
  };
  const rest = v.safeParse(restForm, top);
  if (!rest.success) for (const issue of rest.issues) issues.push(fieldIssue(restForm, [], issue));
  const runners = items("runners", runnerForm);
  const images = items("images", imageForm);
  const pools = items("pools", poolForm);
  for (const [name, { schedule = [] }] of pools) {
    if (!/^[a-z0-9_-]+$/.test(name)) {
      const message = "The name of a pool is lower-case letters, digits, _ and -";
      issues.push({ ...wrong(["pools", name], message), isAboutKey: true });
    }
    if (schedule.length > mostEntries) {
      const message = `There are ${schedule.length} entries; at most ${mostEntries} are read`;
      issues.push(wrong(["pools", name, "schedule"], message));
    }
  }
  if (pools.size > 0 && top["runners"] === undefined) {
    const message = "Pools need runners, and there are none";
    issues.push({ ...wrong(["pools"], message), rule: "missing-key", isAboutKey: true });
  }
  if (issues.length > 0 || !rest.success) return { ok: false, issues };
  const { _extends: extended, admins = [] } = rest.output;
  const otherKeys = Object.keys(document).filter(
    (key) => !(topKeys as readonly string[]).includes(key),
  );
  return {
    ok: true,
    value: {
      runners,
      images,
      pools,
      admins,
      otherKeys,
      ...(extended === undefined ? {} : { extended }),
    },
  };
}

function isMapping(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A key with nothing behind it is not there. */
function withoutNulls(value: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).filter(([, held]) => held !== null));
}

const wrong = (path: FieldIssue["path"], message: string): FieldIssue => ({
  rule: "invalid-value",
  severity: "error",
  message,
  path,
});

const longestMessage = 300;

function fieldIssue(
  form: v.GenericSchema,
  above: FieldIssue["path"],
  issue: v.BaseIssue<unknown>,
): FieldIssue {
  const below = (issue.path ?? []).map(({ key }) => (typeof key === "number" ? key : String(key)));
  const path = [...above, ...below];
  const key = String(path.at(-1) ?? "");
  if (issue.type === "strict_object" && issue.expected === "never") {
    const known = keysAt(form, below.slice(0, -1));
    const suggestion = suggest(key, known);
    return {
      ...wrong(path, `RunsOn has no key ${JSON.stringify(key)} here; it has ${known.join(", ")}`),
      rule: "unknown-key",
      isAboutKey: true,
      ...(suggestion === undefined ? {} : { suggestion }),
    };
  }
  if (issue.type === "strict_object" && issue.received === "undefined") {
    return {
      ...wrong(path.slice(0, -1), `${JSON.stringify(key)} is missing`),
      rule: "missing-key",
      isAboutKey: true,
      missing: key,
    };
  }
  if (/^Invalid (?:key|type)/.test(issue.message)) {
    const message = `This is ${issue.received.slice(0, 60)}, which RunsOn does not take here`;
    return { ...wrong(path, message), rule: "wrong-type" };
  }
  const isType = /^(?:array|string|number|boolean|union)$/.test(issue.type);
  return {
    ...wrong(path, issue.message.slice(0, longestMessage)),
    ...(isType ? { rule: "wrong-type" } : {}),
  };
}

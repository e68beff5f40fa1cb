import type * as v from "valibot";
import { suggest } from "../cli/suggest.ts";
import type { FieldIssue } from "../issues/issue.ts";
import { keysAt } from "./keys-at.ts";

const longestMessage = 300;

/**
 * What the validator found, in our words. A value that fits none of several forms is told once, or by the form that it nearly has.
 *
 * @param form - The one that was asked.
 */
export function fieldIssue(issue: v.BaseIssue<unknown>, form: v.GenericSchema): FieldIssue {
  const path = (issue.path ?? []).map(({ key }) => (typeof key === "number" ? key : String(key)));
  const key = String(path.at(-1) ?? "");
  if (issue.type === "strict_object" && issue.expected === "never") {
    const known = keysAt(form, path.slice(0, -1));
    const suggestion = suggest(key, known);
    const message = `There is no key ${JSON.stringify(key)} here; there are ${known.join(", ")}`;
    return {
      rule: "unknown-key",
      severity: "error",
      message,
      path,
      isAboutKey: true,
      ...(suggestion === undefined ? {} : { suggestion }),
    };
  }
  if (issue.type === "strict_object" && issue.received === "undefined") {
    const message = `${JSON.stringify(key)} is missing`;
    return {
      rule: "missing-key",
      severity: "error",
      message,
      path: path.slice(0, -1),
      isAboutKey: true,
      missing: key,
    };
  }
  const isType = /^(?:strict_object|object|record|array|string|number|boolean)$/.test(issue.type);
  const message = /^Invalid type: Expected/.test(issue.message)
    ? `This has to be ${words[issue.type] ?? "of another type"}, and is ${issue.received}`
    : issue.message;
  return {
    rule: isType ? "wrong-type" : "invalid-value",
    severity: "error",
    message: message.slice(0, longestMessage),
    path,
    ...(issue.path?.at(-1)?.origin === "key" ? { isAboutKey: true } : {}),
  };
}

const words: Readonly<Record<string, string>> = {
  strict_object: "a mapping",
  record: "a mapping of names",
  array: "a list",
  string: "a text",
  number: "a number",
  boolean: "true or false",
};

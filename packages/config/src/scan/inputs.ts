import type { Scope } from "./expressions/evaluate.ts";
import { explore } from "./expressions/explore.ts";
import { evaluateTemplate } from "./expressions/template.ts";
import {
  ExpressionFailure,
  isPrimitive,
  type ObjectValue,
  objectOf,
  type SettledValue,
  textOf,
  toValue,
  type Value,
} from "./expressions/value.ts";
import type { InputRule } from "./workflow.ts";

/** What an input is when nothing is given and nothing is said. */
function emptyOf(type: string): SettledValue {
  if (type === "boolean") return false;
  return type === "number" ? 0 : "";
}

/**
 * What a person can give who starts a workflow: of the type `choice` every option, true or false of a `boolean`, else the default.
 * Without a default, a text is what is typed, or nothing where nothing need be.
 */
export function dispatchInputs(rules: readonly InputRule[]): ObjectValue {
  return objectOf(
    rules.map((rule): [string, Value] => {
      const { name, type, options, fallback } = rule;
      const typed = { kind: "unknown" as const, source: `inputs.${name}` };
      const key = `inputs.${name}`;
      if (type === "choice" && options.length > 0) return [name, { kind: "choice", key, options }];
      if (type === "boolean") {
        const first = fallback === true || fallback === "true";
        return [name, { kind: "choice", key, options: [first, !first] }];
      }
      if (fallback !== undefined && type !== "environment")
        return [name, ofType(type, toValue(fallback))];
      if (rule.isRequired || type === "environment") return [name, typed];
      return [name, { kind: "choice", key, options: [emptyOf(type), typed] }];
    }),
  );
}

/** What a caller gives: what it names, else the default. `given` has its expressions evaluated. */
export function callInputs(
  rules: readonly InputRule[],
  given: SettledValue,
  scope: Scope,
): ObjectValue {
  const entries = new Map(isPrimitive(given) || given.kind !== "object" ? [] : [...given.entries]);
  const inputs = rules.map((rule): [string, Value] => {
    const entry = entries.get(rule.name.toLowerCase());
    entries.delete(rule.name.toLowerCase());
    if (entry !== undefined) return [rule.name, ofType(rule.type, entry.value)];
    if (rule.isRequired && rule.fallback === undefined) {
      throw new ExpressionFailure(`the input ${rule.name} is required, and not given`);
    }
    return [rule.name, defaultOf(rule, scope)];
  });
  const [other] = entries.values();
  if (other !== undefined) {
    throw new ExpressionFailure(`the called workflow has no input ${other.name}`);
  }
  return objectOf(inputs);
}

/** The inputs of a workflow whose callers are not known. */
export function uncalledInputs(rules: readonly InputRule[], scope: Scope): ObjectValue {
  return objectOf(
    rules.map((rule): [string, Value] => {
      const given = { kind: "unknown" as const, source: `inputs.${rule.name}` };
      if (rule.isRequired) return [rule.name, given];
      const [first] = explore((choose) => defaultOf(rule, { ...scope, choose })).results;
      return [rule.name, first?.value ?? given];
    }),
  );
}

function defaultOf(rule: InputRule, scope: Scope): Value {
  if (rule.fallback === undefined) return emptyOf(rule.type);
  return ofType(rule.type, evaluateTemplate(rule.fallback, scope));
}

/** Texts stay texts: `"18"` and 18 are the same to who reads an input of the type `string`. */
function ofType(type: string, value: Value): Exclude<Value, { kind: "choice" }> {
  if (typeof value === "object" && value !== null && value.kind === "choice") {
    return { kind: "unknown", source: value.key };
  }
  if (!isPrimitive(value) || value === null) return value;
  if (type === "boolean") return value === "true" || value === true;
  if (type === "number") return Number(value);
  return textOf(value);
}

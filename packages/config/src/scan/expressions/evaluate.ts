import { callFunction } from "./functions.ts";
import type { Comparison, Expression } from "./parse.ts";
import {
  areEqual,
  compareValues,
  ExpressionFailure,
  isPrimitive,
  isTruthy,
  type ListValue,
  numberOf,
  type SettledValue,
  textOf,
  type UnknownValue,
  type Value,
} from "./value.ts";

/** What expressions are evaluated with. */
export interface Scope {
  /** The contexts that there are, by name in lower case. */
  readonly contexts: ReadonlyMap<string, Value>;
  /**
   * Decides what is open: one of `count` possibilities, the same one for the same key.
   *
   * @returns From 0 to `count` - 1.
   */
  choose(key: string, count: number): number;
}

/** What each context that is not there is for, so that people are told more than that. */
const elsewhere: Readonly<Record<string, string>> = {
  env: "the context env is not available here; use vars or inputs",
  secrets: "the context secrets is not available here; use vars or inputs",
  steps: "the context steps is not available here; use needs, with an output of another job",
  job: "the context job is not available here",
  runner: "the context runner is not available here: there is no runner yet",
};

/**
 * The value of an expression. What is not known stays unknown where it matters for the value; where only its truth matters,
 * {@link Scope.choose} decides it one way or the other.
 *
 * @throws An {@link ExpressionFailure} when GitHub would refuse it.
 */
export function evaluateExpression(expression: Expression, scope: Scope): SettledValue {
  const settle = (value: Value): SettledValue => {
    if (typeof value !== "object" || value === null || value.kind !== "choice") return value;
    const { key, options } = value;
    return options[options.length === 1 ? 0 : scope.choose(key, options.length)] ?? null;
  };
  const decide = (source: string): boolean => scope.choose(`is ${source}`, 2) === 0;
  const truth = (value: SettledValue): boolean =>
    isOpen(value) ? decide(value.source) : isTruthy(value);

  const evaluate = (node: Expression): SettledValue => {
    switch (node.kind) {
      case "literal":
        return node.value;
      case "context": {
        const value = scope.contexts.get(node.name);
        if (value !== undefined) return settle(value);
        const message = elsewhere[node.name] ?? `there is no context ${node.source}`;
        throw new ExpressionFailure(message);
      }
      case "index":
        return indexed(node);
      case "not":
        return !truth(evaluate(node.of));
      case "and":
      case "or": {
        let result: SettledValue = null;
        for (const part of node.parts) {
          result = evaluate(part);
          if (truth(result) === (node.kind === "or")) break;
        }
        return result;
      }
      case "compare":
        return compared(node);
      case "call":
        return called(node);
    }
  };

  const indexed = (node: Extract<Expression, { kind: "index" }>): SettledValue => {
    const index = node.index === "*" ? "*" : evaluate(node.index);
    const of = evaluate(node.of);
    if (isOpen(of)) return within(of, node.source);
    if (index !== "*" && isOpen(index)) return index;
    if (isPrimitive(of)) return index === "*" ? filtered([]) : null;
    const key = index === "*" ? index : { index };
    if (of.kind === "list" && of.isFiltered) {
      return filtered(of.items.flatMap((item) => entriesOf(settle(item), key, node.source)));
    }
    const found = entriesOf(of, key, node.source);
    return index === "*" ? filtered(found) : settle(found[0] ?? null);
  };

  const compared = (node: Extract<Expression, { kind: "compare" }>): SettledValue => {
    const left = evaluate(node.left);
    const right = evaluate(node.right);
    if (!isOpen(left) && !isOpen(right)) return holds(node.sign, left, right);
    // The same question, asked the other way round.
    if (node.sign === "!=") return !decide(`${node.left.source} == ${node.right.source}`);
    return decide(`${node.left.source} ${node.sign} ${node.right.source}`);
  };

  const called = (node: Extract<Expression, { kind: "call" }>): SettledValue => {
    const parameters = node.parameters.map(evaluate);
    if (node.name === "case") return chosen(node, parameters);
    const result = callFunction(node.name, parameters, settle);
    return result === "undecided" ? decide(node.source) : result;
  };

  const chosen = (
    node: Extract<Expression, { kind: "call" }>,
    parameters: readonly SettledValue[],
  ): SettledValue => {
    for (let at = 0; at + 1 < parameters.length; at += 2) {
      const predicate = parameters[at] ?? null;
      if (!isOpen(predicate) && typeof predicate !== "boolean") {
        const source = node.parameters[at]?.source ?? "";
        throw new ExpressionFailure(`case asks for true or false, and ${source} is neither`);
      }
      if (truth(predicate)) return parameters[at + 1] ?? null;
    }
    return parameters.at(-1) ?? null;
  };

  return evaluate(expression);
}

/** Whether a value is known only when the workflow runs. */
export function isOpen(value: SettledValue): value is UnknownValue {
  return typeof value === "object" && value !== null && value.kind === "unknown";
}

/** A part of what is not known: named by the whole path where it is one, else by where it comes from. */
function within(of: UnknownValue, source: string): UnknownValue {
  return source.startsWith(of.source) ? { kind: "unknown", source } : of;
}

function filtered(items: readonly Value[]): ListValue {
  return { kind: "list", items, isFiltered: true };
}

/** The parts of a value that an index names: none, one, or with `*` all. */
function entriesOf(
  of: SettledValue,
  key: "*" | { readonly index: SettledValue },
  source: string,
): readonly Value[] {
  if (isPrimitive(of)) return [];
  if (of.kind === "unknown") return [within(of, source)];
  if (key === "*") {
    if (of.kind === "list") return of.items;
    const known = [...of.entries.values()].map(({ value }) => value);
    return of.isPartial ? [...known, { kind: "unknown", source }] : known;
  }
  const { index } = key;
  if (of.kind === "list") {
    const at = Math.floor(numberOf(index));
    const item = at >= 0 ? of.items[at] : undefined;
    return item === undefined ? [] : [item];
  }
  if (!isPrimitive(index)) return [];
  const entry = of.entries.get(textOf(index).toLowerCase());
  if (entry !== undefined) return [entry.value];
  return of.isPartial ? [{ kind: "unknown", source }] : [];
}

function holds(sign: Comparison, left: SettledValue, right: SettledValue): boolean {
  if (sign === "==") return areEqual(left, right);
  if (sign === "!=") return !areEqual(left, right);
  const isEqual = areEqual(left, right);
  const order = compareValues(left, right);
  if (sign === "<" || sign === "<=") {
    return (sign === "<=" && isEqual) || (order !== undefined && order < 0);
  }
  return (sign === ">=" && isEqual) || (order !== undefined && order > 0);
}

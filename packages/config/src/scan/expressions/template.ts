import { evaluateExpression, isOpen, type Scope } from "./evaluate.ts";
import { type Expression, parseExpression } from "./parse.ts";
import {
  ExpressionFailure,
  maxTextLength,
  objectOf,
  type SettledValue,
  textOf,
  toValue,
  type Value,
} from "./value.ts";

/** A text as its parts: what stands there, and expressions. */
type TemplatePart = string | Expression;

/**
 * The parts of a text with `${{ }}`; a text without has one.
 *
 * @throws An {@link ExpressionFailure} when an expression is none, or does not end.
 */
function templateParts(text: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let at = 0;
  for (;;) {
    const start = text.indexOf("${{", at);
    if (start < 0) break;
    if (start > at) parts.push(text.slice(at, start));
    const end = endOfExpression(text, start + 3);
    parts.push(parseExpression(text.slice(start + 3, end)));
    at = end + 2;
  }
  if (at < text.length || parts.length === 0) parts.push(text.slice(at));
  return parts;
}

/** Where `}}` stands that is not within a text. */
function endOfExpression(text: string, from: number): number {
  let isText = false;
  for (let at = from; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === "'") isText = !isText;
    else if (!isText && character === "}" && text.charAt(at + 1) === "}") return at;
  }
  throw new ExpressionFailure("an expression has no end; }} is missing");
}

/** Deepest data with expressions. */
const maxDepth = 64;

/**
 * YAML data with its expressions evaluated. A text that is one expression has its value, also a list or a mapping; else the
 * values are put into the text.
 *
 * @throws An {@link ExpressionFailure} when GitHub would refuse it.
 */
export function evaluateTemplate(data: unknown, scope: Scope, depth = 0): SettledValue {
  if (depth > maxDepth) throw new ExpressionFailure(`data is nested deeper than ${maxDepth}`);
  if (typeof data === "string") return evaluateText(data, scope);
  if (Array.isArray(data)) {
    return {
      kind: "list",
      items: data.map((item: unknown) => evaluateTemplate(item, scope, depth + 1)),
    };
  }
  if (typeof data !== "object" || data === null) return toValue(data);
  const entries: (readonly [string, Value])[] = [];
  for (const [name, value] of Object.entries(data)) {
    // Whole entries can be inserted; which, is rarely known.
    if (name.includes("${{")) return { kind: "unknown", source: name };
    entries.push([name, evaluateTemplate(value, scope, depth + 1)]);
  }
  return objectOf(entries);
}

function evaluateText(text: string, scope: Scope): SettledValue {
  if (!text.includes("${{")) return text;
  const parts = templateParts(text);
  const [first] = parts;
  if (parts.length === 1 && first !== undefined && typeof first !== "string") {
    return evaluateExpression(first, scope);
  }
  let made = "";
  let unknown: SettledValue | undefined;
  for (const part of parts) {
    const value = typeof part === "string" ? part : evaluateExpression(part, scope);
    if (isOpen(value)) unknown ??= value;
    else made += textOf(value);
    if (made.length > maxTextLength) {
      throw new ExpressionFailure(`a text gets longer than ${maxTextLength} characters`);
    }
  }
  return unknown ?? made;
}

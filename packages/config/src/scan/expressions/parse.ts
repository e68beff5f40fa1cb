import { parameterProblem } from "./functions.ts";
import { type Token, tokensOf, unexpected } from "./tokens.ts";
import { ExpressionFailure } from "./value.ts";

/** An expression as a tree. */
export type Expression = {
  /** As it is written. */
  readonly source: string;
} & (
  | { readonly kind: "literal"; readonly value: null | boolean | number | string }
  | { readonly kind: "context"; readonly name: string }
  | { readonly kind: "index"; readonly of: Expression; readonly index: Expression | "*" }
  | { readonly kind: "not"; readonly of: Expression }
  | {
      readonly kind: "compare";
      readonly sign: Comparison;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "and" | "or"; readonly parts: readonly Expression[] }
  | { readonly kind: "call"; readonly name: string; readonly parameters: readonly Expression[] }
);

/** How two values are compared. */
export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";

/** Deepest tree. GitHub's own limit. */
const maxDepth = 50;

/**
 * Reads an expression: what stands between `${{` and `}}`.
 *
 * @throws An {@link ExpressionFailure} when it is none, or calls a function that is not there.
 */
export function parseExpression(source: string): Expression {
  const tokens = tokensOf(source);
  let position = 0;
  let depth = 0;

  const peek = (): Token =>
    tokens[position] ?? { kind: "end", text: "", start: source.length, end: source.length };
  const take = (): Token => {
    const token = peek();
    if (token.kind !== "end") position += 1;
    return token;
  };
  const isSign = (...signs: readonly string[]): boolean =>
    peek().kind === "sign" && signs.includes(peek().text);
  const refuse = (token: Token): ExpressionFailure =>
    token.kind === "end"
      ? new ExpressionFailure("the expression ends too early")
      : unexpected(token.text, token.start);
  const expect = (sign: string): Token => {
    if (!isSign(sign)) throw refuse(peek());
    return take();
  };
  const written = (start: number): string =>
    source.slice(start, tokens[position - 1]?.end ?? start);
  const deeper = <T>(read: () => T): T => {
    depth += 1;
    if (depth > maxDepth) {
      throw new ExpressionFailure(`the expression is nested deeper than ${maxDepth}`);
    }
    const result = read();
    depth -= 1;
    return result;
  };

  const chain = (kind: "and" | "or", sign: string, next: () => Expression): Expression => {
    const { start } = peek();
    const parts = [next()];
    while (isSign(sign)) {
      take();
      parts.push(next());
    }
    const [first] = parts;
    return first !== undefined && parts.length === 1
      ? first
      : { kind, parts, source: written(start) };
  };
  const comparison = (signs: readonly Comparison[], next: () => Expression): Expression => {
    const { start } = peek();
    let left = next();
    let links = 0;
    while (isSign(...signs)) {
      const sign = take().text as Comparison;
      const right = next();
      left = { kind: "compare", sign, left, right, source: written(start) };
      links += 1;
      if (depth + links > maxDepth) {
        throw new ExpressionFailure(`the expression is nested deeper than ${maxDepth}`);
      }
    }
    return left;
  };
  const expression = (): Expression =>
    deeper(() =>
      chain("or", "||", () => chain("and", "&&", () => comparison(["==", "!="], ordered))),
    );
  const ordered = (): Expression => comparison(["<", "<=", ">", ">="], unary);
  const unary = (): Expression => {
    const { start } = peek();
    if (!isSign("!")) return indexed();
    take();
    const of = deeper(unary);
    return { kind: "not", of, source: written(start) };
  };
  const indexed = (): Expression => {
    const { start } = peek();
    const isGroup = isSign("(");
    let of = primary();
    let links = 0;
    // A text or a number has no entries, unless it stands in parentheses.
    while ((isGroup || of.kind !== "literal") && isSign("[", ".")) {
      const isDot = take().text === ".";
      let index: Expression | "*";
      if (isSign("*")) {
        take();
        index = "*";
      } else if (isDot) {
        const name = take();
        if (name.kind !== "name") throw refuse(name);
        index = { kind: "literal", value: name.text, source: name.text };
      } else index = expression();
      if (!isDot) expect("]");
      of = { kind: "index", of, index, source: written(start) };
      links += 1;
      if (depth + links > maxDepth) {
        throw new ExpressionFailure(`the expression is nested deeper than ${maxDepth}`);
      }
    }
    return of;
  };
  const primary = (): Expression => {
    const token = take();
    const { start } = token;
    if (token.kind === "text")
      return { kind: "literal", value: token.text, source: written(start) };
    if (token.kind === "number" || token.kind === "word") {
      return { kind: "literal", value: token.value ?? null, source: written(start) };
    }
    if (token.kind === "name") {
      if (!isSign("("))
        return { kind: "context", name: token.text.toLowerCase(), source: token.text };
      return call(token);
    }
    if (token.kind === "sign" && token.text === "(") {
      const inner = expression();
      expect(")");
      return inner;
    }
    throw refuse(token);
  };
  const call = (name: Token): Expression => {
    expect("(");
    const parameters: Expression[] = [];
    while (!isSign(")")) {
      if (parameters.length > 0) expect(",");
      parameters.push(expression());
    }
    expect(")");
    const problem = parameterProblem(name.text, parameters.length);
    if (problem !== undefined) throw new ExpressionFailure(problem);
    return { kind: "call", name: name.text.toLowerCase(), parameters, source: written(name.start) };
  };

  const result = expression();
  if (peek().kind !== "end") throw refuse(peek());
  return result;
}

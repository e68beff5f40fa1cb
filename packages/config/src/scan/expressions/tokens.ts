import { ExpressionFailure } from "./value.ts";

/** A word of an expression. */
export interface Token {
  readonly kind: "name" | "number" | "text" | "word" | "sign" | "end";
  /** As it is written; of a text, what it says. */
  readonly text: string;
  /** The value of a `number`, and of the words `true`, `false` and `null`. */
  readonly value?: number | boolean | null;
  /** Where it begins and ends in the expression, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

/** Longest expression. GitHub's own limit. */
const maxLength = 21_000;

const signs = [
  "==",
  "!=",
  "<=",
  ">=",
  "&&",
  "||",
  "(",
  ")",
  "[",
  "]",
  ",",
  ".",
  "!",
  "<",
  ">",
  "*",
];
const words: ReadonlyMap<string, boolean | null> = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);
const boundary = /[()[\],.!<>=&|\s]/;
const legalName = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** The words of an expression, with one of kind `end` behind them. Throws an {@link ExpressionFailure}. */
export function tokensOf(source: string): readonly Token[] {
  if (source.length > maxLength) {
    throw new ExpressionFailure(`the expression is longer than ${maxLength} characters`);
  }
  const tokens: Token[] = [];
  let at = 0;
  const runTo = (isEnd: (character: string) => boolean): number => {
    let end = at;
    while (end < source.length && !isEnd(source.charAt(end))) end += 1;
    return end;
  };
  while (at < source.length) {
    const character = source.charAt(at);
    if (/\s/.test(character)) {
      at += 1;
      continue;
    }
    const token =
      character === "'"
        ? readText(source, at)
        : /[0-9+-]/.test(character) || (character === "." && !followsValue(tokens.at(-1)))
          ? readNumber(
              source,
              at,
              runTo((each) => boundary.test(each) && each !== "."),
            )
          : (readSign(source, at) ??
            readName(
              source,
              at,
              runTo((each) => boundary.test(each)),
              tokens.at(-1),
            ));
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: "end", text: "", start: source.length, end: source.length });
  return tokens;
}

/** Whether a dot behind this is for one of its entries, not the beginning of a number. */
function followsValue(token: Token | undefined): boolean {
  if (token === undefined) return false;
  return token.kind === "name" || (token.kind === "sign" && /^[)\]*]$/.test(token.text));
}

function readText(source: string, start: number): Token {
  let end = start + 1;
  for (;;) {
    end = source.indexOf("'", end);
    if (end < 0) throw unexpected(source.slice(start), start);
    if (source.charAt(end + 1) !== "'") break;
    end += 2;
  }
  const text = source.slice(start + 1, end).replaceAll("''", "'");
  return { kind: "text", text, start, end: end + 1 };
}

function readNumber(source: string, start: number, runEnd: number): Token {
  // The first character may be a dot, which begins no further run.
  const end = Math.max(runEnd, start + 1);
  const text = source.slice(start, end);
  const value = Number(text);
  if (Number.isNaN(value)) throw unexpected(text, start);
  return { kind: "number", text, value, start, end };
}

function readSign(source: string, start: number): Token | undefined {
  const text = signs.find((sign) => source.startsWith(sign, start));
  return text === undefined ? undefined : { kind: "sign", text, start, end: start + text.length };
}

function readName(source: string, start: number, runEnd: number, before: Token | undefined): Token {
  const text = source.slice(start, runEnd);
  const place = { text, start, end: runEnd };
  if (!legalName.test(text)) throw unexpected(text || source.charAt(start), start);
  // Behind a dot every word is a name.
  if (before?.kind === "sign" && before.text === ".") return { kind: "name", ...place };
  if (text === "NaN" || text === "Infinity")
    return { kind: "number", ...place, value: Number(text) };
  const value = words.get(text);
  return value === undefined ? { kind: "name", ...place } : { kind: "word", ...place, value };
}

const longestQuote = 60;

/** What stands where it cannot. */
export function unexpected(text: string, at: number): ExpressionFailure {
  const quote = text.length > longestQuote ? `${text.slice(0, longestQuote)}...` : text;
  return new ExpressionFailure(`${JSON.stringify(quote)} is not expected at character ${at + 1}`);
}

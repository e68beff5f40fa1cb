import {
  areEqual,
  ExpressionFailure,
  foldCase,
  isPrimitive,
  maxTextLength,
  type SettledValue,
  textOf,
  toValue,
  type UnknownValue,
  type Value,
} from "./value.ts";

/** What a function gives: a value; or that it is true or false, and what decides is not known. */
export type FunctionResult = SettledValue | "undecided";

/** Settles a part of a value: a choice becomes one of its options. */
export type Settle = (value: Value) => SettledValue;

interface FunctionRule {
  readonly least: number;
  readonly most: number;
  call(parameters: readonly SettledValue[], settle: Settle): FunctionResult;
}

const isUnknown = (value: Value): value is UnknownValue =>
  typeof value === "object" && value !== null && value.kind === "unknown";

/** `startsWith` and `endsWith`. */
function edge(test: (text: string, part: string) => boolean): FunctionRule {
  return {
    least: 2,
    most: 2,
    call: ([text = null, part = null]) => {
      if (isUnknown(text) || isUnknown(part)) return "undecided";
      if (!isPrimitive(text) || !isPrimitive(part)) return false;
      return test(foldCase(textOf(text)), foldCase(textOf(part)));
    },
  };
}

const rules: ReadonlyMap<string, FunctionRule> = new Map<string, FunctionRule>([
  ["contains", { least: 2, most: 2, call: contains }],
  ["startswith", edge((text, part) => text.startsWith(part))],
  ["endswith", edge((text, part) => text.endsWith(part))],
  ["format", { least: 1, most: 255, call: format }],
  ["join", { least: 1, most: 2, call: join }],
  ["tojson", { least: 1, most: 1, call: toJson }],
  ["fromjson", { least: 1, most: 1, call: fromJson }],
]);

/** What is wrong with the use of a function; `undefined` when nothing is. */
export function parameterProblem(name: string, count: number): string | undefined {
  const key = name.toLowerCase();
  // The one function that does not look at all its parameters: the evaluator knows it.
  const rule = key === "case" ? { least: 3, most: maxTextLength } : rules.get(key);
  if (rule === undefined) return `there is no function ${name} here`;
  if (count < rule.least) return `${name} takes at least ${rule.least} parameters`;
  if (count > rule.most) return `${name} takes at most ${rule.most} parameters`;
  if (key === "case" && count % 2 === 0) return `${name} takes an odd number of parameters`;
  return undefined;
}

/** Calls a function that {@link parameterProblem} knows, `case` excepted. */
export function callFunction(
  name: string,
  parameters: readonly SettledValue[],
  settle: Settle,
): FunctionResult {
  const rule = rules.get(name);
  if (rule === undefined) throw new ExpressionFailure(`there is no function ${name} here`);
  return rule.call(parameters, settle);
}

function contains(
  [search = null, item = null]: readonly SettledValue[],
  settle: Settle,
): FunctionResult {
  if (isUnknown(search)) return "undecided";
  if (isPrimitive(search)) {
    if (isUnknown(item)) return "undecided";
    if (!isPrimitive(item)) return false;
    return textOf(search).toLowerCase().includes(textOf(item).toLowerCase());
  }
  if (search.kind !== "list") return false;
  const items = search.items.map(settle);
  if (isUnknown(item)) return items.length === 0 ? false : "undecided";
  if (items.some((each) => !isUnknown(each) && areEqual(item, each))) return true;
  return items.some(isUnknown) ? "undecided" : false;
}

/** Texts put together, up to the limit. */
function createText(): { add(part: string): void; take(): string } {
  const parts: string[] = [];
  let length = 0;
  return {
    add(part) {
      length += part.length;
      if (length > maxTextLength) {
        throw new ExpressionFailure(`a text gets longer than ${maxTextLength} characters`);
      }
      parts.push(part);
    },
    take: () => parts.join(""),
  };
}

function format([pattern = null, ...values]: readonly SettledValue[]): FunctionResult {
  if (isUnknown(pattern)) return pattern;
  const source = textOf(pattern);
  const text = createText();
  let unknown: UnknownValue | undefined;
  let at = 0;
  while (at < source.length) {
    const brace = /[{}]/g;
    brace.lastIndex = at;
    const found = brace.exec(source);
    if (found === null) {
      text.add(source.slice(at));
      break;
    }
    text.add(source.slice(at, found.index));
    const next = source.charAt(found.index + 1);
    if (next === found[0]) {
      text.add(next);
      at = found.index + 2;
      continue;
    }
    const close = source.indexOf("}", found.index);
    const index = /^\{(\d+)/.exec(source.slice(found.index, close < 0 ? undefined : close))?.[1];
    if (index === undefined || close < 0) {
      throw new ExpressionFailure(`${JSON.stringify(source.slice(0, 60))} is no format`);
    }
    const value = values[Number(index)];
    if (value === undefined) {
      throw new ExpressionFailure(`the format has {${index}}, and there is no such parameter`);
    }
    if (isUnknown(value)) unknown ??= value;
    else text.add(textOf(value));
    at = close + 1;
  }
  return unknown ?? text.take();
}

function join(
  [list = null, separator = ","]: readonly SettledValue[],
  settle: Settle,
): FunctionResult {
  if (isUnknown(list)) return list;
  if (isPrimitive(list)) return textOf(list);
  if (list.kind !== "list") return "";
  if (isUnknown(separator)) return separator;
  const between = isPrimitive(separator) ? textOf(separator) : ",";
  const items = list.items.map(settle);
  const unknown = items.find(isUnknown);
  if (unknown !== undefined) return unknown;
  const text = createText();
  items.forEach((item, index) => {
    if (index > 0) text.add(between);
    text.add(textOf(item));
  });
  return text.take();
}

function toJson([value = null]: readonly SettledValue[], settle: Settle): FunctionResult {
  let unknown: UnknownValue | undefined;
  const plain = (part: Value): unknown => {
    const settled = settle(part);
    if (isPrimitive(settled)) return settled;
    if (settled.kind === "list") return settled.items.map(plain);
    if (settled.kind === "unknown") unknown ??= settled;
    else {
      if (settled.isPartial) unknown ??= { kind: "unknown", source: "toJSON of a whole context" };
      return Object.fromEntries(
        [...settled.entries.values()].map((entry) => [entry.name, plain(entry.value)]),
      );
    }
    return null;
  };
  const data = plain(value);
  if (unknown !== undefined) return unknown;
  const text = createText();
  text.add(JSON.stringify(data, undefined, 2));
  return text.take();
}

function fromJson([value = null]: readonly SettledValue[]): FunctionResult {
  if (isUnknown(value)) return value;
  const text = textOf(value);
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    const shown = text.length > 60 ? `${text.slice(0, 60)}...` : text;
    throw new ExpressionFailure(`fromJSON of ${JSON.stringify(shown)}, which is not JSON`);
  }
  return toValue(data);
}

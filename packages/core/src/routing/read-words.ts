import { complain, type Draft, quoted } from "./draft.ts";
import { isName, isWord } from "./scan.ts";
import { nearest } from "./suggest.ts";

/** Reads one of a few words in either case, or complains. `words` maps each to what it means. */
export function readWord<T>(
  draft: Draft,
  key: string,
  words: readonly (readonly [word: string, meaning: T])[],
  from: number,
  to: number,
): T | undefined {
  for (const entry of words) if (isWord(draft.text, from, to, entry[0])) return entry[1];
  const value = draft.text.slice(from, to);
  const known = words.map(([word]) => word);
  complain(
    draft,
    "invalid-value",
    key,
    `${quoted(value)} is no value for ${key}; it takes ${known.join(", ")}`,
    nearest(value.trim(), known),
  );
  return undefined;
}

/** Reads a name of the catalog, or complains. */
export function readName(draft: Draft, key: string, from: number, to: number): string | undefined {
  const value = draft.text.slice(from, to);
  if (isName(value, 0, value.length)) return value;
  const lowered = value.trim().toLowerCase();
  const fixed = isName(lowered, 0, lowered.length) ? lowered : undefined;
  complain(
    draft,
    "invalid-value",
    key,
    `${quoted(value)} is no name for ${key}; names are lower-case letters, digits, _ and -, at most 63, and start with a letter or digit`,
    fixed,
  );
  return undefined;
}

/** What was probably meant by `c7g.xlarge`, ` c7g `, `us_east_1` or `us-east1`. */
function tidied(item: string): readonly string[] {
  const text = item.trim().toLowerCase().replaceAll("_", "-").replace(/\..*$/, "");
  return [text, text.replace(/([a-z])(\d{1,2})$/, "$1-$2")];
}

/** Reads `a+b`, each in the right form and only once, or complains; comes out in lower case. */
export function readList(
  draft: Draft,
  key: string,
  isItem: (text: string, from: number, to: number) => boolean,
  example: string,
  from: number,
  to: number,
): readonly string[] {
  const { text } = draft;
  const items: string[] = [];
  let start = from;
  for (let end = from; end <= to; end += 1) {
    if (end < to && text.charCodeAt(end) !== 43) continue;
    const item = text.slice(start, end);
    const lowered = item.toLowerCase();
    if (item === "") {
      complain(draft, "empty-value", key, `${key} has an empty part; write ${key}=${example}`);
    } else if (!isItem(text, start, end)) {
      const fixed = tidied(item).find((text) => isItem(text, 0, text.length));
      complain(
        draft,
        "invalid-value",
        key,
        `${quoted(item)} is no value for ${key}; write ${key}=${example}`,
        fixed === undefined ? undefined : text.slice(from, start) + fixed + text.slice(end, to),
      );
    } else if (items.includes(lowered)) {
      complain(draft, "duplicate-key", key, `${key} names ${lowered} twice`);
    } else items.push(lowered);
    start = end + 1;
  }
  return items;
}

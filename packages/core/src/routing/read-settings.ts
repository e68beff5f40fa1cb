import { complain, type Draft, quoted } from "./draft.ts";
import { findSetting, settings } from "./settings.ts";
import { nearest } from "./suggest.ts";

const slash = 47;
const equals = 61;

/** Words that people try, and the key we have for them. */
const synonyms: ReadonlyMap<string, string> = new Map([
  ["ami", "image"],
  ["architecture", "arch"],
  ["cores", "cpu"],
  ["environment", "env"],
  ["generation", "gen"],
  ["mem", "ram"],
  ["memory", "ram"],
  ["platform", "os"],
  ["vcpu", "cpu"],
  ["volume", "disk"],
]);

/** The key that was probably meant. */
function meantKey(written: string): string | undefined {
  const key = written.trim().toLowerCase();
  return (
    synonyms.get(key) ??
    nearest(
      key,
      settings.map((setting) => setting.key),
    )
  );
}

/** Reads one segment `key=value` of `draft.text`. `at` is where its `=` is, -1 when it has none. */
export function readSetting(draft: Draft, from: number, at: number, to: number): void {
  const { text } = draft;
  const keyEnd = at < 0 ? to : at;
  const setting = findSetting(text, from, keyEnd);
  if (setting === undefined) {
    const written = text.slice(from, keyEnd);
    const meant = meantKey(written);
    const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
    const message =
      written === ""
        ? `${quoted(text.slice(from, to))} has no key`
        : `There is no key ${quoted(written)}${hint}`;
    complain(draft, "unknown-key", written, message, meant);
    return;
  }
  const { key } = setting;
  if ((draft.seen & setting.bit) !== 0) {
    complain(draft, "duplicate-key", key, `${key} is given twice; keep one`);
  } else {
    draft.seen |= setting.bit;
    draft.explicit.push(key);
  }
  if (at < 0 || at + 1 === to) {
    complain(draft, "empty-value", key, `${key} has no value; write ${key}=${setting.example}`);
    return;
  }
  setting.read(draft, at + 1, to);
}

/** Reads `key=value/key=value` of `draft.text` from `from` to its end. Each code unit is looked at a fixed number of times. */
export function readSettings(draft: Draft, from: number): void {
  const { text } = draft;
  const { length } = text;
  let start = from;
  while (start <= length) {
    let at = -1;
    let end = start;
    for (; end < length; end += 1) {
      const code = text.charCodeAt(end);
      if (code === slash) break;
      if (code === equals && at < 0) at = end;
    }
    if (end === start) {
      const where =
        end === length
          ? "A slash at the end"
          : `Two slashes in a row before character ${start + 1}`;
      complain(draft, "empty-segment", undefined, `${where} of ${quoted(text)}; remove one`);
    } else readSetting(draft, start, at, end);
    start = end + 1;
  }
}

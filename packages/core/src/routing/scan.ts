/** Looks at parts of a label in place: nothing is cut out, nothing is tried twice. */

/** The code unit in lower case, if it is an ASCII letter. No other alphabet folds into ours. */
function lower(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isLowerLetter(code: number): boolean {
  return code >= 97 && code <= 122;
}

/** Whether `text` goes on with `word` (lower case) at `from`, ASCII letters in either case. */
export function startsWithWord(text: string, from: number, word: string): boolean {
  if (from + word.length > text.length) return false;
  for (let i = 0; i < word.length; i += 1) {
    if (lower(text.charCodeAt(from + i)) !== word.charCodeAt(i)) return false;
  }
  return true;
}

/** Whether the part is `word` (lower case), ASCII letters in either case. */
export function isWord(text: string, from: number, to: number, word: string): boolean {
  return to - from === word.length && startsWithWord(text, from, word);
}

/** Whether the part is one digit or more and nothing else. */
export function isDigits(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i += 1) if (!isDigit(text.charCodeAt(i))) return false;
  return to > from;
}

/** The number a part says, digits without sign and leading zero; -1 when it is not one. Huge ones are `Infinity`. */
export function scanInteger(text: string, from: number, to: number): number {
  if (!isDigits(text, from, to)) return -1;
  if (to - from > 1 && text.charCodeAt(from) === 48) return -1;
  if (to - from > 15) return Number.POSITIVE_INFINITY;
  let value = 0;
  for (let i = from; i < to; i += 1) value = value * 10 + text.charCodeAt(i) - 48;
  return value;
}

/** The number a part says, one to five digits and up to three decimals; -1 when it is not one. */
export function scanDecimal(text: string, from: number, to: number): number {
  let dot = from;
  while (dot < to && isDigit(text.charCodeAt(dot))) dot += 1;
  if (dot === from || dot - from > 5) return -1;
  if (dot === to) return Number(text.slice(from, to));
  if (text.charCodeAt(dot) !== 46 || to - dot > 4) return -1;
  return isDigits(text, dot + 1, to) ? Number(text.slice(from, to)) : -1;
}

/** Whether the part is `[a-z0-9][a-z0-9_-]{0,62}`. */
export function isName(text: string, from: number, to: number): boolean {
  if (to <= from || to - from > 63) return false;
  for (let i = from; i < to; i += 1) {
    const code = text.charCodeAt(i);
    if (isLowerLetter(code) || isDigit(code)) continue;
    if (i === from || (code !== 45 && code !== 95)) return false;
  }
  return true;
}

/** Whether the part has the form of an instance family in either case: `c7g`, `u-6tb1`, `c7i-flex`. */
export function isFamily(text: string, from: number, to: number): boolean {
  if (to <= from || to - from > 32) return false;
  for (let i = from; i < to; i += 1) {
    const code = lower(text.charCodeAt(i));
    if (isLowerLetter(code)) continue;
    if (i === from || (!isDigit(code) && code !== 45)) return false;
  }
  return text.charCodeAt(to - 1) !== 45;
}

/** Whether the part has the form of the size of an instance type in either case: `2xlarge`, `metal-24xl`. */
export function isSize(text: string, from: number, to: number): boolean {
  if (to <= from || to - from > 16) return false;
  for (let i = from; i < to; i += 1) {
    const code = lower(text.charCodeAt(i));
    if (isLowerLetter(code) || isDigit(code)) continue;
    if (i === from || code !== 45) return false;
  }
  return text.charCodeAt(to - 1) !== 45;
}

/** Whether the part has the form of a region in either case: words, then a number, as `us-gov-west-1`. */
export function isRegion(text: string, from: number, to: number): boolean {
  if (to - from > 32) return false;
  let words = 0;
  let start = from;
  for (let i = from; i < to; i += 1) {
    const code = lower(text.charCodeAt(i));
    if (code === 45) {
      if (i - start < 2) return false;
      words += 1;
      start = i + 1;
    } else if (!isLowerLetter(code)) break;
  }
  return words >= 2 && to - start <= 2 && isDigits(text, start, to);
}

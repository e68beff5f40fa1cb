import type { Json } from "../ports/json.ts";

/** Deepest nesting that a stored value may have. Also what stops a cycle. */
const deepestLevel = 64;

/** Counts bytes from above: exact counting costs a second pass and is seldom needed. */
interface Tally {
  bytes: number;
}

function copyObject(value: object, tally: Tally, level: number): Json {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError("A stored value holds an object that is no plain object");
  }
  const copy: Record<string, Json> = {};
  for (const [key, member] of Object.entries(value)) {
    tally.bytes += key.length * 6 + 4;
    const copied = copyLevel(member, tally, level + 1);
    // Assigning `__proto__` would set the prototype instead of a member.
    if (key === "__proto__") {
      Object.defineProperty(copy, key, { value: copied, enumerable: true });
    } else {
      copy[key] = copied;
    }
  }
  return Object.freeze(copy);
}

function copyLevel(value: unknown, tally: Tally, level: number): Json {
  if (typeof value === "string") {
    tally.bytes += value.length * 6 + 2;
    return value;
  }
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`A stored value holds the number ${value}`);
    tally.bytes += 25;
    // JSON has no negative zero: what is read back must equal what was written.
    return value === 0 ? 0 : value;
  }
  if (value === null || typeof value === "boolean") {
    tally.bytes += 5;
    return value;
  }
  if (typeof value !== "object") throw new TypeError(`A stored value holds ${typeof value}`);
  if (level > deepestLevel) {
    throw new TypeError(`A stored value is nested deeper than ${deepestLevel} levels`);
  }
  tally.bytes += 2;
  if (!Array.isArray(value)) return copyObject(value, tally, level);
  const copy: Json[] = [];
  // By index, so that a hole is seen as the `undefined` that it is.
  for (let index = 0; index < value.length; index += 1) {
    tally.bytes += 1;
    copy.push(copyLevel(value[index], tally, level + 1));
  }
  return Object.freeze(copy);
}

/**
 * A deep, frozen copy of a JSON value: later changes of the original do not reach it.
 *
 * @param limitBytes - Longest JSON text that the value may have, UTF-8 bytes.
 * @throws A TypeError when a part is no JSON value (`undefined`, a function, NaN, a class instance, a cycle);
 *   a RangeError when the value is too large.
 */
export function copyJson(value: unknown, limitBytes: number): Json {
  const tally: Tally = { bytes: 0 };
  const copy = copyLevel(value, tally, 1);
  if (tally.bytes > limitBytes) {
    const bytes = Buffer.byteLength(JSON.stringify(copy));
    if (bytes > limitBytes) {
      throw new RangeError(`A stored value has ${bytes} bytes, more than ${limitBytes}`);
    }
  }
  return copy;
}

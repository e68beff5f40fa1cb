import { createHash } from "node:crypto";
import { longestName } from "./limits.ts";

/** Characters that SQS refuses in bodies and attributes: those that XML cannot hold, and halves of characters. */
const refused = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/**
 * The same JSON in characters that SQS takes. JSON has escaped what is below a space and halves of characters already; two
 * characters remain that XML cannot hold, and they stand in strings, for JSON has them nowhere else.
 */
export function escapeJson(json: string): string {
  return json.replaceAll(
    refused,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Words for people in characters that SQS takes, with at most `longest` of them, and never none: an attribute has a value. */
export function plainText(words: string, longest: number): string {
  const clean = words.replaceAll(refused, "\uFFFD");
  // Cut by characters: half of one would be refused.
  const cut = clean.length <= longest ? clean : [...clean].slice(0, longest).join("");
  return cut === "" ? "-" : cut;
}

/**
 * As much of a text as has at most `most` bytes of UTF-8.
 *
 * @param most - At least 0.
 */
export function cutToBytes(text: string, most: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= most) return text;
  let end = most;
  // Bytes of the form 10xxxxxx go on with a character that began before.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString("utf8", 0, end);
}

const name = new RegExp(`^[!-~]{1,${longestName}}$`, "u");

/** A group or a deduplication id as SQS takes it: what is longer, or holds other characters, goes by its hash. */
export function sqsName(value: string): string {
  if (name.test(value)) return value;
  return `sha256-${createHash("sha256").update(value, "utf8").digest("hex")}`;
}

import { spend, type Work } from "./work.ts";

/** What one sign of a label may be: a certain one, or one or more of a class. */
export type AliasSign = { readonly literal: string } | { readonly capture: string };

/** The captures of a pattern, and which signs each takes. */
const captures: readonly (readonly [written: string, signs: string])[] = [
  ["(\\d+)", "0123456789"],
  ["([a-z]+)", "abcdefghijklmnopqrstuvwxyz"],
  ["([a-z0-9-]+)", "abcdefghijklmnopqrstuvwxyz0123456789-"],
];

/** A pattern of an alias that `parseCatalog` has accepted, sign by sign, in lower case. */
export function signsOf(pattern: string): readonly AliasSign[] {
  const signs: AliasSign[] = [];
  let at = 0;
  while (at < pattern.length) {
    const capture = captures.find(([written]) => pattern.startsWith(written, at));
    if (capture) signs.push({ capture: capture[1] });
    else {
      if (pattern[at] === "\\") at += 1;
      signs.push({ literal: pattern.charAt(at).toLowerCase() });
    }
    at += capture?.[0].length ?? 1;
  }
  return signs;
}

/** A label as a pattern that matches it alone. */
export function signsOfLabel(label: string): readonly AliasSign[] {
  return [...label.toLowerCase()].map((literal) => ({ literal }));
}

/**
 * Whether a pattern matches every label that another one matches.
 *
 * Never a wrong yes; no, when the work runs out. A no may be wrong where several captures only together make up for one.
 */
export function coversPattern(
  wide: readonly AliasSign[],
  narrow: readonly AliasSign[],
  work?: Work,
): boolean {
  // The places in `wide` at which what was read of `narrow` can end; a capture that has begun may go on.
  let ends = new Set([0]);
  for (const sign of narrow) {
    if (!spend(work, stepCost)) return false;
    const next = new Set<number>();
    for (const at of ends) {
      if (takes(wide[at], sign)) next.add(at + 1);
      const before = wide[at - 1];
      if (before && "capture" in before && takes(before, sign)) next.add(at);
    }
    if (next.size === 0) return false;
    ends = next;
  }
  return ends.has(wide.length);
}

/** What a sign costs, in steps of {@link Work}. */
const stepCost = 5;

/** Whether a part of a pattern takes all that a sign may be. */
function takes(part: AliasSign | undefined, sign: AliasSign): boolean {
  if (part === undefined) return false;
  if ("literal" in part) return "literal" in sign && sign.literal === part.literal;
  const signs = "literal" in sign ? sign.literal : sign.capture;
  return [...signs].every((one) => part.capture.includes(one));
}

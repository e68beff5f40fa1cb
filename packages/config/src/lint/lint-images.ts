import type { FieldIssue } from "../issues/issue.ts";
import type { LintInput } from "./lint-input.ts";

/** Images that are said twice, or of which something is said that has no effect. */
export function lintImages({ form, isWhole }: LintInput): readonly FieldIssue[] {
  return Object.entries(form.images ?? {}).flatMap(([key, { ami, name, owner, maxAge }]) => {
    const at = ["images", key];
    if (!isWhole(at)) return [];
    const contradiction = (word: string, message: string): FieldIssue => ({
      rule: "contradiction",
      severity: "error",
      message,
      path: [...at, word],
    });
    if (ami !== undefined) {
      return Object.entries({ name, owner })
        .filter(([, value]) => value !== undefined)
        .map(([word]) =>
          contradiction(word, `ami says already which image it is, without ${word}`),
        );
    }
    if (name !== undefined) return [];
    return Object.entries({ owner, maxAge })
      .filter(([, value]) => value !== undefined)
      .map(([word]) => contradiction(word, `${word} says nothing without name or ami`));
  });
}

import { type AliasPattern, matchAliasPattern, parseAliasPattern } from "./alias-pattern.ts";
import { labelSetKey } from "./label-set-key.ts";
import { maxLabelLength, maxLabels } from "./limits.ts";
import type { LabelAlias, LabelCatalog } from "./request.ts";

/** An alias that stands for labels of a job. */
export interface AliasMatch {
  readonly alias: LabelAlias;
  /** The label that matched; of a set, all of them. */
  readonly label: string;
  /** More labels that the same alias matches. */
  readonly others: readonly string[];
  /** The settings it stands for, with captures filled in. */
  readonly use: string;
}

type CompiledAlias =
  | { readonly alias: LabelAlias; readonly pattern: AliasPattern }
  | { readonly alias: LabelAlias; readonly setKey: string };

/** Compiled patterns, not answers: a catalog is compiled once and forgotten with its last reference. */
const compiled = new WeakMap<LabelCatalog, readonly CompiledAlias[]>();

function compile(catalog: LabelCatalog): readonly CompiledAlias[] {
  const known = compiled.get(catalog);
  if (known !== undefined) return known;
  const aliases: CompiledAlias[] = [];
  for (const alias of catalog.aliases ?? []) {
    if ("labels" in alias) {
      // No labels are nobody's: an empty set would claim jobs that ask for nothing.
      if (alias.labels.length > 0) aliases.push({ alias, setKey: labelSetKey(alias.labels) });
      continue;
    }
    // A wrong pattern matches nothing here; parseCatalog has reported it.
    const pattern = parseAliasPattern(alias.match);
    if (pattern.ok) aliases.push({ alias, pattern: pattern.value });
  }
  compiled.set(catalog, aliases);
  return aliases;
}

/**
 * Puts captures into `use` for `$1` to `$9`.
 *
 * Captures hold letters, digits and hyphens only, so no label can bring in a key of its own.
 */
export function fillCaptures(use: string, captures: readonly string[]): string {
  if (!use.includes("$")) return use;
  return use.replace(/\$([1-9])/g, (written, number) => captures[Number(number) - 1] ?? written);
}

/** The first alias of the catalog that stands for labels of this job. */
export function findAlias(
  labels: readonly string[],
  catalog: LabelCatalog,
): AliasMatch | undefined {
  const aliases = compile(catalog);
  if (aliases.length === 0 || labels.length === 0) return undefined;
  const bounded = labels.length > maxLabels ? labels.slice(0, maxLabels) : labels;
  const lowered = bounded.map((label) =>
    label.length > maxLabelLength ? "" : label.toLowerCase(),
  );
  let setKey: string | undefined;
  for (const entry of aliases) {
    if ("setKey" in entry) {
      setKey ??= labelSetKey(labels);
      if (setKey !== entry.setKey) continue;
      return { alias: entry.alias, label: labels.join(", "), others: [], use: entry.alias.use };
    }
    const match = matchFirst(entry, bounded, lowered);
    if (match !== undefined) return match;
  }
  return undefined;
}

function matchFirst(
  entry: Extract<CompiledAlias, { pattern: AliasPattern }>,
  labels: readonly string[],
  lowered: readonly string[],
): AliasMatch | undefined {
  const others: string[] = [];
  let found: { label: string; use: string } | undefined;
  for (const [index, text] of lowered.entries()) {
    const spans = matchAliasPattern(entry.pattern, text);
    if (spans === undefined) continue;
    const label = labels[index] ?? text;
    if (found !== undefined) {
      others.push(label);
      continue;
    }
    const captures = spans.map(([from, to]) => text.slice(from, to));
    found = { label, use: fillCaptures(entry.alias.use, captures) };
  }
  return found === undefined ? undefined : { alias: entry.alias, others, ...found };
}

import {
  ignoredLabelKeys,
  type LabelCatalog,
  parseLabels,
  type RunnerRequest,
} from "@runs-fleet/core";
import { canonicalLabel } from "./canonical-label.ts";

/** How labels came to be understood. */
export interface Understood {
  /** A label of ours, an alias of the file, or a dialect. */
  readonly by: "label" | "alias" | "dialect";
  /** The alias, or the name of the dialect. Absent: a label of ours. */
  readonly alias?: string;
  /** The label of ours that asks for the same. */
  readonly label: string;
  /** Keys of a dialect that mean nothing here. */
  readonly ignored: readonly string[];
}

/** How labels that were understood came to be. */
export function understand(request: RunnerRequest, catalog: LabelCatalog): Understood {
  const { labels } = request;
  const label = canonicalLabel(request);
  if (parseLabels(labels) !== undefined) return { by: "label", label, ignored: [] };
  const { aliases = [], runners = {} } = catalog;
  const alias = aliases.find(
    (each) => parseLabels(labels, { aliases: [each], runners }) !== undefined,
  );
  if (alias !== undefined) {
    const written = "match" in alias ? alias.match : `[${alias.labels.join(", ")}]`;
    return { by: "alias", alias: written, label, ignored: [] };
  }
  return { by: "dialect", alias: "runs-on", label, ignored: ignoredLabelKeys(labels, catalog) };
}

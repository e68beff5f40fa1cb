import { type Document, isScalar, Scalar } from "yaml";
import { eachNode } from "./each-node.ts";

/** A scalar that other tools read as something else. */
export interface Trap {
  readonly rule: string;
  readonly severity: "warning" | "note";
  readonly message: string;
  readonly range: readonly [start: number, end: number];
  readonly fix: { readonly start: number; readonly end: number; readonly text: string };
}

const time = /^\d{1,2}:\d{2}$/;
const date = /^\d{4}-\d{2}-\d{2}$/;
const word = /^(?:y|yes|n|no|on|off)$/i;

function kindOf(source: string): Pick<Trap, "rule" | "severity" | "message"> | undefined {
  if (time.test(source)) {
    return {
      rule: "unquoted-time",
      severity: "warning",
      message: `Without quotes, ${source} is a number in YAML 1.1, which many tools still speak: write "${source}"`,
    };
  }
  if (date.test(source)) {
    return {
      rule: "unquoted-date",
      severity: "note",
      message: `Without quotes, ${source} is a timestamp in YAML 1.1, which many tools still speak: write "${source}"`,
    };
  }
  if (word.test(source)) {
    return {
      rule: "unquoted-word",
      severity: "warning",
      message: `Without quotes, ${source} is true or false in YAML 1.1, which many tools still speak: write "${source}", or true and false`,
    };
  }
  return undefined;
}

/** Plain scalars that YAML 1.1 reads otherwise than YAML 1.2. Quotes mend them without another change of meaning here. */
export function findTraps(document: Document): readonly Trap[] {
  const traps: Trap[] = [];
  eachNode(document, (node) => {
    if (!isScalar(node) || node.type !== Scalar.PLAIN || typeof node.value !== "string") return;
    const kind = kindOf(node.value);
    if (kind === undefined || !node.range) return;
    const [start, end] = node.range;
    traps.push({ ...kind, range: [start, end], fix: { start, end, text: `"${node.value}"` } });
  });
  return traps;
}

import { isOpen } from "./expressions/evaluate.ts";
import {
  isPrimitive,
  type SettledValue,
  textOf,
  type UnknownValue,
  type Value,
} from "./expressions/value.ts";

/** What a job asks for; or why that is not known, or nothing that GitHub takes. */
export type RunsOn =
  | {
      readonly kind: "labels";
      /** At least one, unless there is a group. */
      readonly labels: readonly string[];
      /** Name of the runner group. */
      readonly group?: string;
    }
  | UnknownValue
  | { readonly kind: "invalid"; readonly message: string };

type Labels = Extract<RunsOn, { kind: "labels" }>["labels"] | Exclude<RunsOn, { kind: "labels" }>;

/** Reads the value of `runs-on`, its expressions evaluated: a label, a list of them, or a mapping of `group` and `labels`. */
export function readRunsOn(value: SettledValue, settle: (part: Value) => SettledValue): RunsOn {
  if (isOpen(value)) return value;
  if (isPrimitive(value) || value.kind === "list") {
    const labels = labelsOf(value, settle);
    return isLabels(labels) ? { kind: "labels", labels } : labels;
  }
  for (const [key, { name }] of value.entries) {
    if (key !== "group" && key !== "labels") {
      return invalid(`runs-on has group and labels, and no ${name}`);
    }
  }
  const named = value.entries.get("labels");
  const labels = named === undefined ? [] : labelsOf(settle(named.value), settle);
  if (!isLabels(labels)) return labels;
  const group = settle(value.entries.get("group")?.value ?? null);
  if (isOpen(group)) return group;
  if (!isPrimitive(group)) return invalid("The group of runs-on is no text");
  const text = textOf(group);
  if (text === "") {
    return labels.length > 0
      ? { kind: "labels", labels }
      : invalid("runs-on has neither group nor labels");
  }
  return { kind: "labels", labels, group: text };
}

function isLabels(labels: Labels): labels is readonly string[] {
  return Array.isArray(labels);
}

function invalid(message: string): Extract<RunsOn, { kind: "invalid" }> {
  return { kind: "invalid", message };
}

function labelsOf(value: SettledValue, settle: (part: Value) => SettledValue): Labels {
  if (isOpen(value)) return value;
  const items = !isPrimitive(value) && value.kind === "list" ? value.items : [value];
  if (items.length === 0) return invalid("runs-on is an empty list");
  const labels: string[] = [];
  for (const item of items.map(settle)) {
    if (isOpen(item)) return item;
    if (!isPrimitive(item)) return invalid("A label is a text, and this is a list or a mapping");
    const text = textOf(item);
    if (text === "") return invalid("runs-on comes out empty");
    labels.push(text);
  }
  return labels;
}

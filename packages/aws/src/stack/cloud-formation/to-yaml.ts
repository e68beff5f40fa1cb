import type { TemplateValue } from "./template-value.ts";

/** Words that YAML, of any version, takes for something else than a text. */
const reserved = /^(?:y|n|yes|no|on|off|true|false|null)$/iu;
/** Texts that need no quotes: they begin with a letter, and no character of them means anything. */
const plain = /^[A-Za-z][\w./-]*(?: [\w./-]+)*$/u;
const plainKey = /^[A-Za-z][\w]*(?:::\w+)?$/u;

/** A value as YAML: blocks, with texts in double quotes wherever these could mean anything. Ends with a line break. */
export function toYaml(value: TemplateValue): string {
  return `${block(value, "")}\n`;
}

function block(value: TemplateValue, indent: string): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return (value as readonly TemplateValue[])
      .map(
        (item) =>
          `${indent}- ${isScalar(item) ? scalar(item) : block(item, `${indent}  `).trimStart()}`,
      )
      .join("\n");
  }
  if (isScalar(value)) return scalar(value);
  const entries = Object.entries(value).filter(([, own]) => own !== undefined) as [
    string,
    TemplateValue,
  ][];
  if (entries.length === 0) return "{}";
  return entries
    .map(([key, own]) => {
      const name = plainKey.test(key) && !reserved.test(key) ? key : JSON.stringify(key);
      if (isScalar(own)) return `${indent}${name}: ${scalar(own)}`;
      return `${indent}${name}:\n${block(own, `${indent}  `)}`;
    })
    .join("\n");
}

function isScalar(value: TemplateValue): value is string | number | boolean {
  if (typeof value !== "object") return true;
  return false;
}

function scalar(value: string | number | boolean): string {
  if (typeof value !== "string") return String(value);
  return plain.test(value) && !reserved.test(value) ? value : JSON.stringify(value);
}

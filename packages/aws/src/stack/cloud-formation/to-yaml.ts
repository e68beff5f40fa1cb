import type { TemplateValue } from "./template-value.ts";

/** Words that YAML, of any version, takes for something else than a text. */
const reserved = /^(?:y|n|yes|no|on|off|true|false|null)$/iu;
/** Texts that need no quotes: they begin with a letter, and no character of them means anything. */
const plain = /^[A-Za-z][\w./-]*(?: [\w./-]+)*$/u;
const plainKey = /^[A-Za-z]\w*(?:::\w+)?$/u;

/** A value as YAML: blocks, with texts in double quotes wherever these could mean anything. Ends with a line break. */
export function toYaml(value: TemplateValue): string {
  return `${inline(value) ?? block(value, "")}\n`;
}

/** What stands in one line; `undefined` for what has lines of its own. */
function inline(value: TemplateValue): string | undefined {
  if (typeof value === "string") {
    return plain.test(value) && !reserved.test(value) ? value : JSON.stringify(value);
  }
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return value.length === 0 ? "[]" : undefined;
  return entriesOf(value).length === 0 ? "{}" : undefined;
}

function block(value: TemplateValue, indent: string): string {
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    return (value as readonly TemplateValue[])
      .map((item) => `${indent}- ${inline(item) ?? block(item, deeper).slice(deeper.length)}`)
      .join("\n");
  }
  return entriesOf(value)
    .map(([key, own]) => {
      const name = plainKey.test(key) && !reserved.test(key) ? key : JSON.stringify(key);
      const text = inline(own);
      return `${indent}${name}:${text === undefined ? `\n${block(own, deeper)}` : ` ${text}`}`;
    })
    .join("\n");
}

function entriesOf(value: TemplateValue): readonly (readonly [string, TemplateValue])[] {
  return Object.entries(value).filter(([, own]) => own !== undefined);
}

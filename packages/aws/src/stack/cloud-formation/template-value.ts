import { hasPlaceholder, placeholder } from "../place.ts";

/** Something that a template can hold. */
export type TemplateValue =
  | string
  | number
  | boolean
  | readonly TemplateValue[]
  | { readonly [key: string]: TemplateValue | undefined };

/**
 * A value with CloudFormation's own references in the place of placeholders: a text that is one placeholder refers to it, one that
 * has some among other characters is put together. Policy variables stay what they are, which in such a text needs `!`.
 */
export function templateValue(value: unknown): TemplateValue {
  if (typeof value === "string") return reference(value);
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(templateValue);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, own]) => own !== undefined)
        .map(([key, own]) => [key, templateValue(own)]),
    );
  }
  throw new TypeError(`A template cannot hold ${String(value)}`);
}

function reference(text: string): TemplateValue {
  if (!hasPlaceholder(text)) return text;
  const [only] = text.matchAll(placeholder);
  if (only?.[0] === text) return { Ref: only.groups?.["name"] ?? "" };
  return { "Fn::Sub": text.replaceAll(notOurs, "$${!") };
}

/** What begins like a reference and is none of CloudFormation's, which `!` tells it. */
const notOurs = /\$\{(?!(?:AWS::\w+|[A-Z][A-Za-z\d.]*)\})/gu;

/** An attribute of another resource of the template. */
export function attributeOf(resource: string, attribute: string): TemplateValue {
  return { "Fn::GetAtt": [resource, attribute] };
}

/** What names another resource of the template. */
export function referenceTo(resource: string): TemplateValue {
  return { Ref: resource };
}

/** The names of a template's own parameters that a value refers to. */
export function parametersIn(value: TemplateValue): readonly string[] {
  const found = new Set<string>();
  const text = JSON.stringify(value);
  for (const [, name = ""] of text.matchAll(/"Ref":"(?<name>[A-Za-z\d]+)"/gu)) found.add(name);
  for (const [, name = ""] of text.matchAll(/\$\{(?<name>[A-Z][A-Za-z\d]*)\}/gu)) found.add(name);
  return [...found];
}

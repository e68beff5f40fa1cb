const brand = Symbol("html");

/** Markup that is safe to write: made by {@link html} and {@link trusted} alone. */
export interface Html {
  readonly [brand]: string;
}

/** What may stand in a template. Everything but markup is escaped; nothing there prints nothing. */
export type HtmlValue = Html | string | number | undefined | readonly Html[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/** Text made harmless in element content and in quoted attributes. Invisible characters, which could reorder what is read, are shown. */
export function escapeHtml(text: string): string {
  return text
    .replace(/[&<>"'`]/g, (character) => entities[character] ?? "")
    .replace(/[\p{Cc}\p{Cf}]/gu, (character) =>
      character === "\n" || character === "\t"
        ? character
        : `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`,
    );
}

/** Markup from a template. Values stand in element content or in quoted attributes, never in names, scripts or styles. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let text = strings[0] ?? "";
  values.forEach((value, index) => {
    text += markupOf(value) + (strings[index + 1] ?? "");
  });
  return { [brand]: text };
}

/** Markup that a library made of text which it has escaped itself. */
export function trusted(markup: string): Html {
  return { [brand]: markup };
}

/** The finished text. */
export function renderHtml(markup: Html): string {
  return markup[brand];
}

function markupOf(value: HtmlValue): string {
  if (value === undefined) return "";
  if (typeof value === "string") return escapeHtml(value);
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) return value.map(markupOf).join("");
  // A value that took its type on trust, such as parsed JSON, has no brand and prints nothing.
  return brand in value ? value[brand] : "";
}

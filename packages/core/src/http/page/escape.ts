const brand = Symbol("html");

/** Markup that is safe to send: made by {@link html} alone. */
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

/** Text made harmless in element content and in quoted attributes. The one place where that is decided. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => entities[character] ?? "");
}

function markupOf(value: HtmlValue): string {
  if (value === undefined) return "";
  if (typeof value === "string") return escapeHtml(value);
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) return value.map(markupOf).join("");
  // A value that took its type on trust, such as parsed JSON, has no brand and prints nothing.
  return brand in value ? value[brand] : "";
}

/**
 * Markup from a template. Every value in it is escaped unless it is markup itself. Values stand in element content or in
 * quoted attributes, never in names, unquoted attributes, scripts or styles.
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let text = strings[0] ?? "";
  values.forEach((value, index) => {
    text += markupOf(value) + (strings[index + 1] ?? "");
  });
  return { [brand]: text };
}

/** The finished text. */
export function renderHtml(markup: Html): string {
  return markup[brand];
}

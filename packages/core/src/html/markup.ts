const brand = Symbol("html");

/** Markup that is safe to send: made by {@link html} and {@link trustedHtml} alone. */
export interface Html {
  /** Only this module can write it. */
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

/** `⟨U+202E⟩` of a character that cannot be seen. */
function shown(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return `⟨U+${code}⟩`;
}

/**
 * Text made harmless in element content and in quoted attributes. Characters that cannot be seen are shown by their
 * number, line breaks and tabs aside: they could reorder what is read, or let two names look alike.
 */
export function escapeHtml(text: string): string {
  return text
    .replace(/[&<>"'`]/g, (character) => entities[character] ?? "")
    .replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, shown);
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
 *
 * @example
 * renderHtml(html`<p title="${"a > b"}">${[html`<b>1</b>`]}</p>`); // <p title="a &gt; b"><b>1</b></p>
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let text = strings[0] ?? "";
  values.forEach((value, index) => {
    text += markupOf(value) + (strings[index + 1] ?? "");
  });
  return { [brand]: text };
}

/**
 * Markup that is sent as it is. Whoever calls this has seen to it that nothing in it is text from outside that was not
 * escaped: a library's drawing of escaped text, or one that was looked through.
 */
export function trustedHtml(markup: string): Html {
  return { [brand]: markup };
}

/** The finished text. */
export function renderHtml(markup: Html): string {
  return markup[brand];
}

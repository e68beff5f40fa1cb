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

const shapes = new Set("svg title desc defs pattern g rect line path polyline text".split(" "));
const shapeAttributes = new Set(
  "class viewBox width height role id patternUnits patternTransform x y x1 y1 x2 y2 rx d points fill".split(
    " ",
  ),
);
const token = /<\/([a-z]+)>|<([a-z]+)((?: [a-zA-Z0-9]+="[^"<>]*")*)\/?>|[^<>]+/y;

function isPlainTag(name: string, attributes: string): boolean {
  if (!shapes.has(name)) return false;
  for (const [, attribute = "", value = ""] of attributes.matchAll(/ ([a-zA-Z0-9]+)="([^"]*)"/g)) {
    if (!shapeAttributes.has(attribute)) return false;
    if (attribute === "fill" && !/^url\(#[a-z-]+\)$/.test(value)) return false;
  }
  return true;
}

/**
 * A picture that another part has drawn as SVG. It has to consist of plain shapes and escaped text: one that holds
 * anything that could run, load or style becomes nothing.
 */
export function drawing(svg: string): Html {
  const text = svg.trim().replace(' xmlns="http://www.w3.org/2000/svg"', "");
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const found = token.exec(text);
    if (found === null) return html``;
    const [, closed, opened, attributes = ""] = found;
    const name = closed ?? opened;
    if (name !== undefined && !isPlainTag(name, attributes)) return html``;
  }
  return { [brand]: text };
}

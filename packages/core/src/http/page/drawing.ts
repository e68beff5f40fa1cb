import { type Html, html, trustedHtml } from "../../html/markup.ts";

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
  return trustedHtml(text);
}

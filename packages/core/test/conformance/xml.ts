/** An element of an answer: its text, or its children in order. */
export interface Xml {
  readonly name: string;
  readonly text: string;
  readonly children: readonly Xml[];
}

const token = /<(?:\?[^>]*\?|(\/)?([A-Za-z][\w.:-]*)[^>]*?(\/)?)>|([^<]+)/gu;

function unescaped(text: string): string {
  const signs: Readonly<Record<string, string>> = {
    lt: "<",
    gt: ">",
    quot: '"',
    apos: "'",
    amp: "&",
  };
  return text.replace(/&(\w+);/gu, (whole, name: string) => signs[name] ?? whole);
}

/** Reads an answer of EC2: elements and text, no attributes. Throws an Error when it is none. */
export function parseXml(source: string): Xml {
  type Open = { readonly name: string; text: string; readonly children: Xml[] };
  const root: Open = { name: "", text: "", children: [] };
  const path: Open[] = [root];
  for (const [, closing, name, empty, text] of source.matchAll(token)) {
    const top = path.at(-1) ?? root;
    if (text !== undefined) top.text += unescaped(text);
    else if (closing !== undefined) path.pop();
    else if (name !== undefined) {
      const child: Open = { name, text: "", children: [] };
      top.children.push(child);
      if (empty === undefined) path.push(child);
    }
  }
  const [only] = root.children;
  if (only === undefined || path.length !== 1) throw new Error("The answer is no XML");
  return only;
}

/** The first child of this name; an empty one when there is none. */
export function childOf(element: Xml, name: string): Xml {
  return element.children.find((child) => child.name === name) ?? { name, text: "", children: [] };
}

/** The text of a child; `undefined` when it has none. */
export function textOf(element: Xml, name: string): string | undefined {
  const text = childOf(element, name).text.trim();
  return text === "" ? undefined : text;
}

/** The items of a list. */
export function itemsOf(element: Xml, name: string): readonly Xml[] {
  return childOf(element, name).children.filter((child) => child.name === "item");
}

/** Colours of a page by the name of their custom property, without its dashes: `#rrggbb`. */
export type Palette = Readonly<Record<string, string>>;

function read(css: string): Palette {
  return Object.fromEntries(
    [...css.matchAll(/--([\w-]+): (#[0-9a-f]{6})\b/g)].map(([, name, colour]) => [name, colour]),
  );
}

/**
 * The colours of a style sheet in both colour schemes. Those of the first `@media (prefers-color-scheme: dark)`, which
 * ends with a brace at the beginning of a line, override those before it.
 */
export function palettesOf(css: string): { readonly light: Palette; readonly dark: Palette } {
  const [before = "", after = ""] = css.split("@media (prefers-color-scheme: dark)");
  const light = read(before);
  return { light, dark: { ...light, ...read(after.split("\n}")[0] ?? "") } };
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/**
 * How well two colours can be told apart, 1 to 21. Text needs 4.5, shapes that mean something 3.
 * Source: Web Content Accessibility Guidelines 2.2, 1.4.3 and 1.4.11.
 *
 * @throws A RangeError unless both are `#rrggbb`.
 */
export function contrastRatio(front: string, back: string): number {
  for (const colour of [front, back]) {
    if (!/^#[0-9a-f]{6}$/.test(colour)) throw new RangeError(`${colour} is no colour`);
  }
  const [dark = 0, light = 0] = [front, back].map(luminance).sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

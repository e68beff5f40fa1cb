/** How wide a letter is at a size of one pixel: a wide font's mean, since nobody knows which font a reader has. */
const letter = 0.62;
/** The same of letters that fill a square. */
const square = 1.05;

function widthOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  // From the scripts of East Asia on letters are squares, and so are pictographs; signs such as arrows and dashes are not.
  return code >= 0x1100 && (code < 0x2000 || code >= 0x2c00) ? square : letter;
}

/** About how wide a text is, pixels. */
export function textWidth(text: string, sizePx: number): number {
  return [...text].reduce((sum, character) => sum + widthOf(character) * sizePx, 0);
}

/** A text, or its beginning with an ellipsis, as far as there is room. Empty where not even a letter has. */
export function fitText(text: string, sizePx: number, roomPx: number): string {
  if (textWidth(text, sizePx) <= roomPx) return text;
  let kept = "";
  let width = letter * sizePx;
  for (const character of text) {
    width += widthOf(character) * sizePx;
    if (width > roomPx) break;
    kept += character;
  }
  return kept === "" ? "" : `${kept.trimEnd()}…`;
}

/** Lines of as many parts as there is room for, each part whole where it can be. */
export function fitLines(
  parts: readonly string[],
  separator: string,
  sizePx: number,
  roomPx: number,
): readonly string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const latest = lines.at(-1);
    const longer = latest === undefined ? part : `${latest}${separator}${part}`;
    if (latest !== undefined && textWidth(longer, sizePx) <= roomPx)
      lines[lines.length - 1] = longer;
    else lines.push(fitText(part, sizePx, roomPx));
  }
  return lines;
}

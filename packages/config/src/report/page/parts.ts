import { type Html, type HtmlValue, html } from "@runs-fleet/core/html";

/** A cell that is not simply a number at the right edge. */
export interface Cell {
  readonly value: HtmlValue;
  readonly kind?: "left" | "text" | "over" | "less";
}

/** A table that scrolls by itself when it is wider than the page. The first cell of each row is its head. */
export interface TableOptions {
  readonly caption: string;
  readonly head: readonly (string | Cell)[];
  readonly rows: readonly (readonly (HtmlValue | Cell)[])[];
  /** The last row is the sum of the others. */
  readonly sum?: boolean;
}

function isCell(value: HtmlValue | Cell): value is Cell {
  return typeof value === "object" && value !== null && "value" in value;
}

function cell(content: HtmlValue | Cell): Html {
  if (!isCell(content)) return html`<td>${content}</td>`;
  return content.kind === undefined
    ? html`<td>${content.value}</td>`
    : html`<td class="${content.kind}">${content.value}</td>`;
}

export function table({ caption, head, rows, sum = false }: TableOptions): Html {
  const heads = head.map((name) =>
    isCell(name)
      ? html`<th scope="col" class="${name.kind ?? "left"}">${name.value}</th>`
      : html`<th scope="col">${name}</th>`,
  );
  const lines = rows.map(([first, ...rest], index) => {
    const title = isCell(first) ? first.value : first;
    const cells = html`<th scope="row">${title}</th>${rest.map(cell)}`;
    return sum && index === rows.length - 1
      ? html`<tr class="sum">${cells}</tr>
`
      : html`<tr>${cells}</tr>
`;
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption class="hidden">${caption}</caption><thead><tr>${heads}</tr></thead><tbody>
${lines}</tbody></table></div>
`;
}

/** A colour of the palette with its name. */
export interface LegendEntry {
  readonly colour: string;
  readonly name: string;
  readonly line?: boolean;
}

export function legend(entries: readonly LegendEntry[]): Html {
  const items = entries.map(
    ({ colour, name, line = false }) =>
      html`<li><span class="${line ? "swatch line" : "swatch"}" style="background:var(--${colour})"></span>${name}</li>`,
  );
  return html`<ul class="legend" aria-hidden="true">${items}</ul>`;
}

/** A card of the page. `about` says in a sentence what is to be seen. */
export function section(
  id: string,
  title: string,
  about: HtmlValue,
  ...content: readonly Html[]
): Html {
  return html`<section class="card" id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2><p>${about}</p>
${content}</section>
`;
}

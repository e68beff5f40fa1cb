import { type Html, html, renderHtml } from "@runs-fleet/core/html";
import { plural } from "../../report/format.ts";
import type { PoolWeek } from "../pool-week.ts";
import { meaning, rangeWords, weekFacts } from "../week-words.ts";
import { drawLegend } from "./draw-legend.ts";
import { drawWeek, weekHeight } from "./draw-week.ts";
import { fitLines, fitText } from "./fit-text.ts";
import { pictureStyle } from "./picture-style.ts";
import { px } from "./px.ts";

/** What {@link previewSvg} is told. */
export interface PreviewSvgOptions {
  /** Name of the configuration. */
  readonly file: string;
  /** Pixels. @defaultValue 1080 */
  readonly width?: number;
}

const usualWidth = 1080;
/** Narrower ones could not be read. */
const leastWidth = 320;
const line = 17;
const gap = 14;

/** The weeks of pools as one picture, which has all that it needs. Same weeks, same bytes. */
export function previewSvg(
  weeks: readonly PoolWeek[],
  { file, width: asked = usualWidth }: PreviewSvgOptions,
): string {
  const width = Math.max(leastWidth, asked);
  const isNarrow = width < 600;
  const margin = isNarrow ? 8 : 22;
  const inner = width - 2 * margin;
  const headings = fitLines(
    [plural(weeks.length, "pool"), rangeWords(weeks), file],
    " · ",
    12,
    inner,
  );
  const parts: Html[] = [
    html`<text x="${margin}" y="34" class="h1">What the pools want</text>`,
    ...lines(headings, margin, 56),
  ];
  let y = 56 + headings.length * line;
  const legend = drawLegend(weeks, margin, y, width - margin);
  parts.push(legend.markup);
  y += legend.height + gap;
  for (const week of weeks) {
    const card = drawCard(week, inner, isNarrow ? 10 : 18);
    parts.push(html`<g transform="translate(${margin} ${px(y)})">${card.markup}</g>
`);
    y += card.height + gap;
  }
  const footer = fitLines(meaning.split(" "), " ", 12, inner);
  parts.push(...lines(footer, margin, y + 8));
  const height = y + footer.length * line + 12;
  return renderHtml(html`<svg xmlns="http://www.w3.org/2000/svg" class="rfp" viewBox="0 0 ${px(width)} ${px(height)}" width="${px(width)}" height="${px(height)}" role="img">
<title>What the pools of ${file} want, ${rangeWords(weeks)}</title>
<desc>${weeks.map(({ pool, ...week }) => html`${pool.name}: ${weekFacts({ pool, ...week }).join(", ")}. `)}</desc>
<style>${pictureStyle}</style>
<rect width="${px(width)}" height="${px(height)}" class="page"/>
${parts}</svg>
`);
}

function lines(texts: readonly string[], x: number, y: number): Html[] {
  return texts.map(
    (text, index) =>
      html`<text x="${px(x)}" y="${px(y + index * line)}" class="soft">${text}</text>`,
  );
}

/** One pool: its name, what there is to say, its week. */
function drawCard(
  week: PoolWeek,
  width: number,
  padding: number,
): { readonly markup: Html; readonly height: number } {
  const { name } = week.pool;
  const room = width - 2 * padding;
  const facts = fitLines(weekFacts(week), " · ", 12, room);
  const top = 42 + facts.length * line;
  const height = top + weekHeight + 8;
  const markup = html`<rect x=".5" y=".5" width="${px(width - 1)}" height="${px(height - 1)}" rx="9" class="card"/><text x="${padding}" y="27" class="h2"><title>${name}</title>${fitText(name, 15.5, room)}</text>${lines(facts, padding, 46)}<g transform="translate(${padding} ${px(top)})">${drawWeek(week, room)}</g>`;
  return { markup, height };
}

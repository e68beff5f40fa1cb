import { type Html, html, renderHtml } from "@runs-fleet/core/html";
import { reportClock } from "../../report/clock.ts";
import { count, plural } from "../../report/format.ts";
import { section, table } from "../../report/page/parts.ts";
import { styles } from "../../report/page/styles.ts";
import type { PoolWeek } from "../pool-week.ts";
import { daysWords, meaning, rangeWords, specialDays, weekFacts } from "../week-words.ts";
import { drawLegend } from "./draw-legend.ts";
import { drawWeek, weekHeight } from "./draw-week.ts";
import { pictureStyle } from "./picture-style.ts";

/** What {@link previewPage} is told. */
export interface PreviewPageOptions {
  /** Name of the configuration. */
  readonly file: string;
  /** Who wrote the page. */
  readonly program: string;
}

/** Nothing is loaded and nothing runs: the page is text, shapes and style. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const widths = { wide: 1_110, narrow: 340 } as const;

/** What this page has of its own: what is told of a pool may be as long as its picture is wide. */
const pageStyle = html`
.card > h2 + p { max-width: none; overflow-wrap: anywhere; }
.card > h2 { overflow-wrap: anywhere; }
.card .facts { margin-top: 10px; font-size: 14px; }
`;

/** From so many pools on, their names are listed at the top. */
const manyPools = 4;
/** Most changes that a table has. */
const mostChanges = 200;

/** The weeks of pools as one page, which has all that it needs. Same weeks, same bytes. */
export function previewPage(
  weeks: readonly PoolWeek[],
  { file, program }: PreviewPageOptions,
): string {
  return renderHtml(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<title>What the pools of ${file} want</title>
<style>${styles}${pictureStyle}${pageStyle}</style>
</head>
<body>
<a class="skip" href="#content">To the pools</a>
<header class="top"><div class="wrap"><span class="brand">What the pools want</span><p>${file}</p></div></header>
<main class="wrap" id="content">
${hero(weeks)}${contents(weeks)}${weeks.map(poolSection)}</main>
<footer class="wrap">Written by ${program}. The same inputs give the same bytes.</footer>
</body>
</html>
`);
}

function hero(weeks: readonly PoolWeek[]): Html {
  const sum = (of: (week: PoolWeek) => number): string =>
    count(weeks.reduce((all, week) => all + of(week), 0));
  const special = weeks.flatMap((week) => week.days.filter(({ marks }) => marks.length > 0));
  const dates = new Set(special.map(({ date }) => date));
  const tile = (name: string, value: string): Html =>
    html`<div class="tile"><dt>${name}</dt><dd>${value}</dd></div>`;
  return html`<section class="card hero" aria-labelledby="hero-title"><h1 id="hero-title">${plural(weeks.length, "pool")}, ${rangeWords(weeks)}</h1><p>${meaning}</p>
<dl class="tiles">${[
    tile(
      "hot machine-hours",
      sum(({ hours }) => hours.hot),
    ),
    tile(
      "stopped machine-hours",
      sum(({ hours }) => hours.stopped),
    ),
    tile(
      "machines, by all limits",
      sum(({ pool }) => pool.limits.machines),
    ),
    tile("days that are special", count(dates.size)),
  ]}</dl>
${legend(weeks)}</section>
`;
}

function legend(weeks: readonly PoolWeek[]): Html {
  return html`<div class="plot" aria-hidden="true">${(["wide", "narrow"] as const).map((size) => {
    const { markup, height } = drawLegend(weeks, 0, 4, widths[size]);
    return html`<div class="${size}"><svg class="rfp" viewBox="0 0 ${widths[size]} ${height}">${markup}</svg></div>`;
  })}</div>`;
}

function contents(weeks: readonly PoolWeek[]): Html {
  if (weeks.length < manyPools) return html``;
  return html`<nav class="toc" aria-label="Pools">${weeks.map(({ pool }, index) => html`<a href="#pool-${index}">${pool.name}</a>`)}</nav>
`;
}

function poolSection(week: PoolWeek, index: number): Html {
  const drawing = (size: "wide" | "narrow"): Html =>
    html`<div class="${size}"><svg class="rfp" viewBox="0 0 ${widths[size]} ${weekHeight}">${drawWeek(week, widths[size])}</svg></div>`;
  const { name } = week.pool;
  const facts = weekFacts(week).join(" · ");
  return section(
    `pool-${index}`,
    name,
    facts,
    html`<div class="plot" role="img" aria-label="${name}: ${facts}">${drawing("wide")}${drawing("narrow")}</div>
`,
    special(week),
    changes(week),
  );
}

/** What the colours mark, for those who cannot see or hover. */
function special({ days }: PoolWeek): Html {
  const told = specialDays(days);
  if (told.length === 0) return html``;
  const items = told.map(({ first, last, marks }) => {
    return html`<li><strong>${daysWords(first, last)}</strong>: ${marks.map(({ name, words }) => `${name} ${words}`).join("; ")}</li>`;
  });
  return html`<ul class="facts">${items}</ul>
`;
}

function changes({ pool, changes: all, timeZone }: PoolWeek): Html {
  if (all.length === 0) return html``;
  const clock = reportClock(timeZone);
  const rows = all
    .slice(0, mostChanges)
    .map(({ atMs, before, after, causes }) => [
      clock.moment(atMs),
      before.hot === after.hot ? String(after.hot) : `${before.hot} → ${after.hot}`,
      before.stopped === after.stopped
        ? String(after.stopped)
        : `${before.stopped} → ${after.stopped}`,
      { value: causes.join(", "), kind: "text" as const },
    ]);
  const rest =
    all.length > mostChanges
      ? html`<p class="soft">And ${count(all.length - mostChanges)} more.</p>`
      : undefined;
  return html`<details><summary>${plural(all.length, "change")}</summary>${table({
    caption: `Changes of ${pool.name}, ${timeZone}`,
    head: ["when", "hot", "stopped", { value: "because of", kind: "left" }],
    rows,
  })}${rest}</details>
`;
}

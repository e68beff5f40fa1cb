import { type Compiled, target } from "@runs-fleet/scheduling";
import { civilAt } from "./civil.ts";
import { calendarOf, homeZone, thresholds, type WeekOfYear } from "./configuration.ts";
import { eachStretch, type Frame } from "./frames.ts";
import type { Judgement, PoolWeek } from "./judgement.ts";
import type { Lived } from "./week.ts";

const width = 1_180;
const left = 96;
const right = 16;
const top = 62;
const plotHeight = 150;
const gap = 44;
const columns = width - left - right;
const hourMs = 3_600_000;

/** The least and the most of each curve in one column of pixels. */
interface Column {
  target: [least: number, most: number];
  ready: [least: number, most: number];
  working: [least: number, most: number];
  stopped: [least: number, most: number];
}

type Curve = keyof Column;

const px = (value: number): string => String(Math.round(value * 10) / 10);
const escapeXml = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const widen = (range: [number, number], value: number): void => {
  range[0] = Math.min(range[0], value);
  range[1] = Math.max(range[1], value);
};

function columnsOf(
  calendar: Compiled,
  frames: readonly Frame[],
  week: WeekOfYear,
): readonly Column[] {
  const { fromMs, toMs } = week;
  const none = (): [number, number] => [Number.POSITIVE_INFINITY, 0];
  const list = Array.from(
    { length: columns },
    (): Column => ({ target: none(), ready: none(), working: none(), stopped: none() }),
  );
  const columnAt = (atMs: number): number =>
    Math.min(columns - 1, Math.floor(((atMs - fromMs) / (toMs - fromMs)) * columns));
  eachStretch(
    frames,
    (atMs) => target(calendar, atMs),
    week,
    (frame, wanted, startMs, endMs) => {
      for (let index = columnAt(startMs); index <= columnAt(endMs - 1); index++) {
        const column = list[index];
        if (!column) continue;
        widen(column.target, wanted.hot);
        widen(column.ready, frame.ready);
        widen(column.working, frame.claimed + frame.busy);
        widen(column.stopped, frame.stopped);
      }
    },
  );
  return list;
}

/** A step line through the least and the most of every column. */
function line(list: readonly Column[], curve: Curve, y: (value: number) => number): string {
  const points = list.flatMap((column, index) => {
    const x = left + index + 0.5;
    const [least, most] = column[curve];
    // Down and up in turn, so that the line does not jump back within a column.
    const [first, second] = index % 2 === 0 ? [least, most] : [most, least];
    return least === most
      ? [`${px(x)},${px(y(most))}`]
      : [`${px(x)},${px(y(first))}`, `${px(x)},${px(y(second))}`];
  });
  return `<polyline class="${curve}" points="${points.join(" ")}"/>`;
}

/** An area under the most of every column. */
function area(list: readonly Column[], curve: Curve, y: (value: number) => number): string {
  const tops = list.map(
    (column, index) =>
      `${left + index},${px(y(column[curve][1]))} ${left + index + 1},${px(y(column[curve][1]))}`,
  );
  return `<polygon class="${curve}" points="${left},${px(y(0))} ${tops.join(" ")} ${left + columns},${px(y(0))}"/>`;
}

/** Midnights where the people are, and the change of their clocks. */
function drawDays({ fromMs, toMs }: WeekOfYear, height: number): string {
  const parts: string[] = [];
  const xOf = (atMs: number): number => left + ((atMs - fromMs) / (toMs - fromMs)) * columns;
  let before: number | undefined;
  for (let atMs = fromMs; atMs < toMs; atMs += hourMs) {
    const { hour, date, weekday, atWork } = civilAt(atMs);
    const x = px(xOf(atMs));
    if (hour === 0) {
      parts.push(
        `<line class="day" x1="${x}" y1="${top - 14}" x2="${x}" y2="${height - 12}"/>`,
        `<text class="${atWork ? "label" : "label off"}" x="${px(xOf(atMs) + 4)}" y="${top - 6}">${weekday} ${date.slice(5)}${atWork ? "" : " (off)"}</text>`,
      );
    }
    const jump = before === undefined ? 1 : (hour - before + 24) % 24;
    if (jump !== 1) {
      const words = jump === 0 ? "clocks back" : "clocks forward";
      parts.push(
        `<line class="change" x1="${x}" y1="${top - 2}" x2="${x}" y2="${height - 12}"/>`,
        `<text class="label change" x="${px(xOf(atMs) + 4)}" y="${top + 6}">${words}</text>`,
      );
    }
    before = hour;
  }
  return parts.join("");
}

function drawPool({ pool, hours, windows }: PoolWeek, lived: Lived, base: number): string {
  const list = columnsOf(calendarOf(pool), lived.testimony.frames.get(pool.name) ?? [], lived.week);
  const peak = Math.max(
    1,
    ...list.map((column) =>
      Math.max(column.target[1], column.ready[1], column.working[1], column.stopped[1]),
    ),
  );
  const y = (value: number): number => base + plotHeight - (value / peak) * plotHeight;
  const step = Math.max(1, Math.ceil(peak / 4));
  const ticks = Array.from({ length: Math.floor(peak / step) + 1 }, (_, index) => {
    const value = index * step;
    return `<line class="grid" x1="${left}" y1="${px(y(value))}" x2="${left + columns}" y2="${px(y(value))}"/><text class="tick" x="${left - 6}" y="${px(y(value) + 4)}">${value}</text>`;
  });
  const { fromMs, toMs } = lived.week;
  const marks = windows.map(({ atMs, least, tier }) => {
    const x = left + ((atMs - fromMs) / (toMs - fromMs)) * columns;
    const holds = least >= thresholds.ready;
    const title = `${tier} ${new Date(atMs).toISOString()}: ${least.toFixed(3)}`;
    return `<path class="${holds ? "met" : "missed"}" d="M${px(x - 4)} ${base + plotHeight + 9}h8l-4 -7z"><title>${title}</title></path>`;
  });
  const words = `overshoot ${((hours.above / hours.target) * 100).toFixed(2)} %, ${hours.usd.spare.toFixed(2)} USD against ${hours.usd.alwaysOn.toFixed(2)} always on`;
  return [
    ...ticks,
    area(list, "working", y),
    area(list, "target", y),
    line(list, "stopped", y),
    line(list, "ready", y),
    ...marks,
    `<text class="name" x="12" y="${base + 14}">${escapeXml(pool.name)}</text>`,
    `<text class="label" x="${left}" y="${base + plotHeight + 24}">${escapeXml(words)}</text>`,
  ].join("\n");
}

const style =
  "text{font:12px system-ui,sans-serif;fill:#1f2937}.label,.tick{font-size:11px;fill:#4b5563}.tick{text-anchor:end}.off{fill:#9a3412}.name{font-weight:600;font-size:13px}.title{font-size:15px;font-weight:600}.grid{stroke:#e5e7eb}.day{stroke:#cbd0d8}.change{stroke:#b0005c;stroke-dasharray:3 2}text.change{stroke:none;fill:#b0005c}polyline{fill:none;stroke-linejoin:round}polyline.ready{stroke:#0f766e;stroke-width:1.3}polyline.stopped{stroke:#1d4f91;stroke-width:1.2;stroke-dasharray:4 2}polygon.target{fill:#f59e0b;fill-opacity:.28}polygon.working{fill:#6d28d9;fill-opacity:.35}.met{fill:#0f766e}.missed{fill:#dc2626}";

function drawLegend(y: number): string {
  const entries = [
    ['<rect width="16" height="10" y="-9" fill="#f59e0b" fill-opacity=".28"/>', "hot target"],
    ['<line x2="16" y1="-4" y2="-4" stroke="#0f766e" stroke-width="2"/>', "ready"],
    ['<rect width="16" height="10" y="-9" fill="#6d28d9" fill-opacity=".35"/>', "with a job"],
    [
      '<line x2="16" y1="-4" y2="-4" stroke="#1d4f91" stroke-width="2" stroke-dasharray="4 2"/>',
      "stopped",
    ],
    ['<path class="met" d="M4 0h8l-4 -7z"/>', "window met"],
    ['<path class="missed" d="M4 0h8l-4 -7z"/>', "window missed"],
  ];
  return entries
    .map(
      ([sign, words], index) =>
        `<g transform="translate(${left + index * 118} ${y})">${sign}<text class="label" x="22">${words}</text></g>`,
    )
    .join("");
}

/** The week as an SVG: for every pool what was wanted, what was ready and what worked. */
export function drawWeek(lived: Lived, { pools }: Judgement): string {
  const bottom = top + pools.length * (plotHeight + gap);
  const height = bottom + 26;
  const { week, seed } = lived;
  const title = `A simulated week in ${homeZone}: ${civilAt(week.fromMs).date} to ${civilAt(week.toMs).date}, seed ${seed}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(title)}">`,
    `<style>${style}</style><rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text class="title" x="12" y="24">${escapeXml(title)}</text>`,
    drawDays(week, bottom),
    ...pools.map((pool, index) => drawPool(pool, lived, top + 14 + index * (plotHeight + gap))),
    drawLegend(height - 10),
    "</svg>",
    "",
  ].join("\n");
}

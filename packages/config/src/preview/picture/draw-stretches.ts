import { type Html, html } from "@runs-fleet/core/html";
import { reportClock } from "../../report/clock.ts";
import { capacityWords } from "../exceptions-on.ts";
import type { Stretch } from "../pool-week.ts";
import { textWidth } from "./fit-text.ts";
import type { Frame } from "./frame.ts";
import { px } from "./px.ts";

const numberPx = 11.5;
/** Narrower ones are not hovered over, pixels. */
const leastTouch = 1.5;
/** Where stretches are narrower than this on average, edges would be all there is to see, pixels. */
const leastEdge = 5;

/** The machines: areas with their numbers, hot ones below and stopped ones on top of them. */
export function drawStretches(frame: Frame): Html {
  const { week, columns, bottom } = frame;
  const axis = html`<line x1="${px(columns.left)}" y1="${px(bottom)}" x2="${px(columns.right)}" y2="${px(bottom)}" class="axis"/>`;
  if (week.peak.total === 0) {
    const middle = px((columns.left + columns.right) / 2);
    return html`${axis}<text x="${middle}" y="${px((frame.top + bottom) / 2 + 4)}" class="none">no machine waits here: each is bought for its job</text>`;
  }
  const hot = ({ hot: machines }: Stretch): number => machines;
  const total = ({ hot: machines, stopped }: Stretch): number => machines + stopped;
  const hasEdges = columns.right - columns.left >= leastEdge * week.stretches.length;
  const edges = hasEdges
    ? html`<path d="${edge(frame, total, ({ stopped }) => stopped > 0)}" class="stopped-line"/><path d="${edge(frame, hot, ({ hot: machines }) => machines > 0)}" class="hot-line"/>`
    : undefined;
  return html`<path d="${area(frame, total)}" class="stopped"/><path d="${area(frame, hot)}" class="hot"/>${edges}${axis}${numbers(frame)}${touches(frame)}`;
}

type Machines = (stretch: Stretch) => number;

/** Everything between the axis and a number of machines. */
function area({ week, columns, bottom, y }: Frame, machines: Machines): string {
  const steps = week.stretches.map(
    (stretch) => `V${px(y(machines(stretch)))}H${px(columns.x(stretch.toMs))}`,
  );
  return `M${px(columns.left)} ${px(bottom)}${steps.join("")}V${px(bottom)}Z`;
}

/** The upper edge of an area where it is one: it begins and ends at the height next to it. */
function edge(
  { week, columns, y }: Frame,
  machines: Machines,
  isThere: (stretch: Stretch) => boolean,
): string {
  let path = "";
  week.stretches.forEach((stretch, index) => {
    if (!isThere(stretch)) return;
    const [before, after] = [week.stretches[index - 1], week.stretches[index + 1]];
    const height = px(y(machines(stretch)));
    if (before === undefined) path += `M${px(columns.x(stretch.fromMs))} ${height}`;
    else if (!isThere(before)) {
      path += `M${px(columns.x(stretch.fromMs))} ${px(y(machines(before)))}V${height}`;
    } else path += `V${height}`;
    path += `H${px(columns.x(stretch.toMs))}`;
    if (after !== undefined && !isThere(after)) path += `V${px(y(machines(after)))}`;
  });
  return path;
}

/** Stretches with the same numbers in a row are one to the eye. */
function levels(stretches: readonly Stretch[]): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const stretch of stretches) {
    const latest = found.at(-1);
    const isSame = latest?.hot === stretch.hot && latest.stopped === stretch.stopped;
    if (latest !== undefined && isSame) found[found.length - 1] = { ...latest, toMs: stretch.toMs };
    else found.push(stretch);
  }
  return found;
}

/** The widest part of a stretch that no change of the clock is drawn through. */
function clearPart({ week, columns }: Frame, from: number, to: number): readonly [number, number] {
  const lines = week.days.flatMap(({ clockChanges }) =>
    clockChanges.map(({ atMs }) => columns.x(atMs)).filter((x) => from < x && x < to),
  );
  const edges = [from, ...lines, to];
  let [best, most] = [0, 0];
  edges.slice(1).forEach((right, index) => {
    const width = right - (edges[index] ?? from);
    if (width > most) [best, most] = [index, width];
  });
  return [edges[best] ?? from, edges[best + 1] ?? to];
}

/** Numbers in the areas, where they fit in. */
function numbers(frame: Frame): Html {
  const { week, columns, y } = frame;
  const labels = levels(week.stretches).flatMap(({ fromMs, toMs, hot, stopped }) => {
    const [left, right] = clearPart(frame, columns.x(fromMs), columns.x(toMs));
    const label = (kind: string, value: number, below: number): readonly Html[] => {
      const [from, to] = [y(below + value), y(below)];
      const fits = right - left >= textWidth(String(value), numberPx) + 4 && to - from >= 12;
      if (!fits) return [];
      return [
        html`<text x="${px((left + right) / 2)}" y="${px((from + to) / 2 + 4)}" class="n ${kind}">${value}</text>`,
      ];
    };
    return [...label("in-hot", hot, 0), ...label("in-stopped", stopped, hot)];
  });
  return html`${labels}`;
}

/** What hovering over the picture tells. */
function touches({ week, columns, top, bottom }: Frame): Html {
  const clock = reportClock(week.timeZone);
  const areas = week.stretches.flatMap((stretch) => {
    const [left, right] = [columns.x(stretch.fromMs), columns.x(stretch.toMs)];
    if (right - left < leastTouch) return [];
    const when = `${clock.moment(stretch.fromMs)} to ${clock.moment(stretch.toMs)}`;
    const title = `${when}: ${capacityWords(stretch)} (${stretch.entry ?? "default"})`;
    return [
      html`<rect x="${px(left)}" y="${top}" width="${px(right - left)}" height="${bottom - top}" class="touch"><title>${title}</title></rect>`,
    ];
  });
  return html`${areas}`;
}

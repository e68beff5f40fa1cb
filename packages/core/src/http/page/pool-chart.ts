import type { PoolDetail, PoolStatus } from "../../fleet/status.ts";
import { type Html, html } from "../../html/markup.ts";
import { type ZoneClock, zoneClock } from "../../pools/zone-clock.ts";
import { niceTop, type TimeAxis, timeAxis } from "./axis.ts";
import {
  highest,
  plotHeight,
  plotWidth,
  pointsUntilNow,
  type Scale,
  type Steps,
  stepPath,
  stepsOf,
  targetAhead,
  valueAt,
  xOf,
  yOf,
} from "./curves.ts";
import { formatIso } from "./format.ts";

interface Curve {
  readonly name: string;
  /** Ends the class of its line. */
  readonly look: "target" | "ready" | "booting" | "busy" | "stopped";
  readonly steps: Steps;
  readonly area?: true;
}

interface Plot {
  readonly id: string;
  readonly title: string;
  readonly curves: readonly Curve[];
  readonly ahead: Steps;
}

function gridOf(scale: Scale, { marksMs }: TimeAxis, nowMs: number): Html {
  const lines = marksMs.slice(1, -1).map((atMs) => {
    const x = xOf(scale, atMs);
    return html`<path class="grid" d="M${x} 0V${plotHeight}"></path>`;
  });
  const middle = yOf(scale, scale.top / 2);
  const now = xOf(scale, nowMs);
  return html`${lines}<path class="grid" d="M0 ${middle}H${plotWidth}"></path><path class="grid base" d="M0 ${yOf(scale, 0)}H${plotWidth}"></path><path class="now-line" d="M${now} 0V${plotHeight}"></path>`;
}

function drawPlot(plot: Plot, axis: TimeAxis, nowMs: number, clock: ZoneClock): Html {
  const { id, title, curves, ahead } = plot;
  const top = niceTop(highest([...curves.map(({ steps }) => steps), ahead], axis));
  const scale: Scale = { fromMs: axis.fromMs, toMs: axis.toMs, top };
  const paths = curves.map(
    ({ look, steps, area }) =>
      html`${
        area
          ? html`<path class="area-${look}" d="${stepPath(steps, scale, nowMs, true)}"></path>`
          : undefined
      }<path class="curve-${look}" d="${stepPath(steps, scale, nowMs)}"></path>`,
  );
  const latest = curves.map(({ name, steps }) => `${name} ${steps.at(-1)?.value ?? 0}`).join(", ");
  const description = `From ${clock.moment(axis.fromMs)} to ${clock.moment(axis.toMs)} ${clock.timeZone}. Now: ${latest}.`;
  const legend = curves.map(
    ({ name, look, steps }) =>
      html`<li><span class="key key-${look}" aria-hidden="true"></span>${name} <strong>${steps.at(-1)?.value ?? 0}</strong></li>`,
  );
  const hours = axis.marksMs.map((atMs) => html`<span>${clock.time(atMs)}</span>`);
  return html`<figure class="chart">
<figcaption><h3 id="${id}-title">${title}</h3><ul class="keys">${legend}</ul></figcaption>
<div class="plot"><div class="scale" aria-hidden="true"><span>${top}</span><span>${top / 2}</span><span>0</span></div>
<svg viewBox="0 0 ${plotWidth} ${plotHeight}" preserveAspectRatio="none" role="img" aria-labelledby="${id}-title" aria-describedby="${id}-desc"><desc id="${id}-desc">${description}</desc>${gridOf(scale, axis, nowMs)}${paths}<path class="curve-target ahead" d="${stepPath(ahead, scale, axis.toMs)}"></path></svg>
<div class="ticks faint" aria-hidden="true">${hours}</div></div>
</figure>`;
}

function numbers(curves: readonly Curve[], axis: TimeAxis, nowMs: number, clock: ZoneClock): Html {
  const times = [...axis.marksMs.filter((atMs) => atMs < nowMs), nowMs].filter((atMs) =>
    curves.some(({ steps }) => valueAt(steps, atMs) !== undefined),
  );
  const rows = times.map(
    (atMs) =>
      html`<tr><th scope="row"><time datetime="${formatIso(atMs)}">${clock.time(atMs)}</time>${atMs === nowMs ? " now" : undefined}</th>${curves.map(
        ({ steps }) => html`<td class="num">${valueAt(steps, atMs) ?? "–"}</td>`,
      )}</tr>`,
  );
  return html`<details id="curve-numbers"><summary>The curves as numbers</summary>
<div class="scroll" tabindex="0" role="group" aria-labelledby="curves"><table>
<thead><tr><th scope="col">At, ${clock.timeZone}</th>${curves.map(({ name }) => html`<th scope="col" class="num">${name}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div></details>`;
}

/** What a pool wanted and had lately, and what it will want next. */
export function poolChart(detail: PoolDetail, status: PoolStatus, nowMs: number): Html {
  const { history, schedule } = detail;
  // The zone of a schedule that cannot be read may be what is wrong with it.
  const clock = zoneClock(schedule === undefined ? "UTC" : status.timeZone);
  if (history === undefined) {
    return html`<p class="empty">Only the controller remembers what a pool had. This process stands by, or has just begun.</p>`;
  }
  const axis = timeAxis(history.sinceMs, nowMs, clock);
  const points = pointsUntilNow(detail, status, nowMs);
  const curve = (
    name: string,
    look: Curve["look"],
    field: Parameters<typeof stepsOf>[1],
  ): Curve => ({
    name,
    look,
    steps: stepsOf(points, field),
  });
  const running = [
    { ...curve("Ready", "ready", "ready"), area: true },
    curve("Booting", "booting", "booting"),
    curve("Busy", "busy", "busy"),
    curve("Target", "target", "target"),
  ] as const;
  const stopped = [
    { ...curve("Stopped", "stopped", "stopped"), area: true },
    curve("Target, stopped", "target", "stoppedTarget"),
  ] as const;
  const ahead = (field: "hot" | "stopped"): Steps => targetAhead(detail, field, nowMs, axis.toMs);
  const hasStopped = highest([...stopped.map(({ steps }) => steps), ahead("stopped")], axis) > 0;
  const plots: readonly Plot[] = [
    { id: "running", title: "Running machines", curves: running, ahead: ahead("hot") },
    ...(hasStopped
      ? [{ id: "stopped", title: "Stopped machines", curves: stopped, ahead: ahead("stopped") }]
      : []),
  ];
  return html`${plots.map((plot) => drawPlot(plot, axis, nowMs, clock))}
${numbers([...running, ...(hasStopped ? stopped : [])], axis, nowMs, clock)}
<p class="more">Kept since ${clock.moment(history.sinceMs)} ${clock.timeZone}, when this controller began; at most one point a minute. The dashed line is what the schedule will want.</p>`;
}

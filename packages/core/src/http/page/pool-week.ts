import { explain, transitions } from "@runs-fleet/scheduling";
import { renderTimeline } from "@runs-fleet/scheduling/render";
import type { PoolDetail, PoolStatus } from "../../fleet/status.ts";
import { type Html, html } from "../../html/markup.ts";
import { zoneClock } from "../../pools/zone-clock.ts";
import { drawing } from "./drawing.ts";
import { formatIso } from "./format.ts";

const dayMs = 86_400_000;
/** Most changes that are listed. */
const mostChanges = 60;
/** Most entries that are explained. */
const mostEntries = 40;

const unreadable = html`<p class="empty">The schedule cannot be read.</p>`;

/** The calendar of a pool: yesterday to five days ahead, as a picture and as a list. */
export function poolWeek(
  { schedule, config, region }: PoolDetail,
  status: PoolStatus,
  nowMs: number,
): Html {
  if (schedule === undefined) return unreadable;
  const clock = zoneClock(status.timeZone);
  // Half a day short of the end, so that a change of the clock does not add a day.
  const toMs = clock.dayEndMs(nowMs) + 4.5 * dayMs;
  const picture = drawing(
    renderTimeline(schedule, nowMs - dayMs, toMs, {
      format: "svg",
      width: 900,
      now: nowMs,
      styled: false,
    }),
  );
  const listed = [...takeSome(transitions(schedule, nowMs, nowMs + 7 * dayMs), mostChanges + 1)];
  const rows = listed.slice(0, mostChanges).map(
    ({
      atMs,
      after,
      causes,
    }) => html`<tr><th scope="row"><time datetime="${formatIso(atMs)}">${clock.moment(atMs)}</time></th>
<td class="num">${after.hot}</td><td class="num">${after.stopped}</td><td class="causes">${causes.join(", ")}</td></tr>`,
  );
  const list =
    rows.length === 0
      ? html`<p class="empty">Nothing changes within seven days.</p>`
      : html`<details id="week-changes"><summary>The changes of the next seven days as a list</summary>
<div class="scroll" tabindex="0" role="group" aria-labelledby="week"><table>
<thead><tr><th scope="col">At, ${clock.timeZone}</th><th scope="col" class="num">Ready</th><th scope="col" class="num">Stopped</th><th scope="col">Begins or ends</th></tr></thead>
<tbody>${rows}</tbody></table></div>
${listed.length > mostChanges ? html`<p class="more">and further ones</p>` : undefined}</details>`;
  const total =
    config.regions.length > 1
      ? html`<p class="more">The calendar counts the machines of all ${config.regions.length} regions; everything else on this page is ${region}.</p>`
      : undefined;
  return html`<div class="scroll week" tabindex="0" role="group" aria-labelledby="week">${picture}</div>${list}${total}`;
}

function* takeSome<T>(items: Iterable<T>, most: number): Iterable<T> {
  let taken = 0;
  for (const item of items) {
    if (taken === most) return;
    taken += 1;
    yield item;
  }
}

/** What the schedule says right now, entry by entry. */
export function poolExplanation({ schedule }: PoolDetail, nowMs: number): Html {
  if (schedule === undefined) return unreadable;
  const [first = "", ...lines] = explain(schedule, nowMs).text.split("\n");
  const rest = lines.length - mostEntries;
  return html`<p class="explained">${first}</p>
<ul class="explained">${lines.slice(0, mostEntries).map((line) => html`<li>${line.replace(/^- /, "")}</li>`)}</ul>
${rest > 0 ? html`<p class="more">and ${rest} more entries</p>` : undefined}`;
}

import { type Html, html } from "@runs-fleet/core/html";
import { reportClock } from "../../report/clock.ts";
import type { PoolDay } from "../pool-week.ts";
import { clockChangeSign, clockChangeWords, daysWords, specialDays } from "../week-words.ts";
import { fitText, textWidth } from "./fit-text.ts";
import type { Frame } from "./frame.ts";
import { px } from "./px.ts";

const dayTextPx = 12;
const markTextPx = 11;
const hourMs = 3_600_000;

/** Columns, their names and hours: what lies below the picture. */
export function drawDays(frame: Frame): Html {
  const { week, columns, top, bottom } = frame;
  const days = week.days.map((day, index) => {
    const x = columns.left + index * columns.width;
    const isWeekend = /^S/.test(day.name);
    const kind = day.marks.length > 0 ? "mark" : isWeekend ? "weekend" : undefined;
    const back =
      kind === undefined
        ? undefined
        : html`<rect x="${px(x)}" y="${top}" width="${px(columns.width)}" height="${bottom - top}" class="${kind}"/>`;
    const label = dayLabel(day, columns.width - 5, week.days.length <= 7);
    const edge = html`<line x1="${px(x)}" y1="${top - 36}" x2="${px(x)}" y2="${bottom}" class="grid"/>`;
    return html`${back}${edge}<text x="${px(x + 4)}" y="13" class="day${isWeekend ? " off" : ""}"><title>${day.name} ${day.date}</title>${label}</text>`;
  });
  return html`${days}${hours(frame)}`;
}

/** `Mon 21 Dec`, `Mon 21`, `Mon` in a week and `21` in more than one: as much as there is room for. */
function dayLabel({ name }: PoolDay, room: number, isWeek: boolean): string {
  const [weekday = "", day = "", month = ""] = name.split(" ");
  const forms = [`${weekday} ${day} ${month}`, `${weekday} ${day}`, isWeek ? weekday : day, day];
  return forms.find((form) => textWidth(form, dayTextPx) <= room) ?? "";
}

/** 6, 12 and 18 o'clock below each day that has the room. */
function hours({ week, columns, bottom }: Frame): Html {
  const clock = reportClock(week.timeZone);
  const shown = columns.width >= 84 ? ["06", "12", "18"] : columns.width >= 40 ? ["12"] : [];
  const labels = week.days.flatMap((day) => {
    const found: Html[] = [];
    // Some zones are half an hour off.
    for (let atMs = Math.ceil(day.fromMs / hourMs) * hourMs; atMs < day.toMs; atMs += hourMs / 2) {
      const [hour = "", minute] = clock.time(atMs).split(":");
      if (minute !== "00" || !shown.includes(hour)) continue;
      const x = px(columns.x(atMs));
      found.push(
        html`<line x1="${x}" y1="${bottom}" x2="${x}" y2="${bottom + 4}" class="axis"/><text x="${x}" y="${bottom + 15}" class="hour">${hour}</text>`,
      );
    }
    return found;
  });
  return html`${labels}`;
}

/** What is special about days, above the picture: their names, and changes of the clock. */
export function drawMarks(frame: Frame): Html {
  const { week, columns } = frame;
  const names = specialDays(week.days).map(({ first, last, marks }) => {
    const title = marks.map(({ name, words }) => `${name} ${words}`).join("; ");
    const name = marks.map((mark) => mark.name).join(", ");
    const [left, right] = [columns.x(first.fromMs), columns.x(last.toMs)];
    const shown = fitText(name, markTextPx, right - left - 6);
    return html`<text x="${px(left + 4)}" y="31" class="name"><title>${daysWords(first, last)}: ${title}</title>${shown}</text>`;
  });
  return html`${names}${drawClockChanges(frame)}`;
}

const sign = { width: 34, height: 15 } as const;

function drawClockChanges({ week, columns, top, bottom }: Frame): Html {
  const clock = reportClock(week.timeZone);
  const changes = week.days.flatMap(({ name, clockChanges }) =>
    clockChanges.map(({ atMs, byMs }) => {
      const x = columns.x(atMs);
      const left = Math.max(columns.left, Math.min(columns.right - sign.width, x - sign.width / 2));
      const title = `${name}: ${clockChangeWords(byMs)} to ${clock.time(atMs)}`;
      return html`<g><title>${title}</title><line x1="${px(x)}" y1="${top}" x2="${px(x)}" y2="${bottom}" class="clock"/><rect x="${px(left)}" y="${top + 2}" width="${sign.width}" height="${sign.height}" rx="3" class="sign"/><text x="${px(left + sign.width / 2)}" y="${top + 13.5}" class="sign-text">${clockChangeSign(byMs)}</text></g>`;
    }),
  );
  return html`${changes}`;
}

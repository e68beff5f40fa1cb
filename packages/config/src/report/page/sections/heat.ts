import type { Html } from "@runs-fleet/core/html";
import type { PoolReport, WeekHourWaits } from "@runs-fleet/core/testing";
import { weekdays, weekHourName } from "../../clock.ts";
import { duration, plural } from "../../format.ts";
import { categories, label, still } from "../axes.ts";
import { draw } from "../draw.ts";

/** Up to which p95 a cell has which colour, milliseconds. A minute is where the colour turns. */
const steps = [10_000, 30_000, 60_000, 120_000, 300_000] as const;

/** Legend of the heat maps: the colour and its range. */
export const heatLegend = ["up to 10 s", "30 s", "60 s", "2 min", "5 min", "longer"].map(
  (name, index) => ({ colour: `heat-${index}`, name }),
);

function stepOf(waitMs: number): number {
  const found = steps.findIndex((limit) => waitMs <= limit);
  return found < 0 ? steps.length : found;
}

/** In a few characters: `8`, `45`, `3m`. */
function short(waitMs: number): string {
  const seconds = Math.round(waitMs / 1_000);
  if (seconds < 100) return String(seconds);
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes}m` : `${Math.round(minutes / 60)}h`;
}

/** p95 of each hour of the week: days below one another on a desk, hours on a phone. */
export function heatMap(pool: PoolReport, index: number): Html {
  const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, "0"));
  const title = ({ hour, jobs, p95, over60Share }: WeekHourWaits) =>
    `${weekHourName(hour)}: p95 ${duration(p95)}, ${plural(jobs, "job")}, ${Math.round(over60Share * 100)}% over a minute`;
  return draw({
    id: `heat${index}`,
    description: `p95 of the waits of ${pool.name} in each hour of the week; the table below tells the worst`,
    height: 7 * 27 + 26,
    narrowHeight: 24 * 19 + 26,
    title: (_, datum) => {
      const found = pool.weekHours[datum];
      return found === undefined ? "" : title(found);
    },
    option: ({ narrow }) => {
      const days = categories(weekdays, {
        inverse: !narrow,
        position: narrow ? "top" : "left",
        axisLine: { show: false },
      });
      const clock = categories(hours, {
        inverse: narrow,
        position: narrow ? "left" : "bottom",
        axisLine: { show: false },
      });
      return {
        grid: {
          left: 42,
          right: 2,
          top: narrow ? 24 : 2,
          bottom: narrow ? 2 : 24,
          show: true,
          backgroundColor: "var(--track)",
          borderWidth: 0,
        },
        xAxis: narrow ? days : clock,
        yAxis: narrow ? clock : days,
        visualMap: {
          type: "piecewise",
          show: false,
          dimension: 2,
          pieces: heatLegend.map(({ colour }, value) => ({ value, color: `var(--${colour})` })),
        },
        series: [
          {
            ...still,
            type: "heatmap",
            itemStyle: { borderColor: "var(--card)", borderWidth: 2 },
            label: { ...label, show: true, fontSize: 11 },
            data: pool.weekHours.map(({ hour, p95 }) => {
              const [day, time] = [Math.floor(hour / 24), hour % 24];
              const step = stepOf(p95);
              const color = step === steps.length ? "var(--heat-ink-5)" : "var(--heat-ink)";
              return {
                value: narrow ? [day, time, step] : [time, day, step],
                label: { color, formatter: short(p95) },
              };
            }),
          },
        ],
      };
    },
  });
}

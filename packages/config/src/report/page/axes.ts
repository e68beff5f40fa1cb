import { duration } from "../format.ts";
import type { ChartOption } from "./draw.ts";

/** An axis that may stand on either side. */
type Axis = Sideless<Exclude<ChartOption["xAxis"], readonly unknown[] | undefined>>;
type Sideless<T> = T extends unknown ? Omit<T, "mainType"> : never;

const ink = { color: "var(--soft)", fontSize: 12 } as const;
const rule = { lineStyle: { color: "var(--line)" } } as const;

/** An axis of names. */
export function categories(data: readonly string[], more: Partial<Axis> = {}): Axis {
  return {
    type: "category",
    data: [...data],
    axisLabel: ink,
    axisLine: rule,
    axisTick: { show: false },
    ...more,
  } as Axis;
}

/** An axis of amounts, with few faint lines. */
export function amounts(format: (value: number) => string, more: Partial<Axis> = {}): Axis {
  return {
    type: "value",
    min: 0,
    splitNumber: 3,
    axisLabel: { ...ink, formatter: (value: number) => format(value) },
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: "var(--line-soft)" } },
    ...more,
  } as Axis;
}

/** Steps between the lines of an axis of times, seconds. */
const timeSteps = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200];

/** An axis of lengths of time that reaches to `longestMs`: lines at round seconds or minutes, fewer where it is narrow. */
export function times(longestMs: number, narrow: boolean): Axis {
  const mostSteps = narrow ? 2.5 : 4.5;
  const step = timeSteps.find((seconds) => longestMs / (seconds * 1_000) <= mostSteps) ?? 14_400;
  const ticks = Math.max(1, Math.ceil(longestMs / (step * 1_000)));
  const format = (value: number) => duration(value).replace(".0 ", " ");
  return amounts(format, { max: ticks * step * 1_000, interval: step * 1_000 });
}

/** Names at the left edge, the first on top. The library guesses widths of letters: it is given room to be wrong. */
export function names(data: readonly string[], narrow: boolean): Axis {
  const width = narrow ? 80 : 150;
  const axisLabel = { color: "var(--text)", fontSize: 12, width, overflow: "truncate" } as const;
  return categories(data, { inverse: true, axisLabel });
}

/** The room of a picture whose vertical axis is {@link names}. */
export function besideNames(narrow: boolean) {
  return { left: narrow ? 102 : 176, right: 24, top: 6, bottom: 26 } as const;
}

/** Text in drawings. */
export const label = ink;

/** Series that answer to nobody's pointer: the page has no script. */
export const still = { silent: true, emphasis: { disabled: true }, animation: false } as const;

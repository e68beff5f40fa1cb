import { firstAfter } from "../calendar/rule.ts";

/** A value over a stretch of time. */
export interface Step {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly value: number;
  /** Of two steps with the same value the lower rank counts. */
  readonly rank: number;
}

/** Position of a value that is known to be in a sorted array. */
const indexOf = (sorted: Float64Array, value: number): number => firstAfter(sorted, value) - 1;

/**
 * The highest of many steps at each time. Steps together must cover their whole range.
 *
 * @returns Steps in order of time; neighbours differ in value or rank.
 */
export function envelope(steps: Step[]): Step[] {
  const cuts = Float64Array.from(new Set(steps.flatMap(({ start, end }) => [start, end]))).sort();
  // Highest first: a cell that is filled never changes again, and is jumped over from then on.
  steps.sort((a, b) => b.value - a.value || a.rank - b.rank);
  const owner: (Step | undefined)[] = new Array(cuts.length).fill(undefined);
  const jump = Int32Array.from(cuts.keys());
  const nextFree = (cell: number): number => {
    let free = cell;
    // Each visit halves the way for the next one.
    while (jump[free] !== free) {
      jump[free] = jump[jump[free] as number] as number;
      free = jump[free] as number;
    }
    return free;
  };
  for (const step of steps) {
    const end = indexOf(cuts, step.end);
    for (let cell = nextFree(indexOf(cuts, step.start)); cell < end; cell = nextFree(cell)) {
      owner[cell] = step;
      jump[cell] = cell + 1;
    }
  }
  const highest: Step[] = [];
  for (let cell = 0; cell + 1 < cuts.length; cell++) {
    const { value, rank } = owner[cell] as Step;
    const start = cuts[cell] as number;
    const end = cuts[cell + 1] as number;
    const last = highest.at(-1);
    if (last && last.value === value && last.rank === rank) {
      highest[highest.length - 1] = { ...last, end };
    } else highest.push({ start, end, value, rank });
  }
  return highest;
}

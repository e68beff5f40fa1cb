/** How numbers of machines become heights. */
export interface Scale {
  /** The number at the top. */
  readonly top: number;
  /** Numbers with a line across, 0 not among them. */
  readonly ticks: readonly number[];
  /** Whether the limit has its place below the top. */
  readonly showsLimit: boolean;
}

/** A limit that is farther above the peak than this would press the picture flat. */
const farLimit = 1.6;
/** Air above the peak; room for the words that there is a limit somewhere above. */
const headroom = { shown: 1.14, far: 1.2 } as const;

/** A scale on which the peak fills the picture; the limit has a place on it if it is near. */
export function scaleOf(peak: number, limit: number): Scale {
  const showsLimit = peak > 0 && limit <= peak * farLimit;
  const most = Math.max(1, peak, showsLimit ? limit : 0);
  const step = niceStep(most / 4);
  const ticks: number[] = [];
  for (let tick = step; tick <= most; tick += step) ticks.push(tick);
  return { top: most * (showsLimit ? headroom.shown : headroom.far), ticks, showsLimit };
}

/** The next of 1, 2, 5, 10, 20, 50, ... */
function niceStep(least: number): number {
  for (let decade = 1; ; decade *= 10) {
    const found = [1, 2, 5].find((step) => step * decade >= least);
    if (found !== undefined) return found * decade;
  }
}

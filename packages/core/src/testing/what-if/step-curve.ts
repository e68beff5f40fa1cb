/** A number that changes in steps. */
export interface StepCurve {
  /** Instants of the changes, ascending. */
  readonly times: readonly number[];
  /** The number from each of these instants on; before the first it is 0. */
  readonly values: readonly number[];
  now(): number;
  add(atMs: number, delta: number): void;
  set(atMs: number, value: number): void;
}

/** A curve that is 0 so far. Changes come in order of time; those of one instant are one change. */
export function createStepCurve(): StepCurve {
  const times: number[] = [];
  const values: number[] = [];
  const set = (atMs: number, value: number): void => {
    const last = times.length - 1;
    if (times[last] === atMs) values[last] = value;
    else if ((values[last] ?? 0) !== value) {
      times.push(atMs);
      values.push(value);
    }
  };
  const now = (): number => values.at(-1) ?? 0;
  return { times, values, now, set, add: (atMs, delta) => set(atMs, now() + delta) };
}

/** Calls back with each span of the range in which the number is the same. */
export function eachSpan(
  { times, values }: Pick<StepCurve, "times" | "values">,
  fromMs: number,
  toMs: number,
  visit: (value: number, fromMs: number, toMs: number) => void,
): void {
  let value = 0;
  let sinceMs = fromMs;
  for (let index = 0; index < times.length; index += 1) {
    const atMs = times[index] ?? 0;
    if (atMs >= toMs) break;
    if (atMs > sinceMs) {
      visit(value, sinceMs, atMs);
      sinceMs = atMs;
    }
    value = values[index] ?? 0;
  }
  if (toMs > sinceMs) visit(value, sinceMs, toMs);
}

/** The number multiplied by time, over the range. */
export function integral(curve: StepCurve, fromMs: number, toMs: number): number {
  let sum = 0;
  eachSpan(curve, fromMs, toMs, (value, since, until) => {
    sum += value * (until - since);
  });
  return sum;
}

/** The highest value within the range, and when it was first reached. */
export function peakOf(
  curve: StepCurve,
  fromMs: number,
  toMs: number,
): { readonly peak: number; readonly atMs: number } {
  let [peak, atMs] = [0, fromMs];
  eachSpan(curve, fromMs, toMs, (value, since) => {
    if (value > peak) [peak, atMs] = [value, since];
  });
  return { peak, atMs };
}

/** Means over bins of equal length, rounded to hundredths; the last bin may be shorter. */
export function meansOf(
  curve: Pick<StepCurve, "times" | "values">,
  fromMs: number,
  toMs: number,
  binMs: number,
): number[] {
  const sums = Array.from({ length: Math.ceil((toMs - fromMs) / binMs) }, () => 0);
  eachSpan(curve, fromMs, toMs, (value, since, until) => {
    if (value === 0) return;
    for (let at = since; at < until; ) {
      const bin = Math.floor((at - fromMs) / binMs);
      const end = Math.min(until, fromMs + (bin + 1) * binMs);
      sums[bin] = (sums[bin] ?? 0) + value * (end - at);
      at = end;
    }
  });
  return sums.map((sum, bin) => {
    const lengthMs = Math.min(binMs, toMs - fromMs - bin * binMs);
    return Math.round((sum * 100) / lengthMs) / 100;
  });
}

/** Several curves as one. */
export function sumOf(curves: readonly Pick<StepCurve, "times" | "values">[]): StepCurve {
  const changes = curves.flatMap(({ times, values }) =>
    times.map((atMs, index) => ({
      atMs,
      delta: (values[index] ?? 0) - (values[index - 1] ?? 0),
    })),
  );
  changes.sort((left, right) => left.atMs - right.atMs);
  const sum = createStepCurve();
  for (const { atMs, delta } of changes) sum.add(atMs, delta);
  return sum;
}

/** The number at an instant. */
export function valueAt(
  { times, values }: Pick<StepCurve, "times" | "values">,
  atMs: number,
): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= atMs) low = middle + 1;
    else high = middle;
  }
  return values[low - 1] ?? 0;
}

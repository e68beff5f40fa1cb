import { type Capacity, type Entry, levels, type Schedule } from "@runs-fleet/scheduling";

/** What a schedule wants at its largest, hot and stopped together. */
export interface SchedulePeak extends Capacity {
  /** Where in the schedule what is wanted then comes from. Absent: it is the default, or its `min`. */
  readonly from?: { readonly kind: "entries" | "exceptions"; readonly index: number };
  /** The first such moment, epoch milliseconds. Absent: from the beginning, or none was looked for. */
  readonly atMs?: number;
}

/** How far ahead schedules are looked at, milliseconds: as far as the other lints of schedules. */
export const yearMs = 366 * 86_400_000;

const totalOf = ({ hot, stopped }: Capacity): number => hot + stopped;

/** No moment of the schedule wants more: the largest numbers it has, whether or not they meet. */
export function mostEver({ default: usual, entries, exceptions = [], min, max }: Schedule): number {
  const numbers = (field: keyof Capacity): number => {
    const all = [
      usual[field],
      min?.[field] ?? 0,
      ...entries.map(({ capacity }) => capacity[field] ?? 0),
      ...exceptions.map((one) => overrideOf(one)?.[field] ?? 0),
    ];
    return Math.min(Math.max(...all), max?.[field] ?? Number.POSITIVE_INFINITY);
  };
  return numbers("hot") + numbers("stopped");
}

/**
 * Where a schedule wants more machines than there may be, within a year: for each entry, exception or default that is behind
 * it the largest such moment.
 */
export function peaksWithinYear(
  schedule: Schedule,
  fromMs: number,
  limit: number,
): readonly SchedulePeak[] {
  const positions = new Map(schedule.entries.map(({ name }, index) => [name, index]));
  const peaks = new Map<string, SchedulePeak>();
  for (const { hot, stopped, entry = "", atMs } of levels(schedule, fromMs, fromMs + yearMs)) {
    if (hot + stopped <= limit) continue;
    const from = sourceOf(schedule, positions.get(entry), { hot, stopped });
    const key = JSON.stringify(from ?? null);
    const known = peaks.get(key);
    if (known && totalOf(known) >= hot + stopped) continue;
    const when = atMs === fromMs ? {} : { atMs };
    peaks.set(key, { hot, stopped, ...when, ...(from ? { from } : {}) });
  }
  return [...peaks.values()];
}

/** Where a schedule wants more machines than there may be while one entry alone holds; whether and when it does is not looked at. */
export function peaksOfEntries(schedule: Schedule, limit: number): readonly SchedulePeak[] {
  const { entries, exceptions = [], default: usual } = schedule;
  const enabled = entries.flatMap((entry, index) =>
    entry.enabled === false ? [] : [{ entry, index }],
  );
  const plain = enabled.map(({ entry, index }) => ({
    ...folded(schedule, entry),
    from: { kind: "entries" as const, index },
  }));
  const changed = exceptions.flatMap((exception, index) => {
    const capacity = overrideOf(exception);
    if (capacity === undefined) return [];
    return enabled
      .filter(({ entry }) => exception.entries?.includes(entry.name) ?? true)
      .map(({ entry }) => ({
        ...folded(schedule, { ...entry, capacity: { ...entry.capacity, ...capacity } }),
        from: { kind: "exceptions" as const, index },
      }))
      .sort((left, right) => totalOf(right) - totalOf(left))
      .slice(0, 1);
  });
  return [clamped(schedule, usual), ...plain, ...changed].filter((peak) => totalOf(peak) > limit);
}

/** The entry behind a peak; or the exception, where the entry alone does not want so much. */
function sourceOf(
  schedule: Schedule,
  index: number | undefined,
  peak: Capacity,
): SchedulePeak["from"] {
  const entry = index === undefined ? undefined : schedule.entries[index];
  if (index === undefined || entry === undefined) return undefined;
  const { hot = 0, stopped = 0 } = entry.capacity;
  const exceeds = ({ hot: most = 0, stopped: stock = 0 }: Partial<Capacity>): boolean =>
    (most === peak.hot && hot < most) || (stock === peak.stopped && stopped < stock);
  const exception = (schedule.exceptions ?? []).findIndex((one) => {
    const capacity = overrideOf(one);
    return (
      capacity !== undefined && (one.entries?.includes(entry.name) ?? true) && exceeds(capacity)
    );
  });
  return exception < 0 ? { kind: "entries", index } : { kind: "exceptions", index: exception };
}

function overrideOf({
  action,
}: NonNullable<Schedule["exceptions"]>[number]): Partial<Capacity> | undefined {
  return typeof action === "object" && "capacity" in action ? action.capacity : undefined;
}

/** What holds while an entry alone does. */
function folded(schedule: Schedule, { capacity, mode = "set" }: Entry): Capacity {
  const fold = (field: keyof Capacity): number => {
    const [before, value] = [schedule.default[field], capacity[field]];
    if (value === undefined) return before;
    return mode === "set" ? value : Math[mode === "atLeast" ? "max" : "min"](before, value);
  };
  return clamped(schedule, { hot: fold("hot"), stopped: fold("stopped") });
}

function clamped({ min, max }: Schedule, { hot, stopped }: Capacity): Capacity {
  const clamp = (value: number, field: keyof Capacity): number =>
    Math.min(Math.max(value, min?.[field] ?? 0), max?.[field] ?? Number.POSITIVE_INFINITY);
  return { hot: clamp(hot, "hot"), stopped: clamp(stopped, "stopped") };
}

import type { JobLife } from "./lives.ts";

/** Jobs that wait at GitHub. */
export interface Backlog {
  add(life: JobLife): void;
  remove(life: JobLife): void;
  /** Takes the oldest job that fits. Jobs of one owner, group and label set all fit, or none does. */
  takeOldest(fits: (life: JobLife) => boolean): JobLife | undefined;
  all(): Iterable<JobLife>;
}

/** An empty backlog. Taking costs as much as there are kinds of job, not as there are jobs. */
export function createBacklog(): Backlog {
  // Sets keep the order in which jobs came, which is that of their age.
  const kinds = new Map<string, Set<JobLife>>();
  const kindOf = ({ owner, groupId, labelSet }: JobLife): string =>
    `${owner}|${groupId}|${labelSet}`;
  const remove = (life: JobLife): void => {
    const kind = kinds.get(kindOf(life));
    kind?.delete(life);
    if (kind?.size === 0) kinds.delete(kindOf(life));
  };
  return {
    add: (life) => {
      const kind = kinds.get(kindOf(life)) ?? new Set();
      kinds.set(kindOf(life), kind);
      kind.add(life);
    },
    remove,
    takeOldest: (fits) => {
      let oldest: JobLife | undefined;
      for (const kind of kinds.values()) {
        const [first] = kind;
        if (first === undefined || !fits(first)) continue;
        const isOlder =
          oldest === undefined ||
          first.job.queuedAtMs < oldest.job.queuedAtMs ||
          (first.job.queuedAtMs === oldest.job.queuedAtMs && first.index < oldest.index);
        if (isOlder) oldest = first;
      }
      if (oldest) remove(oldest);
      return oldest;
    },
    *all() {
      for (const kind of kinds.values()) yield* kind;
    },
  };
}

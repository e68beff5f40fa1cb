/** What a machine does, as the world sees it; the controller's opinion does not count. */
export type Phase =
  /** Bought or started; its agent has not said `ready`. */
  | "booting"
  /** Its agent said `ready`, and no job has claimed it. */
  | "ready"
  /** Stored as claimed for a job that has not begun. */
  | "claimed"
  /** Runs a job. */
  | "busy"
  /** Registered for a job that went away. */
  | "spare"
  | "stopped"
  | "ended";

/** The machines of one pool from one moment to the next frame's. */
export interface Frame extends Readonly<Record<Exclude<Phase, "ended">, number>> {
  readonly atMs: number;
  /** Jobs that are queued at GitHub, with a machine or without. */
  readonly waiting: number;
}

/** What is counted, without the time. */
export type Counts = { -readonly [K in Exclude<keyof Frame, "atMs">]: number };

/** The pool of machines and jobs that name none. */
export const noPool = "(no pool)";

export const noCounts: Readonly<Counts> = {
  booting: 0,
  ready: 0,
  claimed: 0,
  busy: 0,
  spare: 0,
  stopped: 0,
  waiting: 0,
};

/** Machines that are not ended. */
export function aliveIn(counts: Omit<Frame, "atMs">): number {
  const { booting, ready, claimed, busy, spare, stopped } = counts;
  return booting + ready + claimed + busy + spare + stopped;
}

/** Jobs that wait and for which no machine is claimed: what is booting is theirs first. */
export function unservedIn({ waiting, claimed }: Omit<Frame, "atMs">): number {
  return Math.max(0, waiting - claimed);
}

/** Where the frame is that holds at a moment; -1 before the first. Frames are in order of time. */
function indexAt(frames: readonly Frame[], atMs: number): number {
  let low = -1;
  let high = frames.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((frames[middle]?.atMs ?? 0) <= atMs) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Visits every stretch of `[fromMs, toMs)` over which frame and level are constant.
 *
 * @param levelAt - What is compared with the frames, and until when it holds.
 */
export function eachStretch<Level extends { readonly untilMs?: number }>(
  frames: readonly Frame[],
  levelAt: (atMs: number) => Level,
  range: { readonly fromMs: number; readonly toMs: number },
  visit: (frame: Frame, level: Level, fromMs: number, toMs: number) => void,
): void {
  const { fromMs, toMs } = range;
  let index = indexAt(frames, fromMs);
  for (let atMs = fromMs; atMs < toMs; ) {
    const frame = frames[index] ?? { atMs, ...noCounts };
    const nextMs = frames[index + 1]?.atMs ?? Number.POSITIVE_INFINITY;
    const level = levelAt(atMs);
    const endMs = Math.min(toMs, nextMs, level.untilMs ?? toMs);
    visit(frame, level, atMs, endMs);
    if (nextMs <= endMs) index += 1;
    atMs = endMs;
  }
}

/** A message that somebody works on. */
export interface HeldMessage {
  /** How long each extension hides it, milliseconds. */
  readonly visibilityMs: number;
  /** Until when it is hidden, by the monotonic clock. */
  readonly hiddenUntilMs: number;
  /** When to extend it. */
  readonly dueMs: number;
  /** When to let go of it: nobody works on one message for so long. */
  readonly letGoMs: number;
}

/** What to do about held messages now. */
export interface HeartbeatPlan<K> {
  /** Messages to hide for longer, by how long. */
  readonly extend: ReadonlyMap<number, readonly K[]>;
  /** Messages to forget: too late, or held for too long. They become visible by themselves. */
  readonly letGo: readonly K[];
}

/** A message that was received, or extended, at `nowMs`: it is due when half of its time is over. */
export function heldFrom(visibilityMs: number, nowMs: number, letGoMs: number): HeldMessage {
  return {
    visibilityMs,
    hiddenUntilMs: nowMs + visibilityMs,
    dueMs: nowMs + visibilityMs / 2,
    letGoMs,
  };
}

/** A message whose extension failed at `nowMs`: some tries remain before its time is over. */
export function heldAfterFailure(held: HeldMessage, nowMs: number): HeldMessage {
  return { ...held, dueMs: nowMs + held.visibilityMs / 8 };
}

/** Plans one beat. Pure: time is an argument, and what is done about the plan is the caller's. */
export function planHeartbeat<K>(
  held: ReadonlyMap<K, HeldMessage>,
  nowMs: number,
): HeartbeatPlan<K> {
  const extend = new Map<number, K[]>();
  const letGo: K[] = [];
  for (const [key, { visibilityMs, hiddenUntilMs, dueMs, letGoMs }] of held) {
    if (nowMs >= hiddenUntilMs || nowMs >= letGoMs) {
      letGo.push(key);
    } else if (nowMs >= dueMs) {
      const others = extend.get(visibilityMs) ?? [];
      extend.set(visibilityMs, others);
      others.push(key);
    }
  }
  return { extend, letGo };
}

/** When the next beat has something to do; `undefined`: never. */
export function nextBeatMs(held: Iterable<HeldMessage>): number | undefined {
  let nextMs: number | undefined;
  for (const { dueMs, letGoMs } of held) {
    nextMs = Math.min(nextMs ?? Number.POSITIVE_INFINITY, dueMs, letGoMs);
  }
  return nextMs;
}

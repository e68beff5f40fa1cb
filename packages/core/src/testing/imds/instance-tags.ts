import type { Clock } from "../../ports/clock.ts";

/** Source: EC2 guide, Work with instance tags in instance metadata, and Tag restrictions, read 2026-11-28. */
const shownKey = /^[0-9a-zA-Z\-_+=,.@:]{1,127}$/u;
const reservedKeys: ReadonlySet<string> = new Set([".", "..", "_index"]);
const longestValue = 256;
const mostTags = 50;

/** The tags of one instance, as its metadata shows them. */
export interface InstanceTags {
  /** Those that are to be seen now, by key. */
  seen(): ReadonlyMap<string, string>;
  /** Changes them; the change is seen after `delayMs`. @throws A `RangeError` when EC2 would refuse it. */
  change(changes: Readonly<Record<string, string | undefined>>, delayMs: number): void;
}

function assertTag(key: string, value: string | undefined): void {
  if (!shownKey.test(key) || reservedKeys.has(key) || /^aws:/iu.test(key)) {
    throw new RangeError(
      `EC2 takes no tag key ${JSON.stringify(key)} of an instance that shows its tags`,
    );
  }
  if (value !== undefined && [...value].length > longestValue) {
    throw new RangeError(`The value of tag ${key} is longer than ${longestValue} characters`);
  }
}

function apply(
  tags: Map<string, string>,
  changes: Readonly<Record<string, string | undefined>>,
): Map<string, string> {
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) tags.delete(key);
    else tags.set(key, value);
  }
  return tags;
}

/** An instance without tags. */
export function createInstanceTags(clock: Clock): InstanceTags {
  const seen = new Map<string, string>();
  let pending: readonly {
    readonly atMs: number;
    readonly changes: Readonly<Record<string, string | undefined>>;
  }[] = [];
  const settle = (): void => {
    const nowMs = clock.monotonicMs();
    for (const { changes } of pending.filter(({ atMs }) => atMs <= nowMs)) apply(seen, changes);
    pending = pending.filter(({ atMs }) => atMs > nowMs);
  };
  return {
    seen() {
      settle();
      return seen;
    },
    change(changes, delayMs) {
      settle();
      for (const [key, value] of Object.entries(changes)) assertTag(key, value);
      const after = new Map(seen);
      for (const change of [...pending, { changes }]) apply(after, change.changes);
      if (after.size > mostTags) {
        throw new RangeError(`An instance has at most ${mostTags} tags, not ${after.size}`);
      }
      // What was changed first is never seen later.
      const afterMs = pending.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY;
      pending = [...pending, { atMs: Math.max(clock.monotonicMs() + delayMs, afterMs), changes }];
    },
  };
}

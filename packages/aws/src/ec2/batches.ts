import { type FailureKind, FleetError, type Outcome } from "@runs-fleet/core";

/** Most machines of one call. EC2 takes more, and recommends fewer: one bad id fails them all. */
const mostIds = 100;

/** Failures of the call, whoever it is about: to split it would only call more often. */
const common: ReadonlySet<FailureKind> = new Set(["throttled", "unavailable", "auth"]);
/** Failures that come of all machines of a call together: fewer of them may succeed. */
const scarce: ReadonlySet<FailureKind> = new Set(["capacity", "quota"]);

/**
 * How many calls for the same room may come to nothing in a row, the first included, before it is taken for full: room for less
 * than a quarter is not looked for. Starts are few, 5 at once and 2 a second, and who waits for them could have bought elsewhere.
 */
const mostInVain = 3;

/** Does a batch as a whole, or rejects; called with at most 100 different ids. */
export type BatchCall = (ids: readonly string[]) => Promise<unknown>;

/** The ids of a batch, together where what they need is the same: a type of machine in a zone. */
export type Grouping = (ids: readonly string[]) => Promise<readonly (readonly string[])[]>;

/**
 * One outcome for each id, in order, of a call that EC2 does for all of its machines or for none. A batch that is refused is
 * halved until the ids to blame are alone: what EC2 says about them is for people. Where room is short, as many succeed as
 * there is room for, except for the last quarter.
 *
 * @param groupsOf - Asked when a batch finds no room: what there is of one type says nothing about another.
 * @throws What is no {@link FleetError}: the reason of a cancelled call, a bug.
 */
export async function eachOf(
  ids: readonly string[],
  call: BatchCall,
  groupsOf: Grouping = async (batch) => [batch],
): Promise<readonly Outcome[]> {
  const failures = new Map<string, FailureKind>();
  const different = [...new Set(ids)];
  for (let start = 0; start < different.length; start += mostIds) {
    const batch = different.slice(start, start + mostIds);
    for (const [group, kind] of await refusedGroups(batch, call, groupsOf)) {
      await halve(group, kind, call, failures);
    }
  }
  return ids.map((id) => {
    const failure = failures.get(id);
    return failure === undefined ? { id, ok: true } : { id, ok: false, failure };
  });
}

/** Why a batch was refused; `undefined`: it was not. */
async function failureOf(
  call: BatchCall,
  batch: readonly string[],
): Promise<FailureKind | undefined> {
  try {
    await call(batch);
    return undefined;
  } catch (error) {
    if (FleetError.isInstance(error)) return error.kind;
    throw error;
  }
}

/** What of a batch was refused. Each group is tried once before any is looked into: calls are few, and one may use them up. */
async function refusedGroups(
  batch: readonly string[],
  call: BatchCall,
  groupsOf: Grouping,
): Promise<readonly (readonly [readonly string[], FailureKind])[]> {
  const kind = await failureOf(call, batch);
  if (kind === undefined) return [];
  const groups = scarce.has(kind) && batch.length > 1 ? await groupsOf(batch) : [batch];
  if (groups.length === 1) return [[batch, kind]];
  const refused: (readonly [readonly string[], FailureKind])[] = [];
  for (const group of groups) {
    const own = await failureOf(call, group);
    if (own !== undefined) refused.push([group, own]);
  }
  return refused;
}

/** Finds out what of a batch can be done that was refused as a whole. */
async function halve(
  whole: readonly string[],
  why: FailureKind,
  call: BatchCall,
  failures: Map<string, FailureKind>,
): Promise<void> {
  let inVain = 0;

  async function refused(batch: readonly string[], kind: FailureKind): Promise<void> {
    if (scarce.has(kind)) inVain += 1;
    if (batch.length === 1 || common.has(kind)) {
      for (const id of batch) failures.set(id, kind);
      return;
    }
    const half = Math.ceil(batch.length / 2);
    for (const part of [batch.slice(0, half), batch.slice(half)]) {
      if (scarce.has(kind) && inVain >= mostInVain) {
        for (const id of part) failures.set(id, kind);
        continue;
      }
      const own = await failureOf(call, part);
      if (own === undefined) inVain = 0;
      else await refused(part, own);
    }
  }

  await refused(whole, why);
}

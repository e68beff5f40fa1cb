import { type FailureKind, FleetError, type Outcome } from "@runs-fleet/core";

/** Most machines of one call. EC2 takes more, and recommends fewer: one bad id fails them all. */
const mostIds = 100;

/** Failures of the call, whoever it is about: to split it would only call more often. */
const common: ReadonlySet<FailureKind> = new Set(["throttled", "unavailable", "auth"]);
/** Failures that come of all its machines together: fewer of them may succeed. */
const scarce: ReadonlySet<FailureKind> = new Set(["capacity", "quota"]);

/** How many calls in a row may come to nothing for want of room before the rest of the batch is given up: more than a halving takes. */
const mostInVain = 8;

/**
 * One outcome for each id, in order, of a call that EC2 does for all of its machines or for none. A batch that is refused is
 * halved until the ids to blame are alone: what EC2 says about them is for people. Where room is short, about as many
 * succeed as there is room for.
 *
 * @param call - Called with at most 100 different ids.
 * @throws What is no {@link FleetError}: the reason of a cancelled call, a bug.
 */
export async function eachOf(
  ids: readonly string[],
  call: (ids: readonly string[]) => Promise<unknown>,
): Promise<readonly Outcome[]> {
  const failures = new Map<string, FailureKind>();
  const different = [...new Set(ids)];
  for (let start = 0; start < different.length; start += mostIds) {
    await tryBatch(different.slice(start, start + mostIds), call, failures);
  }
  return ids.map((id) => {
    const failure = failures.get(id);
    return failure === undefined ? { id, ok: true } : { id, ok: false, failure };
  });
}

async function tryBatch(
  ids: readonly string[],
  call: (ids: readonly string[]) => Promise<unknown>,
  failures: Map<string, FailureKind>,
): Promise<void> {
  let inVain = 0;
  const blame = (batch: readonly string[], kind: FailureKind): void => {
    for (const id of batch) failures.set(id, kind);
  };

  async function attempt(batch: readonly string[], ofWhole?: FailureKind): Promise<void> {
    if (ofWhole !== undefined && scarce.has(ofWhole) && inVain >= mostInVain) {
      blame(batch, ofWhole);
      return;
    }
    try {
      await call(batch);
      inVain = 0;
    } catch (error) {
      if (!FleetError.isInstance(error)) throw error;
      const { kind } = error;
      if (scarce.has(kind)) inVain += 1;
      if (batch.length === 1 || common.has(kind)) {
        blame(batch, kind);
        return;
      }
      const half = Math.ceil(batch.length / 2);
      await attempt(batch.slice(0, half), kind);
      await attempt(batch.slice(half), kind);
    }
  }

  await attempt(ids);
}

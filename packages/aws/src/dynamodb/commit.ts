import { FleetError, type Lease, type StateStore } from "@runs-fleet/core";
import { assertCommit } from "@runs-fleet/core/embedded/rules";
import { type Change, changeOf } from "./change.ts";
import { createDoubts, fingerprintOf } from "./doubts.ts";
import { assertKey } from "./names.ts";
import { sendCommit } from "./send-commit.ts";
import type { StoreTools } from "./tools.ts";

/** Makes the commits of a store: one transaction each, unless a belief about a record was wrong. */
export function createCommit(tools: StoreTools): StateStore["commit"] {
  const { clock, entropy, owner: writer, tablePrefix, keys } = tools;
  const doubts = createDoubts();

  async function run(
    lease: Lease,
    asked: readonly Change[],
    options: {
      readonly commit: string;
      readonly isRepeat: boolean;
      readonly checked: boolean;
      readonly signal: AbortSignal | undefined;
    },
  ): Promise<void> {
    const { commit, isRepeat, checked, signal } = options;
    const stamp = { commit, writer };
    const purpose = `commit ${asked.length} records of ${lease.shard}`;
    let changes = asked;
    for (let tries = 1; ; tries += 1) {
      const parts = { changes, lease, checked, nowMs: clock.now(), stamp, tablePrefix, keys };
      const verdict = await sendCommit(tools, parts, isRepeat, { purpose, signal });
      if (verdict.kind === "done") return;
      if (verdict.kind === "conflict") throw verdict.error;
      // What was learnt is tried at once, the first time.
      if (verdict.kind === "again") changes = verdict.changes;
      if (verdict.kind !== "again" || tries > 1)
        await tools.calls.pause(tries, { purpose, signal });
    }
  }

  return async (lease, writes, options) => {
    const signal = options?.signal;
    signal?.throwIfAborted();
    assertCommit(lease, writes);
    assertKey(lease.shard, "A shard");
    for (const { id } of writes) assertKey(id, "The id of a record");
    // At once: the caller may change its objects while the commit is under way.
    const changes = writes.map(changeOf);
    const fingerprint = fingerprintOf(lease, changes);
    const inDoubt = doubts.take(fingerprint);
    const isRepeat = inDoubt !== undefined;
    const commit = inDoubt ?? entropy.uuid();
    try {
      await run(lease, changes, { commit, isRepeat, checked: options?.checked === true, signal });
    } catch (error) {
      if (isInDoubt(error, isRepeat)) doubts.put(fingerprint, commit);
      throw error;
    }
  };
}

/** Whether a commit that failed like this may have happened. One that was in doubt stays so until it is decided. */
function isInDoubt(error: unknown, wasInDoubt: boolean): boolean {
  if (!FleetError.isInstance(error)) return true;
  if (error.kind === "conflict") return false;
  return wasInDoubt || error.kind === "unavailable" || error.kind === "unknown";
}

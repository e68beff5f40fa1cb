import { createHash } from "node:crypto";
import type { Lease } from "@runs-fleet/core";
import type { Change } from "./change.ts";

/** Most commits in doubt that are remembered; a controller has one, or a few. */
const mostDoubts = 64;

/**
 * Commits that were sent and never answered. Who tries such a commit again gets its id, and so recognises what it wrote the
 * first time.
 */
export interface Doubts {
  /** The id of the same commit, if it is in doubt; it is no longer after this. */
  take(commit: string): string | undefined;
  /** Its outcome is not known. */
  put(commit: string, id: string): void;
}

/** No doubts. */
export function createDoubts(): Doubts {
  const ids = new Map<string, string>();
  return {
    take: (commit) => {
      const id = ids.get(commit);
      ids.delete(commit);
      return id;
    },
    put: (commit, id) => {
      ids.set(commit, id);
      for (const oldest of ids.keys()) {
        if (ids.size <= mostDoubts) return;
        ids.delete(oldest);
      }
    },
  };
}

/** The same for the same writes under the same lease. */
export function fingerprintOf({ shard, owner, epoch }: Lease, changes: readonly Change[]): string {
  const parts = changes.map(({ write, json }) => [
    write.table,
    write.id,
    write.open,
    write.expected,
    write.expiresAtMs,
    json,
  ]);
  const text = JSON.stringify([shard, owner, epoch, parts]);
  return createHash("sha256").update(text).digest("base64");
}

import type { FailureKind } from "../../ports/failure.ts";
import type { Outcome } from "../../ports/machine-provider.ts";
import { isEc2Error } from "./ec2-error.ts";
import { kindOfCode } from "./provider-failures.ts";

/** Most ids of one call. */
const mostIds = 100;

/** Failures that are about the call, not about one of its ids: splitting it would only call more often. */
const common: ReadonlySet<FailureKind> = new Set(["throttled", "unavailable", "auth"]);

/**
 * One outcome for each id, in order, of a call that fails as a whole for one bad id. Ids that the error names are put
 * aside and the rest is called again; when it names none, the batch is halved.
 *
 * @param explain - What an id's own failure comes to; `undefined`: it is as asked.
 */
export async function eachOf(
  ids: readonly string[],
  call: (ids: readonly string[]) => Promise<unknown>,
  explain: (
    id: string,
    kind: FailureKind,
  ) => FailureKind | undefined | Promise<FailureKind | undefined>,
): Promise<readonly Outcome[]> {
  const failures = new Map<string, FailureKind>();

  async function attempt(batch: readonly string[]): Promise<void> {
    if (batch.length === 0) return;
    try {
      await call(batch);
    } catch (error) {
      if (!isEc2Error(error)) throw error;
      const kind = kindOfCode(error.name);
      if (common.has(kind)) {
        for (const id of batch) failures.set(id, kind);
        return;
      }
      const named = batch.filter((id) => error.message.includes(id));
      const blamed = batch.length === 1 ? batch : named;
      for (const id of blamed) {
        const own = await explain(id, kind);
        if (own !== undefined) failures.set(id, own);
      }
      const rest = batch.filter((id) => !blamed.includes(id));
      if (blamed.length > 0) return attempt(rest);
      const half = Math.ceil(rest.length / 2);
      await attempt(rest.slice(0, half));
      await attempt(rest.slice(half));
    }
  }

  for (let start = 0; start < ids.length; start += mostIds) {
    await attempt(ids.slice(start, start + mostIds));
  }
  return ids.map((id) => {
    const failure = failures.get(id);
    return failure === undefined ? { id, ok: true } : { id, ok: false, failure };
  });
}

import type { GitHubHistory, RecordedRepository } from "@runs-fleet/core/github";
import type { Caller } from "./caller.ts";

/** Passes over a list that changes with every one of them. */
const mostPasses = 4;

/**
 * All repositories of the organisation by name. A list of several pages is read until a pass shows nothing new: one that is
 * deleted on an earlier page moves another out of sight.
 */
export async function listRepositories(
  history: GitHubHistory,
  caller: Caller,
  organisation: string,
  onPage: (found: number) => void,
): Promise<readonly RecordedRepository[]> {
  const found = new Map<string, RecordedRepository>();
  for (let pass = 0; pass < mostPasses; pass += 1) {
    const before = found.size;
    let more = true;
    let number = 1;
    for (; more; number += 1) {
      const page = await caller.call(() => history.repositories(organisation, number));
      for (const repository of page.items) found.set(repository.name.toLowerCase(), repository);
      onPage(found.size);
      more = page.more;
    }
    if (number <= 2 || found.size === before) break;
  }
  return [...found.values()];
}

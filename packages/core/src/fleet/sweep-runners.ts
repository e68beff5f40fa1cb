import type { CallOptions } from "../ports/call-options.ts";
import type { GitHubRunner, GitHubRunners } from "../ports/github-client.ts";

/** What the sweep of runners works with. */
export interface RunnerSweepOptions {
  readonly runners: GitHubRunners;
  /** Where this shard registers runners. */
  readonly scopes: readonly string[];
  /** How the names of this shard's runners begin. */
  readonly prefix: string;
  /** Whether a machine of ours has this registration. */
  readonly isKnown: (runnerName: string) => boolean;
  /** Orphans of the last pass, by scope and id; replaced by this one. */
  readonly suspects: Set<string>;
}

function isOrphan(runner: GitHubRunner, options: RunnerSweepOptions): boolean {
  const ours = runner.name.startsWith(options.prefix) && !options.isKnown(runner.name);
  // Busy without a machine: GitHub will conclude that job by itself; online: something lives there.
  return ours && !runner.busy && !runner.online;
}

/**
 * Removes registrations of this shard that no machine has: left by a mint whose controller died. One that is seen for
 * the first time is only suspected, because a machine may be about to be written down.
 *
 * @returns How many were removed.
 */
export async function sweepRunners(
  options: RunnerSweepOptions,
  call: CallOptions,
): Promise<number> {
  const { runners, scopes, suspects } = options;
  const found = new Set<string>();
  let removed = 0;
  for (const scope of scopes) {
    for (const runner of await runners.list(scope, call)) {
      if (!isOrphan(runner, options)) continue;
      const key = `${scope}/${runner.id}`;
      if (!suspects.has(key)) found.add(key);
      else if ((await runners.remove(scope, runner.id, call)) === "removed") removed += 1;
    }
  }
  suspects.clear();
  for (const key of found) suspects.add(key);
  return removed;
}

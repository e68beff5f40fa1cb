import type { LaunchAttempt } from "@runs-fleet/core";

/** An attempt of the environment `ci` in the region of the stage; each name has a token of its own. */
export function attemptFor(name: string, parts: Partial<LaunchAttempt> = {}): LaunchAttempt {
  return {
    id: `attempt-${name}`,
    token: `token-${name}`,
    shard: "ci/us-east-1",
    environment: "ci",
    region: "us-east-1",
    count: 1,
    shape: { os: "linux", cpu: { min: 2, max: 2 } },
    markets: ["spot", "on-demand"],
    specHash: "spec-1",
    deadlineMs: 1_790_000_000_000,
    ...parts,
  };
}

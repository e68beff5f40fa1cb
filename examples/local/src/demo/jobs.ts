import type { FakeGitHub, FakeJobRequest } from "@runs-fleet/core/testing";

/** What a demonstration job is meant to show. */
export interface DemoJob extends FakeJobRequest {
  /** How it is to end: on a runner, or refused with this cause. */
  readonly expected: "served" | string;
}

const served = (repository: string, labels: readonly string[], durationMs: number): DemoJob => ({
  repository,
  labels,
  durationMs,
  expected: "served",
});

/** A mix of what fleets meet: jobs of several shapes, and four that must be refused, each for another reason. */
export const demoJobs: readonly DemoJob[] = [
  served("acme/app", ["runs-fleet"], 1_200),
  served("acme/app", ["runs-fleet/cpu=4/arch=arm64"], 1_800),
  served("acme/web", ["runs-fleet=7001/cpu=2"], 900),
  served("acme/web", ["self-hosted", "runs-fleet/cpu=2/ram=8"], 1_500),
  served("acme/lib", ["runs-fleet/cpu=8+16/family=c7g+m7g"], 700),
  { ...served("acme/lib", ["runs-fleet/cpu=2"], 1_000), result: "failed" },
  served("acme/app", ["runs-fleet/pool=linux"], 1_400),
  served("acme/web", ["runs-fleet/pool=linux"], 1_100),
  { ...served("acme/app", ["runs-fleet/cpus=4"], 1_000), expected: "labels-invalid" },
  { ...served("acme/app", ["runs-fleet/pool=linx"], 1_000), expected: "unknown-pool" },
  { ...served("acme/app-fork", ["runs-fleet"], 1_000), expected: "no-policy" },
  { ...served("acme/website", ["runs-fleet"], 1_000), expected: "no-policy" },
];

/** Sets up the repositories that the jobs belong to. */
export function prepareRepositories(github: FakeGitHub): void {
  for (const name of ["acme/app", "acme/web", "acme/lib"]) github.setRepository({ name });
  github.setRepository({ name: "acme/app-fork", fork: true });
  github.setRepository({ name: "acme/website", visibility: "public" });
}

/** A burst of 256 jobs over three repositories. */
export function burst(): readonly DemoJob[] {
  return Array.from({ length: 256 }, (_, index) =>
    served(
      `acme/${["app", "web", "lib"][index % 3]}`,
      ["runs-fleet/cpu=2"],
      300 + (index % 7) * 100,
    ),
  );
}

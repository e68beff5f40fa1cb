import type { GitHubClient } from "../../ports/github-client.ts";
import type { FakeGitHubExchange } from "../github/index.ts";
import type { TestApi } from "../test-api.ts";
import { describeFailures } from "./github-client-failures.ts";
import { describeJobs } from "./github-client-jobs.ts";
import { describeChecks, describeContents, describeDeliveries } from "./github-client-reporting.ts";
import { describeRunners } from "./github-client-runners.ts";
import { createGitHubCases, type GitHubClientEnvironment } from "./github-client-suite.ts";

/** Options of {@link describeGitHubClientContract}. */
export interface GitHubClientContractOptions {
  /** The test runner's functions. */
  readonly api: TestApi;
  /** A client that speaks to the given GitHub, for one case. */
  create(environment: GitHubClientEnvironment): Promise<GitHubClient>;
  /** Sees all that the client and the GitHub say to one another. */
  readonly onExchange?: (exchange: FakeGitHubExchange) => void;
}

/** Declares the cases that every {@link GitHubClient} must pass. */
export function describeGitHubClientContract(options: GitHubClientContractOptions): void {
  const { api, create, onExchange } = options;
  const suite = { api, check: createGitHubCases(api, create, onExchange) };
  api.describe("GitHubClient contract", () => {
    api.describe("runners", () => describeRunners(suite));
    api.describe("jobs", () => describeJobs(suite));
    api.describe("contents", () => describeContents(suite));
    api.describe("checks", () => describeChecks(suite));
    api.describe("deliveries", () => describeDeliveries(suite));
    api.describe("failures", () => describeFailures(suite));
  });
}

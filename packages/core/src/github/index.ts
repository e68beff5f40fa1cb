export {
  createGitHubClient,
  type GitHubAppOptions,
  type GitHubClientOptions,
  type GitHubOctokitOptions,
} from "./client.ts";
export {
  createGitHubHistory,
  type GitHubHistory,
  type GitHubHistoryOptions,
} from "./history/history.ts";
export type {
  HistoryBudget,
  HistoryPage,
  RecordedJob,
  RecordedRepository,
  RecordedRun,
} from "./history/recorded.ts";
export type { ReadRefusal } from "./history/refusals.ts";
export type { OctokitLike } from "./octokit-exchange.ts";

export {
  createGitHubClient,
  type GitHubAppOptions,
  type GitHubClientOptions,
  type GitHubOctokitOptions,
} from "./client.ts";
export type { OctokitLike } from "./octokit-exchange.ts";

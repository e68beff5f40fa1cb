import type { Clock, Entropy } from "../ports/clock.ts";
import type { GitHubClient } from "../ports/github-client.ts";
import { systemClock, systemEntropy } from "../ports/system-clock.ts";
import { type Api, createApi } from "./api.ts";
import { createAppTokenSigner } from "./app-token.ts";
import { baseOf } from "./base-url.ts";
import { createChecks } from "./checks.ts";
import { createContents } from "./contents.ts";
import { createDeliveries } from "./deliveries.ts";
import { createFetchExchange } from "./fetch-exchange.ts";
import { createInstallationTokens, type InstallationTokens } from "./installation-tokens.ts";
import { createGitHubJobs } from "./jobs.ts";
import { createOctokitExchange, type OctokitLike } from "./octokit-exchange.ts";
import { createRepositories } from "./repositories.ts";
import { createRunners } from "./runners.ts";

/** A client that speaks as a GitHub App. */
export interface GitHubAppOptions {
  /** The App's id or client id. */
  readonly appId: string;
  /** The App's RSA key in PEM, PKCS#1 or PKCS#8; line ends may be written as `\n`. */
  readonly privateKey: string;
  /**
   * Base of the API, without a query. `https://<host>/api/v3` for GitHub Enterprise Server,
   * `https://api.<subdomain>.ghe.com` for GHE.com. Plain http only for this machine.
   *
   * @defaultValue "https://api.github.com"
   */
  readonly baseUrl?: string;
  /** Sends the requests. @defaultValue the platform's */
  readonly fetch?: typeof fetch;
  /** Source of time. @defaultValue systemClock */
  readonly clock?: Clock;
  /** Source of token ids and jitter. @defaultValue systemEntropy */
  readonly entropy?: Entropy;
}

/** A client that speaks through an Octokit, which authenticates by itself. */
export interface GitHubOctokitOptions {
  /** Sends the requests and authenticates them. */
  readonly octokit: OctokitLike;
  /** Source of time. @defaultValue systemClock */
  readonly clock?: Clock;
  /** Source of jitter. @defaultValue systemEntropy */
  readonly entropy?: Entropy;
}

/** Options of {@link createGitHubClient}. */
export type GitHubClientOptions = GitHubAppOptions | GitHubOctokitOptions;

function createAppApi(options: GitHubAppOptions, clock: Clock, entropy: Entropy): Api {
  const url = baseOf(options.baseUrl ?? "https://api.github.com");
  const signer = createAppTokenSigner(options.appId, options.privateKey);
  const exchange = createFetchExchange({
    baseUrl: url.href.replace(/\/+$/, ""),
    // Looked up late, so that a host may replace the global one.
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    clock,
  });
  let tokens: InstallationTokens | undefined;
  return createApi({
    origin: url.origin,
    exchange,
    clock,
    entropy,
    authorize: async ({ identity }, api, time, call) => {
      if (identity.kind === "app") {
        return {
          caller: "app",
          header: `Bearer ${signer.sign(time.now(), entropy.uuid())}`,
          // Refused for its instants: GitHub's answer has told the right time.
          refused: (clocksDiffer) => clocksDiffer,
        };
      }
      tokens ??= createInstallationTokens({ call: (request) => api.call(request), time });
      const source = tokens;
      const token = await source.get(identity, call);
      return {
        caller: token.installationId,
        header: `Bearer ${token.token}`,
        refused: () => {
          source.forget(token);
          return true;
        },
      };
    },
  });
}

function createOctokitApi(octokit: OctokitLike, clock: Clock, entropy: Entropy): Api {
  if (typeof octokit.request !== "function") throw new TypeError("octokit has no request()");
  return createApi({
    origin: undefined,
    exchange: createOctokitExchange(octokit),
    clock,
    entropy,
    authorize: async () => ({ caller: "octokit", header: undefined, refused: () => false }),
  });
}

/**
 * A client of GitHub. Keeps within the budgets that GitHub's answers tell, repeats reads that failed for a moment, and
 * remembers answers by their ETag. Nothing is sent before the first call.
 *
 * Every failure is a `FleetError`: `auth` (credential or permission), `throttled` with `retryAfterMs` (a limit), `not-found`,
 * `conflict`, `config` (the request is wrong), `unavailable`, `unknown` (an answer that we do not understand). Errors hold
 * no token, key or JIT configuration. A change that was sent but not answered may have happened.
 *
 * @throws A TypeError for an empty `appId`, a `privateKey` that is no RSA key, a bad `baseUrl`, or an `octokit` without
 *   `request`.
 * @example
 * const github = createGitHubClient({ appId: "1001", privateKey });
 * const { jitConfig } = await github.runners.mint("orgs/acme", { name: "rf-1", labels: ["fast"], groupId: 1 });
 */
export function createGitHubClient(options: GitHubClientOptions): GitHubClient {
  const { clock = systemClock, entropy = systemEntropy } = options;
  const api =
    "octokit" in options
      ? createOctokitApi(options.octokit, clock, entropy)
      : createAppApi(options, clock, entropy);
  return {
    runners: createRunners(api),
    jobs: createGitHubJobs(api, createRepositories(api, clock), clock),
    contents: createContents(api),
    checks: createChecks(api),
    deliveries: createDeliveries(api),
  };
}

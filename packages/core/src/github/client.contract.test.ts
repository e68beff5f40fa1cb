import { afterAll, describe, expect, it } from "vitest";
import { createOpenApiCheck, uncheckedRoutes } from "../../test/openapi-check.ts";
import type { GitHubClient } from "../ports/github-client.ts";
import { describeGitHubClientContract } from "../testing/contracts/github-client.ts";
import type { GitHubClientEnvironment } from "../testing/contracts/github-client-suite.ts";
import { createRecordingApi } from "../testing/recording-api.ts";
import { createAppTokenSigner } from "./app-token.ts";
import { createGitHubClient } from "./index.ts";
import type { OctokitLike } from "./octokit-exchange.ts";

const api = { describe, it, expect };
const openApi = createOpenApiCheck();

function createHttpClient({ github, clock, entropy }: GitHubClientEnvironment) {
  return github.listen().then(({ url }) =>
    createGitHubClient({
      appId: github.app.id,
      privateKey: github.app.privateKey,
      baseUrl: url,
      clock,
      entropy,
    }),
  );
}

/** The smallest Octokit: it authenticates, sends, and throws what is no success. */
function createTinyOctokit({ github, clock, entropy }: GitHubClientEnvironment): OctokitLike {
  const signer = createAppTokenSigner(github.app.id, github.app.privateKey);
  const base = "https://github.fake";
  let token: string | undefined;
  const send = async (method: string, path: string, authorization: string, parameters: object) => {
    const { headers, request, ...body } = parameters as {
      headers?: Record<string, string>;
      request?: { signal?: AbortSignal };
    };
    const response = await github.fetch(`${base}${path}`, {
      method,
      headers: { ...headers, authorization },
      ...(request?.signal === undefined ? {} : { signal: request.signal }),
      ...(method === "GET" || method === "DELETE" ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer = {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      data: text === "" ? "" : (JSON.parse(text) as unknown),
    };
    if (answer.status >= 300) {
      const { message } = (answer.data || { message: "" }) as { readonly message: string };
      throw Object.assign(new Error(message), { status: answer.status, response: answer });
    }
    return answer;
  };
  return {
    request: async (route, parameters = {}) => {
      const [method = "GET", path = "/"] = route.split(" ");
      const jwt = `Bearer ${signer.sign(clock.now(), entropy.uuid())}`;
      if (path.startsWith("/app/")) return send(method, path, jwt, parameters);
      if (token === undefined) {
        const found = await send("GET", "/orgs/acme/installation", jwt, {});
        const { id } = found.data as { readonly id: number };
        const made = await send("POST", `/app/installations/${id}/access_tokens`, jwt, {});
        token = (made.data as { readonly token: string }).token;
      }
      return send(method, path, `token ${token}`, parameters);
    },
  };
}

describe("the client over HTTP", () => {
  describeGitHubClientContract({
    api,
    create: createHttpClient,
    onExchange: openApi.check,
  });

  afterAll(() => {
    expect(openApi.violations).toEqual([]);
    expect([...openApi.unchecked].filter((route) => !uncheckedRoutes.includes(route))).toEqual([]);
    expect(openApi.checked.size).toBeGreaterThan(20);
  });
});

describe("the client through an Octokit", () => {
  describeGitHubClientContract({
    api,
    create: async (environment) =>
      createGitHubClient({
        octokit: createTinyOctokit(environment),
        clock: environment.clock,
        entropy: environment.entropy,
      }),
  });
});

/** Ways to be wrong, each with a case that must notice. */
const broken: Readonly<
  Record<
    string,
    { readonly notices: string; readonly breakIt: (good: GitHubClient) => GitHubClient }
  >
> = {
  "reads the first page of runners only": {
    notices: "lists the runners of all pages, each once",
    breakIt: (good) => ({
      ...good,
      runners: {
        ...good.runners,
        list: async (scope, options) => (await good.runners.list(scope, options)).slice(0, 100),
      },
    }),
  },
  "takes a busy runner for removed": {
    notices: "removes what is there, what is gone, and nothing that works",
    breakIt: (good) => ({
      ...good,
      runners: {
        ...good.runners,
        remove: async (scope, id, options) => {
          await good.runners.remove(scope, id, options);
          return "removed";
        },
      },
    }),
  },
  "mints under another name when it is taken": {
    notices: "tells a taken name, a bad group and a strange scope apart",
    breakIt: (good) => ({
      ...good,
      runners: {
        ...good.runners,
        mint: (scope, request, options) =>
          good.runners
            .mint(scope, request, options)
            .catch(() => good.runners.mint(scope, { ...request, name: `${request.name}-2` })),
      },
    }),
  },
  "misses queued jobs beside running ones": {
    notices: "lists every queued job, also beside a running one, and no other",
    breakIt: (good) => ({
      ...good,
      jobs: {
        ...good.jobs,
        listQueued: async (repository, options) =>
          (await good.jobs.listQueued(repository, options)).slice(1),
      },
    }),
  },
  "forgets what of a run is not on its first page": {
    notices: "lists the jobs of a run, each in its newest attempt",
    breakIt: (good) => ({
      ...good,
      jobs: {
        ...good.jobs,
        listOfRun: async (...args) => (await good.jobs.listOfRun(...args)).slice(0, 100),
      },
    }),
  },
  "takes a refused re-run for accepted": {
    notices: "runs a job again once its run has concluded, not before",
    breakIt: (good) => ({
      ...good,
      jobs: {
        ...good.jobs,
        rerun: async (...args) => {
          await good.jobs.rerun(...args);
          return "accepted";
        },
      },
    }),
  },
  "takes an absent file for an empty one": {
    notices: "says that a file is absent or forbidden, never that it is empty",
    breakIt: (good) => ({
      ...good,
      contents: {
        read: async (...args) => {
          const read = await good.contents.read(...args);
          return read.status === "absent-or-forbidden"
            ? { status: "ok", text: "", sha: "", etag: "" }
            : read;
        },
      },
    }),
  },
  "drops annotations beyond the first fifty": {
    notices: "reports every annotation once, however many there are",
    breakIt: (good) => ({
      ...good,
      checks: {
        report: (repository, check, options) =>
          good.checks.report(
            repository,
            { ...check, annotations: check.annotations.slice(0, 50) },
            options,
          ),
      },
    }),
  },
  "ignores its signal": {
    notices: "rejects with the reason of its signal, and does nothing",
    breakIt: (good) => ({
      ...good,
      runners: { ...good.runners, mint: (scope, request) => good.runners.mint(scope, request) },
    }),
  },
  "lists deliveries that succeeded later": {
    notices: "lists failed deliveries until one of their guid succeeds",
    breakIt: (good) => {
      const seen: { readonly id: string; readonly guid: string }[] = [];
      return {
        ...good,
        deliveries: {
          ...good.deliveries,
          async *listFailed(sinceMs, options) {
            for await (const failed of good.deliveries.listFailed(sinceMs, options)) {
              seen.push(failed);
            }
            yield* seen;
          },
        },
      };
    },
  },
  "hides an outage behind an empty list": {
    notices: "calls an outage unavailable and recovers from it",
    breakIt: (good) => ({
      ...good,
      runners: {
        ...good.runners,
        mint: (...args) =>
          good.runners.mint(...args).catch(() => ({ runnerId: "1", jitConfig: "x" })),
      },
    }),
  },
};

describe("the suite itself", () => {
  for (const [name, { notices, breakIt }] of Object.entries(broken)) {
    it(`notices a client that ${name}`, async () => {
      const recording = createRecordingApi();
      describeGitHubClientContract({
        api: recording,
        create: async ({ github }) => breakIt(github.client),
      });
      const { failed, passed } = await recording.run();
      expect(failed.some((one) => one.name.endsWith(notices))).toBe(true);
      expect(passed.length).toBeGreaterThan(10);
    });
  }
});

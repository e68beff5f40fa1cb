import type { Clock, Entropy } from "../../ports/clock.ts";
import type { GitHubClient } from "../../ports/github-client.ts";
import { createFakeGitHub, type FakeGitHub, type FakeGitHubExchange } from "../github/index.ts";
import { createSeededEntropy } from "../seeded-entropy.ts";
import type { TestApi } from "../test-api.ts";
import { createVirtualClock, type VirtualClock } from "../virtual-clock.ts";

/** What the GitHub client suite hands to the client under test. */
export interface GitHubClientEnvironment {
  /** The client must read time here and nowhere else. */
  readonly clock: Clock;
  /** Seeded: the client must take ids and jitter from here. */
  readonly entropy: Entropy;
  /** The GitHub to speak to: by its `fetch`, or over HTTP after `listen`. Disposed of by the suite. */
  readonly github: FakeGitHub;
}

/** What the parts of the suite share. */
export interface GitHubClientSuite {
  readonly api: TestApi;
  check(name: string, body: (scene: Scene) => Promise<void>): void;
}

/** One case: a client, the GitHub that it speaks to, and time. */
export interface Scene {
  readonly client: GitHubClient;
  readonly github: FakeGitHub;
  readonly clock: VirtualClock;
}

/** When the suite begins, epoch milliseconds. */
const startMs = 1_790_000_000_000;

/** Declares cases, each with a GitHub and a client of its own. */
export function createGitHubCases(
  api: TestApi,
  create: (environment: GitHubClientEnvironment) => Promise<GitHubClient>,
  onExchange?: (exchange: FakeGitHubExchange) => void,
): GitHubClientSuite["check"] {
  return (name, body) => {
    api.it(name, async () => {
      const clock = createVirtualClock(startMs);
      const entropy = createSeededEntropy(7);
      const github = createFakeGitHub({
        clock,
        entropy,
        limits: { mintsPerMinute: 130 },
        ...(onExchange === undefined ? {} : { onExchange }),
      });
      try {
        github.setRepository({ name: "acme/app" });
        const client = await create({ clock, entropy, github });
        await body({ client, github, clock });
      } finally {
        await github[Symbol.asyncDispose]();
      }
    });
  };
}

/** A runner program in a few lines: it speaks the fake's runner protocol, step by step. */
export interface SteppedRunner {
  /** Status of opening a session. */
  connect(): Promise<number>;
  /** The id of the job it was given, if there is one now. */
  take(): Promise<string | undefined>;
  finish(jobId: string): Promise<void>;
}

/** A runner that presents `jitConfig` to `github`. */
export function createSteppedRunner(github: FakeGitHub, jitConfig: string): SteppedRunner {
  let session = "";
  const call = (method: string, path: string, body?: object): Promise<Response> =>
    github.fetch(`https://github.fake/_runner/sessions${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return {
    connect: async () => {
      const answer = await call("POST", "", { jitConfig });
      if (answer.status === 201) {
        session = ((await answer.json()) as { readonly sessionId: string }).sessionId;
      }
      return answer.status;
    },
    take: async () => {
      const answer = await call("GET", `/${session}/message?waitMs=0`);
      if (answer.status !== 200) return undefined;
      const { job } = (await answer.json()) as { readonly job: { readonly id: string } };
      await call("POST", `/${session}/renew`, { jobId: job.id });
      return job.id;
    },
    finish: async (jobId) => {
      await call("POST", `/${session}/complete`, { jobId, result: "succeeded" });
    },
  };
}

/** Mints a registration and connects a runner with it. */
export async function bringRunner(
  scene: Scene,
  name: string,
  labels: readonly string[],
): Promise<SteppedRunner & { readonly id: string }> {
  const { runnerId, jitConfig } = await scene.client.runners.mint("orgs/acme", {
    name,
    labels,
    groupId: 1,
  });
  const runner = createSteppedRunner(scene.github, jitConfig);
  await runner.connect();
  return { ...runner, id: runnerId };
}

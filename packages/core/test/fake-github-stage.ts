import { createAppTokenSigner } from "../src/github/app-token.ts";
import {
  createFakeGitHub,
  type FakeGitHub,
  type FakeGitHubOptions,
} from "../src/testing/github/index.ts";
import { createSeededEntropy } from "../src/testing/seeded-entropy.ts";
import { createVirtualClock, type VirtualClock } from "../src/testing/virtual-clock.ts";

/** An answer of the runner service. */
interface RunnerAnswer {
  readonly status: number;
  readonly body: {
    readonly kind?: string;
    readonly sessionId?: string;
    readonly jobId?: string;
    readonly cancel?: boolean;
    readonly retryAfterMs?: number;
    readonly job?: { readonly id: string; readonly durationMs: number; readonly scenario?: string };
    readonly error?: { readonly code: string; readonly message: string };
  };
}

/** A fake GitHub on a virtual clock, with the runner's side of it step by step. */
export interface FakeStage {
  readonly clock: VirtualClock;
  readonly github: FakeGitHub;
  call(method: string, path: string, body?: object, signal?: AbortSignal): Promise<RunnerAnswer>;
  mint(name: string, labels: readonly string[], groupId?: number, scope?: string): Promise<string>;
  /** Mints and opens a session; answers its id. */
  connect(name: string, labels: readonly string[], groupId?: number): Promise<string>;
  /** What a poll that does not wait answers. */
  poll(session: string): Promise<RunnerAnswer>;
}

/** When these tests begin, epoch milliseconds. */
export const fakeStartMs = 1_790_000_000_000;

/** A stage; the test disposes of its GitHub. */
export function createFakeStage(options: Partial<FakeGitHubOptions> = {}): FakeStage {
  const clock = createVirtualClock(fakeStartMs);
  const github = createFakeGitHub({
    clock,
    entropy: createSeededEntropy(11),
    limits: { mintsPerMinute: false },
    ...options,
  });
  github.setRepository({ name: "acme/app" });
  const call: FakeStage["call"] = async (method, path, body, signal) => {
    const response = await github.fetch(`https://github.fake/_runner/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? {} : JSON.parse(text) };
  };
  // Not by our client, which has a budget of its own.
  const rest = async (method: string, path: string, authorization: string, body?: object) => {
    const response = await github.fetch(`https://github.fake/${path}`, {
      method,
      headers: { authorization },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Record<string, string>;
    if (!response.ok) throw new Error(`${response.status} ${answer["message"]}`);
    return answer;
  };
  let token: Promise<string> | undefined;
  const makeToken = async (): Promise<string> => {
    const signer = createAppTokenSigner(github.app.id, github.app.privateKey);
    const jwt = `Bearer ${signer.sign(clock.now(), "id")}`;
    const { id } = await rest("GET", "orgs/acme/installation", jwt);
    return (await rest("POST", `app/installations/${id}/access_tokens`, jwt))["token"] ?? "";
  };
  const mint: FakeStage["mint"] = async (name, labels, groupId = 1, scope = "orgs/acme") => {
    token ??= makeToken();
    const path = `${scope}/actions/runners/generate-jitconfig`;
    const body = { name, labels, runner_group_id: groupId };
    const minted = await rest("POST", path, `Bearer ${await token}`, body);
    return minted["encoded_jit_config"] ?? "";
  };
  return {
    clock,
    github,
    call,
    mint,
    connect: async (name, labels, groupId) => {
      const opened = await call("POST", "sessions", {
        jitConfig: await mint(name, labels, groupId),
      });
      if (opened.body.sessionId === undefined) throw new Error(`no session: ${opened.status}`);
      return opened.body.sessionId;
    },
    poll: (session) => call("GET", `sessions/${session}/message?waitMs=0`),
  };
}

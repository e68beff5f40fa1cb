import { generateKeyPairSync } from "node:crypto";
import { createGitHubClient } from "../src/github/index.ts";
import type { GitHubClient } from "../src/ports/github-client.ts";
import { createSeededEntropy } from "../src/testing/seeded-entropy.ts";
import { createVirtualClock, type VirtualClock } from "../src/testing/virtual-clock.ts";

/** One call as the stand-in for GitHub saw it. */
export interface SeenCall {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: unknown;
}

/** An answer of the stand-in. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A client whose every call is answered by a function of the test. */
export interface ClientStage {
  readonly client: GitHubClient;
  readonly clock: VirtualClock;
  /** Calls in order, those for installations and tokens left out. */
  readonly calls: SeenCall[];
  /** Calls for installations and tokens. */
  readonly authCalls: SeenCall[];
}

const { privateKey: pair } = generateKeyPairSync("rsa", { modulusLength: 2_048 });

/** The key of the App in these tests. */
export const testKey: string = pair.export({ type: "pkcs8", format: "pem" }).toString();

/** When these tests begin, epoch milliseconds. */
export const testStartMs = 1_790_000_000_000;

/** A token of the length that installations have. */
export const testToken = `ghs_1001_${"Ab3".repeat(160)}`;

/** A client on a virtual clock. `answer` may refuse to answer by throwing. */
export function createClientStage(
  answer: (call: SeenCall, count: number) => Answer | Promise<Answer>,
  options: {
    readonly baseUrl?: string;
    readonly onAuth?: (call: SeenCall) => Answer | undefined;
  } = {},
): ClientStage {
  const clock = createVirtualClock(testStartMs);
  const calls: SeenCall[] = [];
  const authCalls: SeenCall[] = [];
  const isoOf = (atMs: number): string => new Date(atMs).toISOString();
  const authAnswer = (call: SeenCall): Answer =>
    call.url.pathname.endsWith("/access_tokens")
      ? { status: 201, body: { token: testToken, expires_at: isoOf(clock.now() + 3_600_000) } }
      : { body: { id: 77 } };
  const fetchStub: typeof fetch = async (input, init) => {
    const text = typeof init?.body === "string" ? init.body : "";
    const call: SeenCall = {
      method: init?.method ?? "GET",
      url: new URL(String(input)),
      headers: new Headers(init?.headers),
      body: text === "" ? undefined : JSON.parse(text),
    };
    const isAuth = /\/(installation|access_tokens)$/.test(call.url.pathname);
    const seen = isAuth ? authCalls : calls;
    seen.push(call);
    const given = isAuth
      ? (options.onAuth?.(call) ?? authAnswer(call))
      : await answer(call, calls.length);
    const { status = 200, headers = {}, body } = given;
    const empty = status === 204 || status === 304 || body === undefined;
    const raw = typeof body === "string" ? body : JSON.stringify(body);
    return new Response(empty ? null : raw, { status, headers: { ...headers } });
  };
  const client = createGitHubClient({
    appId: "1001",
    privateKey: testKey,
    fetch: fetchStub,
    clock,
    entropy: createSeededEntropy(3),
    ...(options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl }),
  });
  return { client, clock, calls, authCalls };
}

/** Lets virtual time pass until the call ends; answers how. */
export async function outcomeOf<T>(
  clock: VirtualClock,
  call: Promise<T>,
  limitMs = 60_000,
): Promise<{ readonly value?: T; readonly error?: unknown; readonly elapsedMs: number }> {
  const startedMs = clock.now();
  let ended: { readonly value?: T; readonly error?: unknown } | undefined;
  call.then(
    (value) => {
      ended = { value };
    },
    (error: unknown) => {
      ended = { error };
    },
  );
  while (ended === undefined && clock.now() - startedMs < limitMs) await clock.advance(50);
  if (ended === undefined) throw new Error(`nothing within ${limitMs} ms`);
  return { ...ended, elapsedMs: clock.now() - startedMs };
}

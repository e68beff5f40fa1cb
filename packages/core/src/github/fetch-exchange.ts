import type { Clock } from "../ports/clock.ts";
import { FleetError } from "../ports/failure.ts";
import type { ApiRequest, ApiResponse, Exchange } from "./exchange.ts";
import { redactError } from "./redact.ts";

/** Largest answer that is read, bytes. */
const largestAnswerBytes = 16_777_216;
/** How long an answer may take, milliseconds. */
const answerLimitMs = 30_000;
/** Redirects that are followed: those of renamed repositories. */
const mostRedirects = 3;

async function textOf(response: Response, purpose: string): Promise<string> {
  const tooLarge = (): FleetError =>
    new FleetError({
      kind: "unknown",
      message: `GitHub's answer is larger than ${largestAnswerBytes} bytes (${purpose})`,
    });
  if (Number(response.headers.get("content-length")) > largestAnswerBytes) {
    await response.body?.cancel();
    throw tooLarge();
  }
  if (response.body === null) return "";
  const decoder = new TextDecoder();
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  let text = "";
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > largestAnswerBytes) {
      await reader.cancel();
      throw tooLarge();
    }
    text += decoder.decode(value, { stream: true });
  }
}

function dataOf(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // An error page of something between us and GitHub.
    return text;
  }
}

function headersOf(response: Response): Record<string, string> {
  const headers: Record<string, string> = {};
  response.headers.forEach((value, name) => {
    headers[name] = value;
  });
  return headers;
}

/** Where a redirect leads, if it stays on our host. */
function redirectOf(response: Response, url: string, request: ApiRequest): string | undefined {
  if (response.status < 301 || response.status > 308 || response.status === 304) return undefined;
  const location = response.headers.get("location");
  if (location === null || request.method !== "GET") return undefined;
  const next = new URL(location, url);
  if (next.origin !== new URL(url).origin) {
    throw new FleetError({
      kind: "config",
      message: `GitHub sent us to another host, which will not get our token (${request.purpose})`,
    });
  }
  return next.href;
}

/** Why a call's signal aborts when the call is over. One for all: an error for each would cost more than the rest of it. */
const answered = new Error("The call is over");

/**
 * An exchange over `fetch`. The token goes to `baseUrl`'s origin and to no other; an answer that takes longer than 30 s or
 * exceeds 16 MiB is given up.
 */
export function createFetchExchange(options: {
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
}): Exchange {
  const { baseUrl, clock } = options;

  const once = async (
    request: ApiRequest,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<ApiResponse> => {
    let url = `${baseUrl}${request.path}`;
    for (let redirects = 0; ; redirects += 1) {
      const response = await options.fetch(url, {
        method: request.method,
        headers,
        redirect: "manual",
        signal,
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      });
      const next = redirects < mostRedirects ? redirectOf(response, url, request) : undefined;
      if (next === undefined) {
        const text = await textOf(response, request.purpose);
        return { status: response.status, headers: headersOf(response), data: dataOf(text) };
      }
      await response.body?.cancel();
      url = next;
    }
  };

  return async (request, authorization, signal) => {
    signal?.throwIfAborted();
    const headers = {
      accept: "application/vnd.github+json",
      "user-agent": "runs-fleet",
      "x-github-api-version": "2022-11-28",
      ...(authorization === undefined ? {} : { authorization }),
      ...(request.body === undefined ? {} : { "content-type": "application/json" }),
      ...(request.etag === undefined ? {} : { "if-none-match": request.etag }),
    };
    // A controller of our own, not AbortSignal.any: a caller's signal may live as long as its process.
    const given = new AbortController();
    let leave = (): void => undefined;
    const cut = new Promise<never>((_, reject) => {
      const giveUp = (reason: unknown): void => {
        given.abort(reason);
        reject(reason);
      };
      const onAbort = (): void => giveUp(signal?.reason);
      signal?.addEventListener("abort", onAbort, { once: true });
      leave = () => signal?.removeEventListener("abort", onAbort);
      clock.sleep(answerLimitMs, given.signal).then(
        () => giveUp(new Error(`no answer within ${answerLimitMs} ms`)),
        () => undefined,
      );
    });
    try {
      // Raced: a fetch of the host's own may not listen to its signal.
      return await Promise.race([once(request, headers, given.signal), cut]);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (FleetError.isInstance(error)) throw error;
      throw new FleetError({
        kind: "unavailable",
        message: `GitHub did not answer (${request.purpose})`,
        cause: redactError(error),
      });
    } finally {
      leave();
      given.abort(answered);
    }
  };
}

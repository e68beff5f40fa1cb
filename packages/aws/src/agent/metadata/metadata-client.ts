import { type CallOptions, type Clock, FleetError } from "@runs-fleet/core";
import { requestText, type TextAnswer } from "./request-text.ts";

/** Reads paths of the instance metadata service, version 2. */
export interface MetadataClient {
  /**
   * The text at a path below `/latest`; `undefined` when there is none.
   *
   * @throws A {@link FleetError}: `unavailable` when the service does not answer, `config` when it is switched off or refuses us.
   */
  read(path: string, options?: CallOptions): Promise<string | undefined>;
}

/** Where the service is. Source: EC2 guide, Access instance metadata, read 2026-11-28. */
export const metadataEndpoint = "http://169.254.169.254";

/** Life that is asked for a session token, seconds: the longest that there is. Source: as above. */
const tokenLifeSeconds = 21_600;
/** A token is replaced this long before its end, milliseconds. */
const tokenSpareMs = 300_000;
/** The service is on the same host: what takes longer is lost. */
const answerTimeoutMs = 1_000;
/** Longest document, bytes; real ones have a few thousand. */
const longestDocument = 65_536;
const mostTries = 3;
const firstPauseMs = 100;

/** Sessions are the service's way to tell us from what a job was tricked into asking for. */
const tokenHeader = "x-aws-ec2-metadata-token";

/** Makes a client. It keeps one session, and begins another when the service forgets it. */
export function createMetadataClient(endpoint: URL, clock: Clock): MetadataClient {
  let session: Promise<{ readonly token: string; readonly endsAtMs: number }> | undefined;
  const common = { timeoutMs: answerTimeoutMs, maxBytes: longestDocument, clock };
  const urlOf = (path: string): URL => new URL(`/latest/${path}`, endpoint);

  function judge({ status }: TextAnswer, path: string): FleetError {
    const message = `The instance metadata service answers ${path} with HTTP ${status}`;
    const details = { status, path };
    if (status === 403) {
      return new FleetError({ kind: "config", message: `${message}: it is switched off`, details });
    }
    const kind = status >= 500 || status === 429 || status === 401 ? "unavailable" : "config";
    return new FleetError({ kind, message, details });
  }

  async function begin() {
    const beganMs = clock.monotonicMs();
    const answer = await requestText({
      ...common,
      method: "PUT",
      url: urlOf("api/token"),
      headers: { "x-aws-ec2-metadata-token-ttl-seconds": String(tokenLifeSeconds) },
      // The session is everybody's: whoever gives up does not take it from the others.
      signal: undefined,
    });
    if (answer.status !== 200 || !/^[!-~]{1,1024}$/u.test(answer.body)) {
      throw judge(answer, "api/token");
    }
    return { token: answer.body, endsAtMs: beganMs + tokenLifeSeconds * 1_000 - tokenSpareMs };
  }

  async function tokenNow(): Promise<string> {
    for (;;) {
      session ??= begin();
      const current = session;
      let isOver = true;
      try {
        const { token, endsAtMs } = await current;
        isOver = clock.monotonicMs() >= endsAtMs;
        if (!isOver) return token;
      } finally {
        if (isOver && session === current) session = undefined;
      }
    }
  }

  async function once(path: string, signal: AbortSignal | undefined): Promise<string | undefined> {
    for (let sessions = 1; ; sessions += 1) {
      const token = await tokenNow();
      const answer = await requestText({
        ...common,
        method: "GET",
        url: urlOf(path),
        headers: { [tokenHeader]: token },
        signal,
      });
      if (answer.status === 200) return answer.body;
      if (answer.status === 404) return undefined;
      if (answer.status !== 401 || sessions > 1) throw judge(answer, path);
      // It has forgotten the session, as after a restart.
      session = undefined;
    }
  }

  return {
    async read(path, options) {
      const signal = options?.signal;
      for (let tries = 1; ; tries += 1) {
        signal?.throwIfAborted();
        try {
          return await once(path, signal);
        } catch (error) {
          signal?.throwIfAborted();
          const isPassing = FleetError.isInstance(error) && error.retryable;
          if (!isPassing || tries === mostTries) throw error;
        }
        await clock.sleep(firstPauseMs * 2 ** tries, signal);
      }
    },
  };
}

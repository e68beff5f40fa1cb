import { request } from "node:http";
import { type Clock, FleetError } from "@runs-fleet/core";

/** A request to the metadata service. */
export interface TextRequest {
  readonly method: "GET" | "PUT";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** From the call to the last byte of the answer, milliseconds. */
  readonly timeoutMs: number;
  /** Longest body, bytes. */
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
}

/** What it answered. */
export interface TextAnswer {
  readonly status: number;
  readonly body: string;
}

function unreachable(reason: string, cause?: unknown): FleetError {
  return new FleetError({
    kind: "unavailable",
    message: `The instance metadata service ${reason}`,
    ...(cause === undefined ? {} : { cause }),
  });
}

/**
 * One request over plain HTTP, past all proxies and without following redirects: metadata is only ever at its own address.
 *
 * @throws A {@link FleetError} `unavailable` when there is no whole answer in time; the reason of the signal.
 */
export async function requestText(options: TextRequest): Promise<TextAnswer> {
  const { method, url, headers, timeoutMs, maxBytes, clock, signal } = options;
  signal?.throwIfAborted();
  const done = new AbortController();
  const stopped = signal === undefined ? done.signal : AbortSignal.any([signal, done.signal]);
  const answered = new Promise<TextAnswer>((resolve, reject) => {
    const call = request(url, { method, headers, agent: false, signal: stopped }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxBytes) reject(unreachable(`answers with more than ${maxBytes} bytes`));
        else chunks.push(chunk);
      });
      response.once("error", (error) => reject(unreachable("breaks off its answer", error)));
      response.once("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    call.on("error", (error) => reject(unreachable("cannot be reached", error)));
    call.end();
  });
  const late = clock.sleep(timeoutMs, stopped).then(
    () => {
      throw unreachable(`does not answer within ${timeoutMs} ms`);
    },
    () => answered,
  );
  try {
    return await Promise.race([answered, late]);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    late.catch(() => undefined);
    done.abort();
  }
}

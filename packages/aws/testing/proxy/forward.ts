import { Agent, request as send } from "node:http";
import { awsError } from "./aws-error.ts";
import type { AwsAnswer, AwsRequest, Handle } from "./exchange.ts";
import { addressed, type Upstream } from "./upstream.ts";

/** Sends calls to the emulators. */
export interface Forwarder {
  /** Answers an error of the service when the emulator does not. */
  readonly handle: Handle;
  /** Ends its connections. */
  close(): void;
}

/** Sends each call to the emulator that `route` names, as one account. */
export function createForwarder(options: {
  readonly route: (request: AwsRequest) => Upstream;
  readonly accountId: string;
}): Forwarder {
  const agent = new Agent({ keepAlive: true, timeout: 60_000 });
  return {
    close: () => agent.destroy(),
    async handle(request) {
      const upstream = options.route(request);
      const headers = addressed(upstream, request, options.accountId);
      try {
        return await exchange(agent, upstream.url, request, headers);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return awsError(request, {
          code: "InternalFailure",
          status: 500,
          message: `${upstream.kind} does not answer: ${why}`,
        });
      }
    },
  };
}

function exchange(
  agent: Agent,
  base: string,
  request: AwsRequest,
  headers: Readonly<Record<string, string | readonly string[]>>,
): Promise<AwsAnswer> {
  const { promise, resolve, reject } = deferred<AwsAnswer>();
  const outgoing = send(
    new URL(base),
    {
      agent,
      method: request.method,
      path: request.url,
      headers: { ...headers, "content-length": request.body.length },
    },
    (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () => {
        const {
          connection,
          "keep-alive": alive,
          "transfer-encoding": coding,
          ...kept
        } = incoming.headers;
        // It tells a checksum of a body that we may have changed; no client needs it.
        const { "x-amz-crc32": crc, "content-length": length, ...rest } = kept;
        const isHead = request.method === "HEAD" && length !== undefined;
        resolve({
          status: incoming.statusCode ?? 500,
          headers: isHead ? { ...rest, "content-length": length } : rest,
          body: Buffer.concat(chunks),
        });
      });
    },
  );
  outgoing.on("error", reject);
  outgoing.end(request.body);
  return promise;
}

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

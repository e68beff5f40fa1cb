import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { FakeRequest } from "./exchange.ts";
import { brokenConnection, type Serve } from "./server.ts";

const largestBody = 8_388_608;

type Target = Pick<FakeRequest, "path" | "segments" | "query">;

/** Targets that were read before: callers ask for the same ones again and again. */
const targets = new Map<string, Target>();
const mostTargets = 1_000;

function targetOf(text: string): Target {
  const known = targets.get(text);
  if (known !== undefined) return known;
  const url = new URL(text, "http://fake");
  const segments = url.pathname
    .split("/")
    .filter((part) => part !== "")
    .map((part) => decodeURIComponent(part));
  const query = Object.freeze(Object.fromEntries(url.searchParams));
  const target = { path: `/${segments.join("/")}`, segments: Object.freeze(segments), query };
  if (targets.size >= mostTargets) targets.clear();
  targets.set(text, target);
  return target;
}

function requestOf(
  method: string,
  target: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): FakeRequest {
  const { path, segments, query } = targetOf(target);
  return { method, path, segments, query, headers, body, signal };
}

/** Waits for an answer as long as the caller does. */
async function unlessGone<T>(served: Promise<T>, signal: AbortSignal): Promise<T> {
  let leave = (): void => undefined;
  const gone = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason);
    signal.addEventListener("abort", leave, { once: true });
  });
  return Promise.race([served, gone]).finally(() => signal.removeEventListener("abort", leave));
}

/** The fake as a `fetch`, in process. */
export function createInProcessFetch(serve: Serve): typeof fetch {
  return async (input, init) => {
    const request = input instanceof Request ? new Request(input, init) : undefined;
    const signal = init?.signal ?? request?.signal ?? new AbortController().signal;
    signal.throwIfAborted();
    const headers: Record<string, string> = {};
    new Headers(init?.headers ?? request?.headers).forEach((value, name) => {
      headers[name] = value;
    });
    const body =
      typeof init?.body === "string"
        ? init.body
        : request === undefined
          ? ""
          : await request.text();
    const target = request?.url ?? String(input);
    const method = init?.method ?? request?.method ?? "GET";
    const served = serve(requestOf(method, target, headers, body, signal));
    const reply = served instanceof Promise ? await unlessGone(served, signal) : served;
    if (reply === brokenConnection) throw new TypeError("fetch failed");
    const empty = reply.status === 204 || reply.status === 304;
    return new Response(empty ? null : reply.body, {
      status: reply.status,
      headers: reply.headers,
    });
  };
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > largestBody) throw new RangeError("The body is too big");
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function answer(
  serve: Serve,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const abort = new AbortController();
  response.once("close", () => abort.abort(new Error("The caller has gone")));
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (typeof value === "string") headers[name] = value;
  }
  const body = await bodyOf(message);
  const request = requestOf(
    message.method ?? "GET",
    message.url ?? "/",
    headers,
    body,
    abort.signal,
  );
  const reply = await serve(request);
  if (reply === brokenConnection) {
    message.socket.destroy();
    return;
  }
  response.writeHead(reply.status, reply.headers);
  response.end(reply.body);
}

/** Serves the fake over HTTP on 127.0.0.1; port 0 takes a free one. */
export async function serveHttp(
  serve: Serve,
  port: number,
): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = createServer((message, response) => {
    answer(serve, message, response).catch(() => {
      // A request that cannot be read has no answer: its connection ends.
      message.socket.destroy();
    });
  });
  // Long polls outlast the platform's defaults.
  server.keepAliveTimeout = 75_000;
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  let closing: Promise<void> | undefined;
  return {
    url: `http://127.0.0.1:${bound}`,
    [Symbol.asyncDispose]: () => {
      closing ??= new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return closing;
    },
  };
}

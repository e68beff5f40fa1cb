import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "../ports/clock.ts";
import { FleetError } from "../ports/failure.ts";
import { systemClock } from "../ports/system-clock.ts";
import { answerMessage } from "./answer-message.ts";

/** What {@link serveHttp} needs. */
export interface ServeOptions {
  /** Answers each request; a rejection becomes a 500. */
  readonly handler: (request: Request) => Promise<Response>;
  /** 0 to 65535; 0 takes a free one. */
  readonly port: number;
  /** Address to listen on. @defaultValue `127.0.0.1`: nobody else reaches it */
  readonly host?: string;
  /** How long a client may take for its headers, milliseconds. @defaultValue 10,000 */
  readonly headersTimeoutMs?: number;
  /** How long a client may take for a whole request, milliseconds. @defaultValue 30,000 */
  readonly requestTimeoutMs?: number;
  /** How long an idle connection is kept, milliseconds. @defaultValue 65,000, above the 60 s of common load balancers */
  readonly keepAliveTimeoutMs?: number;
  /** Most bytes of headers. @defaultValue 16,384 */
  readonly maxHeaderBytes?: number;
  /** Most connections at once; with the largest body it bounds the memory. @defaultValue 1,000 */
  readonly maxConnections?: number;
  /** Source of time. @defaultValue {@link systemClock} */
  readonly clock?: Clock;
}

/** A server that listens. */
export interface HttpServer extends AsyncDisposable {
  /** Where it listens, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /**
   * Takes no new connections and resolves when the requests in hand are answered, or cut off after `graceMs`.
   *
   * @param graceMs - Milliseconds. @defaultValue 10,000
   */
  close(graceMs?: number): Promise<void>;
}

const defaultGraceMs = 10_000;
const lingerMs = 2_000;

function listenFailure(error: NodeJS.ErrnoException, host: string, port: number): FleetError {
  const place = `port ${port} of ${host}`;
  const words: Readonly<Record<string, string>> = {
    EADDRINUSE: `Cannot listen on ${place}: something else listens there. End it, or choose another port`,
    EACCES: `Cannot listen on ${place}: this user may not. Choose a port above 1023`,
    EADDRNOTAVAIL: `Cannot listen on ${place}: the address is not one of this machine. Choose another host`,
    ENOTFOUND: `Cannot listen on ${place}: the host has no address. Choose another host`,
  };
  return new FleetError({
    kind: "config",
    message: words[error.code ?? ""] ?? `Cannot listen on ${place}: ${error.message}`,
    details: { host, port, code: error.code },
    cause: error,
  });
}

function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(listenFailure(error, host, port)));
    server.listen({ host, port }, () => {
      server.removeAllListeners("error");
      resolve(server.address() as AddressInfo);
    });
  });
}

async function closeServer(server: Server, clock: Clock, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  const done = new AbortController();
  const cutOff = clock.sleep(graceMs, done.signal).then(
    () => server.closeAllConnections(),
    () => undefined,
  );
  await closed;
  done.abort();
  await cutOff;
}

function positive(name: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new RangeError(`${name} must be a whole number of at least 1`);
  }
  return value;
}

function newServer(options: ServeOptions): Server {
  const { headersTimeoutMs = 10_000, requestTimeoutMs = 30_000 } = options;
  const { keepAliveTimeoutMs = 65_000, maxHeaderBytes = 16_384, maxConnections = 1_000 } = options;
  const server = createServer({
    headersTimeout: positive("headersTimeoutMs", headersTimeoutMs),
    requestTimeout: positive("requestTimeoutMs", requestTimeoutMs),
    keepAliveTimeout: positive("keepAliveTimeoutMs", keepAliveTimeoutMs),
    maxHeaderSize: positive("maxHeaderBytes", maxHeaderBytes),
    // How often the two timeouts are looked at; Node's 30 s would make short ones long.
    connectionsCheckingInterval: Math.min(5_000, headersTimeoutMs, requestTimeoutMs),
  });
  server.maxConnections = positive("maxConnections", maxConnections);
  return server;
}

/**
 * Listens with node:http and answers with a web-standard handler: bodies are streamed, and the request's signal aborts
 * when the client hangs up.
 *
 * @throws A {@link FleetError} `config` when the port cannot be had, with words for the person who starts the host;
 *   a `TypeError` or `RangeError` for bad options.
 */
export async function serveHttp(options: ServeOptions): Promise<HttpServer> {
  const { handler, port, host = "127.0.0.1", clock = systemClock } = options;
  if (typeof handler !== "function") throw new TypeError("A handler is needed");
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new RangeError("port must be a whole number from 0 to 65535");
  }
  const server = newServer(options);
  let origin = "http://localhost";
  let closing: Promise<void> | undefined;
  const answering = {
    handler,
    origin: () => origin,
    isClosing: () => closing !== undefined,
    clock,
    lingerMs,
  };
  server.on("request", (message, response) => void answerMessage(answering, message, response));
  const address = await listen(server, host, port);
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  origin = `http://${name}:${address.port}`;
  const close = (graceMs = defaultGraceMs): Promise<void> => {
    closing ??= closeServer(server, clock, graceMs);
    return closing;
  };
  return { url: origin, close, [Symbol.asyncDispose]: () => close() };
}

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { documentAt } from "./documents.ts";
import { createInstanceTags } from "./instance-tags.ts";
import { createSessionTokens } from "./session-tokens.ts";
import type {
  FakeInstanceMetadata,
  FakeInstanceMetadataOptions,
  FakeMetadataRequest,
  FakeMetadataTrouble,
} from "./types.ts";

/** Requests that are remembered; a machine that polls makes some thousands an hour. */
const mostRequests = 10_000;

/** A request as it is judged. */
interface MetadataRequest {
  readonly method: string;
  readonly segments: readonly string[];
  /** Lower-cased names. */
  readonly headers: IncomingMessage["headers"];
}

/** An answer; the body is text. */
interface MetadataReply {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const refusal = (status: number, title: string): MetadataReply => ({
  status,
  body: `<?xml version="1.0" encoding="iso-8859-1"?>\n<html><head><title>${status} - ${title}</title></head></html>\n`,
  headers: { "content-type": "text/html" },
});

/** The path without empty segments: clients ask for `//latest` as well. `undefined`: it is no path. */
function segmentsOf(target: string): readonly string[] | undefined {
  const [path = ""] = target.split("?", 1);
  try {
    return path
      .split("/")
      .filter((segment) => segment !== "")
      .map((segment) => decodeURIComponent(segment));
  } catch {
    return undefined;
  }
}

const textOf = (value: string | string[] | undefined): string | undefined =>
  typeof value === "string" ? value : undefined;

/**
 * The metadata service of one instance that does not exist.
 *
 * @throws A `RangeError` for tags that EC2 would not take.
 * @example
 * await using metadata = createFakeInstanceMetadata({
 *   identity: { instanceId: "i-0a1b2c3d4e5f60718", region: "eu-west-1", accountId: "123456789012" },
 *   tags: { "runs-fleet:environment": "ci" },
 *   clock: systemClock,
 * });
 * const { url } = await metadata.listen();
 */
export function createFakeInstanceMetadata(
  options: FakeInstanceMetadataOptions,
): FakeInstanceMetadata {
  const { clock, showsTags = true } = options;
  const identity = { pendingAtMs: clock.now(), ...options.identity };
  const tokens = createSessionTokens(clock);
  const tags = createInstanceTags(clock);
  const servers = new Set<AsyncDisposable>();
  const requests: FakeMetadataRequest[] = [];
  const stamped = (credentials: FakeInstanceMetadataOptions["credentials"]) =>
    credentials && { ...credentials, setAtMs: clock.now() };
  let credentials = stamped(options.credentials);
  let action: Parameters<FakeInstanceMetadata["setInstanceAction"]>[0];
  let rebalanceAtMs: number | undefined;
  let trouble: FakeMetadataTrouble | undefined;
  tags.change(options.tags ?? {}, 0);

  function reply({ method, segments, headers }: MetadataRequest): MetadataReply {
    if (trouble?.kind === "status") return refusal(trouble.status, "Out of order");
    const path = segments.join("/");
    if (path === "latest/api/token") {
      if (method !== "PUT") return refusal(405, "Method Not Allowed");
      if (headers["x-forwarded-for"] !== undefined) return refusal(403, "Forbidden");
      const ttl = textOf(headers["x-aws-ec2-metadata-token-ttl-seconds"]);
      const token = tokens.issue(ttl);
      if (token === undefined || ttl === undefined) return refusal(400, "Bad Request");
      return {
        status: 200,
        body: token,
        headers: { "x-aws-ec2-metadata-token-ttl-seconds": ttl },
      };
    }
    if (method !== "GET" && method !== "HEAD") return refusal(405, "Method Not Allowed");
    if (!tokens.isValid(textOf(headers["x-aws-ec2-metadata-token"]))) {
      return refusal(401, "Unauthorized");
    }
    const document =
      segments[0] === "latest"
        ? documentAt(segments.slice(1), {
            identity,
            tags: showsTags ? tags.seen() : undefined,
            credentials,
            action,
            rebalanceAtMs,
          })
        : undefined;
    return document === undefined ? refusal(404, "Not Found") : { status: 200, body: document };
  }

  function note(request: FakeMetadataRequest): void {
    requests.push(request);
    if (requests.length > mostRequests) requests.shift();
  }

  function answer(message: IncomingMessage, response: ServerResponse): void {
    message.resume();
    const { method = "GET", url = "/", headers } = message;
    const segments = segmentsOf(url);
    const noted = { method, path: `/${(segments ?? []).join("/")}`, atMs: clock.monotonicMs() };
    if (trouble?.kind === "silent") {
      note({ ...noted, status: 0 });
      return;
    }
    const {
      status,
      body,
      headers: more,
    } = segments === undefined ? refusal(400, "Bad Request") : reply({ method, segments, headers });
    note({ ...noted, status });
    response.writeHead(status, { "content-type": "text/plain", ...more });
    response.end(method === "HEAD" ? undefined : body);
  }

  return {
    async listen(port = 0) {
      const server = createServer(answer);
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, "127.0.0.1", resolve);
      });
      const bound = server.address() as AddressInfo;
      let closing: Promise<void> | undefined;
      const served = {
        url: `http://127.0.0.1:${bound.port}`,
        [Symbol.asyncDispose]: () => {
          servers.delete(served);
          closing ??= new Promise<void>((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
          });
          return closing;
        },
      };
      servers.add(served);
      return served;
    },
    setTags: (changes, { delayMs = 0 } = {}) => tags.change(changes, delayMs),
    setCredentials: (next) => {
      credentials = stamped(next);
    },
    setInstanceAction: (next) => {
      action = next;
    },
    setRebalance: (noticeAtMs) => {
      rebalanceAtMs = noticeAtMs;
    },
    setTrouble: (next) => {
      trouble = next;
    },
    forgetTokens: () => tokens.forget(),
    requests: () => [...requests],
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...servers].map((server) => server[Symbol.asyncDispose]()));
    },
  };
}

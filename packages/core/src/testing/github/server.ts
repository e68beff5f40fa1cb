import { createHash } from "node:crypto";
import { type FakeReply, type FakeRequest, objectOf } from "./exchange.ts";
import { createRateLimits } from "./rate-limits.ts";
import { actionRoutes } from "./rest-actions.ts";
import { appRoutes } from "./rest-app.ts";
import { organisationRoutes } from "./rest-organisations.ts";
import { repositoryRoutes } from "./rest-repositories.ts";
import { runnerRoutes } from "./rest-runners.ts";
import { type Call, matchTemplate, notFound, type Parts, type Route, refusal } from "./routes.ts";
import type { FakeGitHubExchange, FakeOutage } from "./types.ts";

/** An answer as it goes over the wire. */
interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The connection broke before there was an answer. */
export const brokenConnection = Symbol("broken connection");

/** Answers requests: the REST API at once, and the runner protocol under `/_runner`. */
export type Serve = (
  request: FakeRequest,
) => WireReply | typeof brokenConnection | Promise<WireReply>;

/** A reply with its body as text: written once, for the ETag and the wire. */
interface Written {
  readonly reply: FakeReply;
  readonly text: string;
}

function write(reply: FakeReply): Written {
  return { reply, text: reply.body === undefined ? "" : JSON.stringify(reply.body) };
}

/** The body's text and its ETag. */
interface Tagged {
  readonly text: string;
  readonly etag: string;
}

function tag({ text }: Written): Tagged {
  return { text, etag: `W/"${createHash("sha256").update(text).digest("hex")}"` };
}

interface Matched {
  readonly route: Route;
  readonly params: Record<string, string>;
}

const routes = [
  ...appRoutes,
  ...runnerRoutes,
  ...actionRoutes,
  ...repositoryRoutes,
  ...organisationRoutes,
].map((route) => ({ route, template: route.template.split("/").filter((part) => part !== "") }));

function match(request: FakeRequest): Matched | undefined {
  for (const { route, template } of routes) {
    if (route.method !== request.method) continue;
    const params = matchTemplate(template, request.segments);
    if (params !== undefined) return { route, params };
  }
  return undefined;
}

/** The `Date` header. */
function dateOf(atMs: number): string {
  return new Date(atMs).toUTCString();
}

/** The server of the fake over its parts. */
export function createServe(options: {
  readonly parts: Parts;
  readonly runnerService: (request: FakeRequest) => Promise<FakeReply>;
  readonly outage: () => FakeOutage | undefined;
  readonly onExchange: ((exchange: FakeGitHubExchange) => void) | undefined;
}): Serve {
  const { parts, runnerService, outage, onExchange } = options;
  const { world, credentials } = parts;
  const limits = createRateLimits(world);
  // Replies that are given out again keep what was made of them.
  const tagged = new WeakMap<FakeReply, Tagged>();

  const rest = (request: FakeRequest, matched: Matched | undefined): Written => {
    const identity = credentials.identify(request.headers["authorization"]);
    if (typeof identity === "string") return write(refusal(401, identity));
    if (matched === undefined) return write(notFound());
    const { route, params } = matched;
    if (identity.kind === "reader" && (request.method !== "GET" || route.by === "app")) {
      return write(refusal(403, "Resource not accessible by personal access token"));
    }
    if (identity.kind !== "reader" && route.by !== identity.kind) {
      return write(
        route.by === "app"
          ? refusal(401, "A JSON web token could not be decoded")
          : refusal(403, "Resource not accessible by integration"),
      );
    }
    const login = (params["org"] ?? params["owner"])?.toLowerCase();
    const owner = login === undefined ? undefined : world.owners.get(login);
    const repository =
      params["repo"] === undefined
        ? undefined
        : world.repositories.get(`${login}/${params["repo"].toLowerCase()}`);
    const caller =
      identity.kind === "app"
        ? "app"
        : identity.kind === "reader"
          ? "reader"
          : String(identity.owner.installationId ?? "none");
    const resource = route.resource ?? "core";
    const refused = limits.charge(caller, resource);
    if (refused !== undefined) return write(refused);
    const call: Call = { ...parts, request, params, owner, repository };
    const outside =
      (login !== undefined && owner === undefined) ||
      (params["repo"] !== undefined && repository === undefined) ||
      (identity.kind !== "app" && identity.owner !== owner);
    const reply = outside ? notFound() : route.handle(call);
    if (request.method !== "GET" || reply.status !== 200) {
      const headers = { ...reply.headers, ...limits.headers(caller, resource) };
      return write({ ...reply, headers });
    }
    const known = tagged.get(reply) ?? tag(write(reply));
    tagged.set(reply, known);
    const { text, etag } = known;
    const same = request.headers["if-none-match"] === etag;
    if (same) limits.refund(caller, resource);
    const headers = { ...reply.headers, etag, ...limits.headers(caller, resource) };
    return same
      ? { reply: { status: 304, headers }, text: "" }
      : { reply: { ...reply, headers }, text };
  };

  const observe = (request: FakeRequest, route: Route | undefined, reply: FakeReply): void => {
    onExchange?.({
      method: request.method,
      path: request.path,
      query: request.query,
      ...(route === undefined ? {} : { route: route.template }),
      request: request.body === "" ? undefined : objectOf(request.body),
      status: reply.status,
      response: reply.body,
    });
  };

  const wire = ({ reply, text }: Written): WireReply => ({
    status: reply.status,
    headers: {
      date: dateOf(world.clock.now()),
      ...(reply.body === undefined ? {} : { "content-type": "application/json; charset=utf-8" }),
      ...reply.headers,
    },
    body: text,
  });

  return (request) => {
    const down = outage();
    if (request.segments[0] === "_runner") {
      return down?.runners
        ? wire(
            write({
              status: 503,
              body: { error: { code: "outage", message: "Service unavailable" } },
            }),
          )
        : runnerService(request).then((reply) => wire(write(reply)));
    }
    if (down?.api === "broken") return brokenConnection;
    if (down?.api === "unavailable") return wire(write(refusal(503, "Service unavailable")));
    const matched = match(request);
    const written = rest(request, matched);
    observe(request, matched?.route, written.reply);
    return wire(written);
  };
}

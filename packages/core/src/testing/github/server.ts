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

/** Answers requests: the REST API, and the runner protocol under `/_runner`. */
export type Serve = (request: FakeRequest) => Promise<WireReply | typeof brokenConnection>;

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

  const rest = (request: FakeRequest, matched: Matched | undefined): FakeReply => {
    const identity = credentials.identify(request.headers["authorization"]);
    if (typeof identity === "string") return refusal(401, identity);
    if (matched === undefined) return notFound();
    const { route, params } = matched;
    if (identity.kind === "reader" && (request.method !== "GET" || route.by === "app")) {
      return refusal(403, "Resource not accessible by personal access token");
    }
    if (identity.kind !== "reader" && route.by !== identity.kind) {
      return route.by === "app"
        ? refusal(401, "A JSON web token could not be decoded")
        : refusal(403, "Resource not accessible by integration");
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
    if (refused !== undefined) return refused;
    const call: Call = { ...parts, request, params, owner, repository };
    const outside =
      (login !== undefined && owner === undefined) ||
      (params["repo"] !== undefined && repository === undefined) ||
      (identity.kind !== "app" && identity.owner !== owner);
    const reply = outside ? notFound() : route.handle(call);
    if (request.method === "GET" && reply.status === 200) {
      const etag = `W/"${createHash("sha256").update(JSON.stringify(reply.body)).digest("hex")}"`;
      const same = request.headers["if-none-match"] === etag;
      if (same) limits.refund(caller, resource);
      const headers = { ...reply.headers, etag, ...limits.headers(caller, resource) };
      return same ? { status: 304, headers } : { ...reply, headers };
    }
    return { ...reply, headers: { ...reply.headers, ...limits.headers(caller, resource) } };
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

  const wire = (reply: FakeReply): WireReply => ({
    status: reply.status,
    headers: {
      date: new Date(world.clock.now()).toUTCString(),
      ...(reply.body === undefined ? {} : { "content-type": "application/json; charset=utf-8" }),
      ...reply.headers,
    },
    body: reply.body === undefined ? "" : JSON.stringify(reply.body),
  });

  return async (request) => {
    const down = outage();
    if (request.segments[0] === "_runner") {
      return wire(
        down?.runners
          ? { status: 503, body: { error: { code: "outage", message: "Service unavailable" } } }
          : await runnerService(request),
      );
    }
    if (down?.api === "broken") return brokenConnection;
    if (down?.api === "unavailable") return wire(refusal(503, "Service unavailable"));
    const matched = match(request);
    const reply = rest(request, matched);
    observe(request, matched?.route, reply);
    return wire(reply);
  };
}

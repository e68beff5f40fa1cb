import type { Decision, FleetStatus } from "../fleet/status.ts";
import type { Orchestrator } from "../orchestrator-port.ts";
import type { Clock, Entropy } from "../ports/clock.ts";
import { systemClock, systemEntropy } from "../ports/system-clock.ts";
import { errorResponse, jsonResponse } from "./json-response.ts";
import { type Fragment, fragmentResponse, pageResponse } from "./page/document.ts";
import { fleetPage, unavailablePage } from "./page/fleet-page.ts";
import { jobPage, unknownJobPage } from "./page/job-page.ts";
import { poolPage, unknownPoolPage } from "./page/pool-page.ts";

/** What {@link createHttpHandler} needs. */
export interface HttpHandlerOptions {
  /** What the routes speak to. */
  readonly orchestrator: Orchestrator;
  /**
   * Whether the host is about to close its listener: `/readyz` then answers 503 while all else still works.
   * @defaultValue never; the orchestrator's own draining counts in any case
   */
  readonly isDraining?: () => boolean;
  /**
   * One plain sentence above every page, asked for with each answer: what people must know about this host, such as that
   * it is a rehearsal. `undefined` for none.
   * @defaultValue none
   */
  readonly notice?: () => string | undefined;
  /** Source of time. @defaultValue {@link systemClock} */
  readonly clock?: Clock;
  /** Source of the nonces in the content security policy of pages. @defaultValue {@link systemEntropy} */
  readonly entropy?: Entropy;
}

interface Site {
  readonly orchestrator: Orchestrator;
  readonly isDraining: () => boolean;
  readonly notice: () => string | undefined;
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Looks at the source of the configuration, once for all who ask meanwhile. */
  readonly refresh: () => Promise<unknown>;
}

/** Ids of ours and GitHub's are far shorter. */
const longestId = 512;

const pagePath = /^\/(jobs|pools)\/([^/]+)$/;

async function readiness({ orchestrator, isDraining }: Site): Promise<Response> {
  const { role } = await orchestrator.status();
  return isDraining() || role === "draining"
    ? jsonResponse(503, { status: "draining" }, { "retry-after": "5" })
    : jsonResponse(200, { status: "ready", role });
}

const subjectKeys = { job: "jobId", pool: "pool", machine: "machineId" } as const;

function subjectOf(parameters: URLSearchParams): Decision["subject"] | undefined {
  const entries = Object.entries(subjectKeys).flatMap(([parameter, key]) => {
    const value = parameters.get(parameter);
    return value === null ? [] : [[key, value] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

async function statusAnswer(site: Site, url: URL): Promise<Response> {
  const subject = subjectOf(url.searchParams);
  const status = await site.orchestrator.status();
  if (subject === undefined) return jsonResponse(200, status);
  if (Object.values(subject).some((id) => id === "" || id.length > longestId)) {
    return errorResponse(400, "invalid-subject", `An id has 1 to ${longestId} characters`);
  }
  const decisions = await site.orchestrator.explain(subject);
  const known = {
    job: status.jobs.find((job) => job.id === subject.jobId),
    pool: status.pools.find((pool) => pool.name === subject.pool),
    machine: status.machines.find((machine) => machine.id === subject.machineId),
  };
  if (decisions.length === 0 && Object.values(known).every((found) => found === undefined)) {
    return errorResponse(404, "not-found", "Nothing of that name is known here");
  }
  const details = known.pool === undefined ? [] : await site.orchestrator.pools();
  const history = details.find(({ name }) => name === subject.pool)?.history;
  return jsonResponse(200, { subject, ...known, history, decisions });
}

function show(site: Site, url: URL, fragment: Fragment, status = 200): Response {
  const notice = site.notice();
  const shown: Fragment = notice === undefined ? fragment : { ...fragment, notice };
  return url.searchParams.has("fragment")
    ? fragmentResponse(shown, status)
    : pageResponse(shown, site.entropy.uuid(), status);
}

async function jobAnswer(site: Site, url: URL, jobId: string): Promise<Response> {
  const status: FleetStatus = await site.orchestrator.status();
  const decisions = await site.orchestrator.explain({ jobId });
  const job = status.jobs.find((candidate) => candidate.id === jobId);
  if (job === undefined && decisions.length === 0) {
    return show(site, url, unknownJobPage(jobId), 404);
  }
  return show(site, url, jobPage(jobId, job, decisions, site.clock.now()));
}

async function poolAnswer(site: Site, url: URL, name: string): Promise<Response> {
  const status = await site.orchestrator.status();
  const details = await site.orchestrator.pools();
  const pool = status.pools.find((candidate) => candidate.name === name);
  const detail = details.find((candidate) => candidate.name === name);
  if (pool === undefined || detail === undefined) {
    return show(site, url, unknownPoolPage(name, status), 404);
  }
  const explanation = await site.orchestrator.explain({ pool: name });
  return show(site, url, poolPage(status, pool, detail, explanation, site.clock.now()));
}

async function fleetAnswer(site: Site, url: URL): Promise<Response> {
  const status = await site.orchestrator.status();
  const details = await site.orchestrator.pools();
  return show(site, url, fleetPage(status, details, site.clock.now()));
}

/** An answer for people, which says so when the state cannot be had. */
async function forPeople(site: Site, url: URL, answer: () => Promise<Response>): Promise<Response> {
  try {
    return await answer();
  } catch {
    return show(site, url, unavailablePage(), 503);
  }
}

function decoded(segment: string): string | undefined {
  try {
    const text = decodeURIComponent(segment);
    return text.length <= longestId ? text : undefined;
  } catch {
    return undefined;
  }
}

async function configurationAnswer({ orchestrator }: Site): Promise<Response> {
  return jsonResponse(200, await orchestrator.configuration());
}

/** Looks at the source of the configuration. It changes nothing that a push would not, and costs GitHub one request. */
async function refreshAnswer(site: Site, request: Request): Promise<Response> {
  if (request.method !== "POST") {
    return errorResponse(405, "method", "Only POST is answered here", { allow: "POST" });
  }
  // Pages of others can send forms to here, and no JSON.
  if (!/^application\/json\b/i.test(request.headers.get("content-type") ?? "")) {
    return errorResponse(415, "content-type", "Only application/json is taken here");
  }
  const outcome = await site.refresh();
  return jsonResponse(200, {
    outcome: outcome ?? null,
    ...(await site.orchestrator.configuration()),
  });
}

/** One call for all who ask meanwhile. */
function sharing<T>(call: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= call().finally(() => {
      running = undefined;
    });
    return running;
  };
}

/** The answer to a GET; `undefined` when there is nothing at the path. */
function routeFor(site: Site, url: URL): (() => Promise<Response>) | undefined {
  switch (url.pathname) {
    case "/":
      return () => forPeople(site, url, () => fleetAnswer(site, url));
    case "/healthz":
      return async () => jsonResponse(200, { status: "ok" });
    case "/readyz":
      return () => readiness(site);
    case "/status":
      return () => statusAnswer(site, url);
    case "/config":
      return () => configurationAnswer(site);
  }
  const [, kind, segment] = pagePath.exec(url.pathname) ?? [];
  const name = segment === undefined ? undefined : decoded(segment);
  if (name === undefined) return undefined;
  const answer = kind === "jobs" ? jobAnswer : poolAnswer;
  return () => forPeople(site, url, () => answer(site, url, name));
}

async function answerTo(site: Site, request: Request): Promise<Response> {
  const url = new URL(request.url);
  if (url.pathname === "/webhooks/github") return site.orchestrator.handleWebhook(request);
  if (url.pathname === "/config/refresh") return refreshAnswer(site, request);
  const route = routeFor(site, url);
  if (route === undefined) return errorResponse(404, "not-found", `Nothing is at ${url.pathname}`);
  if (request.method !== "GET" && request.method !== "HEAD") {
    return errorResponse(405, "method", "Only GET and HEAD are answered here", {
      allow: "GET, HEAD",
    });
  }
  const response = await route();
  return request.method === "HEAD"
    ? new Response(null, { status: response.status, headers: response.headers })
    : response;
}

/**
 * Answers all of a host's HTTP: `POST /webhooks/github`, `GET /healthz` (the process lives), `/readyz` (503 while it
 * drains), `/status` (a {@link FleetStatus} as JSON; with `?job=`, `?pool=` or `?machine=` the explanation of one, of a
 * pool with its curves), `/config` (the configuration in force as JSON, and how things stand with its source), `POST
 * /config/refresh` (has its source looked at now), and for people `/`, `/jobs/<id>` and `/pools/<name>`. Everything else is a JSON error with a code.
 *
 * The handler never rejects. It asks for no credential: hosts bind it to where only trusted people can read, and let the
 * world reach the webhook alone.
 *
 * @throws A `TypeError` without an orchestrator.
 */
export function createHttpHandler(
  options: HttpHandlerOptions,
): (request: Request) => Promise<Response> {
  if (typeof options.orchestrator?.status !== "function") {
    throw new TypeError("An orchestrator is needed");
  }
  const site: Site = {
    orchestrator: options.orchestrator,
    isDraining: options.isDraining ?? (() => false),
    notice: options.notice ?? (() => undefined),
    clock: options.clock ?? systemClock,
    entropy: options.entropy ?? systemEntropy,
    refresh: sharing(() => options.orchestrator.refreshConfiguration()),
  };
  return async (request) => {
    try {
      return await answerTo(site, request);
    } catch {
      return errorResponse(503, "unavailable", "The orchestrator cannot answer right now", {
        "retry-after": "5",
      });
    }
  };
}

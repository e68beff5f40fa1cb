import { type FakeReply, type FakeRequest, objectOf } from "./exchange.ts";
import { decodeJitConfig } from "./jit-config.ts";
import { conclusionOf, type Jobs } from "./jobs.ts";
import type { Matching } from "./matching.ts";
import type { Job, Message, Runner, Session, World } from "./model.ts";
import type { Registrations } from "./registrations.ts";
import type { RunnerResult } from "./types.ts";

const pollMs = 50_000;
const longestPollMs = 60_000;
const renewMs = 60_000;

function refuse(status: number, code: string, message: string, more: object = {}): FakeReply {
  return { status, body: { error: { code, message }, ...more } };
}

const gone = (): FakeReply => refuse(404, "registration-gone", "The registration has gone");
const unknown = (): FakeReply => refuse(404, "session-unknown", "There is no such session");
const notYours = (): FakeReply =>
  refuse(409, "job-not-yours", "The job is not, or no longer, this runner's");

function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split(".").map((part) => Number(part)));
  for (let index = 0; index < 3; index += 1) {
    const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function jobBody(job: Job): object {
  return {
    id: String(job.id),
    runId: String(job.run.id),
    attempt: job.attempt,
    name: job.name,
    workflow: job.run.workflow,
    repository: job.run.repository.fullName,
    headSha: job.headSha,
    labels: job.labels,
    durationMs: job.durationMs,
    result: job.result,
    ...(job.scenario === undefined ? {} : { scenario: job.scenario }),
    lockedUntilMs: job.lockedUntilMs,
    renewMs,
  };
}

function reply(message: Message): FakeReply {
  if (message.kind === "none") return { status: 204 };
  if (message.kind === "gone") return gone();
  if (message.kind === "cancel") {
    return { status: 200, body: { kind: "cancel", jobId: String(message.job.id) } };
  }
  return { status: 200, body: { kind: "job", job: jobBody(message.job) } };
}

/** The runner side of the fake: RUNNER-PROTOCOL.md says what each call does. */
export function createRunnerService(parts: {
  readonly world: World;
  readonly matching: Matching;
  readonly registrations: Registrations;
  readonly jobs: Jobs;
}): (request: FakeRequest) => Promise<FakeReply> {
  const { world, matching, registrations, jobs } = parts;
  const { clock, settings } = world;

  const open = (request: FakeRequest): FakeReply => {
    const body = objectOf(request.body);
    if (body === undefined) return refuse(400, "invalid-request", "The body is not a JSON object");
    const claim = decodeJitConfig(body["jitConfig"]);
    if (claim === undefined)
      return refuse(400, "invalid-jit-config", "Not an encoded JIT configuration");
    const runner = world.runners.get(claim.runnerId);
    if (runner === undefined) return gone();
    if (runner.secret !== claim.secret)
      return refuse(401, "bad-credentials", "The credentials do not match the registration");
    if (registrations.online(runner) || runner.job !== undefined) {
      return refuse(409, "session-conflict", `A session for runner ${runner.name} is alive`, {
        retryAfterMs: 30_000,
      });
    }
    const session: Session = {
      id: world.entropy.uuid(),
      runner,
      ended: false,
      poll: undefined,
      completed: undefined,
    };
    if (runner.session !== undefined) world.sessions.delete(runner.session.id);
    runner.session = session;
    runner.lastSeenMs = clock.now();
    runner.version = typeof body["version"] === "string" ? body["version"] : undefined;
    runner.os = typeof body["os"] === "string" ? body["os"] : "linux";
    world.sessions.set(session.id, session);
    world.emit({
      kind: "runner-online",
      atMs: clock.now(),
      runnerId: String(runner.id),
      runnerName: runner.name,
    });
    return {
      status: 201,
      body: {
        sessionId: session.id,
        runnerId: String(runner.id),
        runnerName: runner.name,
        labels: runner.labels,
        pollMs,
        renewMs,
      },
    };
  };

  const immediate = (runner: Runner): Message | undefined => {
    const { job } = runner;
    if (job !== undefined) {
      if (job.state === "assigned") return { kind: "job", job };
      return job.cancelRequested ? { kind: "cancel", job } : undefined;
    }
    const found = jobs.offer(runner);
    return found === undefined ? undefined : { kind: "job", job: found };
  };

  const poll = (session: Session, request: FakeRequest): Promise<FakeReply> => {
    const { runner } = session;
    session.poll?.({ kind: "none" });
    runner.lastSeenMs = clock.now();
    const minimum = settings.minimumRunnerVersion;
    if (minimum !== undefined && runner.version !== undefined && isOlder(runner.version, minimum)) {
      return Promise.resolve(
        refuse(
          403,
          "runner-deprecated",
          `Runner version v${runner.version} is deprecated and cannot receive messages.`,
        ),
      );
    }
    const now = immediate(runner);
    if (now !== undefined) return Promise.resolve(reply(now));
    const asked = Number(request.query["waitMs"] ?? pollMs);
    const waitMs = Number.isFinite(asked) ? Math.min(Math.max(0, asked), longestPollMs) : pollMs;
    return new Promise((resolve) => {
      const answer = (message: Message): void => {
        session.poll = undefined;
        calledOff();
        request.signal.removeEventListener("abort", hangUp);
        matching.withdraw(runner);
        runner.lastSeenMs = clock.now();
        resolve(reply(message));
      };
      const hangUp = (): void => answer({ kind: "none" });
      const calledOff = world.timetable.at(clock.now() + waitMs, hangUp);
      session.poll = answer;
      if (request.signal.aborted) hangUp();
      else request.signal.addEventListener("abort", hangUp, { once: true });
    });
  };

  /** The job of the call when it is this session's. */
  const claimed = (session: Session, body: Record<string, unknown>): Job | undefined => {
    const { job } = session.runner;
    return job !== undefined && String(job.id) === body["jobId"] ? job : undefined;
  };

  const renew = (session: Session, body: Record<string, unknown>): FakeReply => {
    const job = claimed(session, body);
    if (job === undefined) return notYours();
    if (job.state === "assigned") jobs.start(job);
    jobs.renew(job);
    return {
      status: 200,
      body: { lockedUntilMs: job.lockedUntilMs, cancel: job.cancelRequested },
    };
  };

  const complete = (session: Session, body: Record<string, unknown>): FakeReply => {
    const result = body["result"] as RunnerResult;
    if (!Object.hasOwn(conclusionOf, String(result)))
      return refuse(400, "invalid-request", "result is succeeded, failed or cancelled");
    const { completed } = session;
    if (completed !== undefined && String(completed.jobId) === body["jobId"]) {
      return completed.result === result ? { status: 200, body: {} } : notYours();
    }
    const job = claimed(session, body);
    if (job === undefined) return notYours();
    if (job.state === "assigned") jobs.start(job);
    session.completed = { jobId: job.id, result };
    jobs.complete(job, conclusionOf[result]);
    return { status: 200, body: {} };
  };

  const end = (session: Session | undefined): FakeReply => {
    if (session !== undefined) {
      session.ended = true;
      session.poll?.({ kind: "none" });
      world.sessions.delete(session.id);
    }
    return { status: 204 };
  };

  return async (request) => {
    const [, resource, id, action] = request.segments;
    if (resource !== "sessions") return refuse(404, "unknown-path", "There is no such path");
    if (request.body.length > 65_536) return refuse(413, "invalid-request", "The body is too big");
    if (id === undefined) {
      return request.method === "POST"
        ? open(request)
        : refuse(405, "invalid-request", "POST only");
    }
    const session = world.sessions.get(id);
    if (request.method === "DELETE" && action === undefined) return end(session);
    if (session === undefined || session.ended) return unknown();
    session.runner.lastSeenMs = clock.now();
    if (request.method === "GET" && action === "message") {
      return session.runner.gone ? gone() : poll(session, request);
    }
    const body = objectOf(request.body);
    if (request.method !== "POST" || (action !== "renew" && action !== "complete"))
      return refuse(404, "unknown-path", "There is no such path");
    if (body === undefined) return refuse(400, "invalid-request", "The body is not a JSON object");
    if (action === "complete") return complete(session, body);
    return session.runner.gone ? gone() : renew(session, body);
  };
}

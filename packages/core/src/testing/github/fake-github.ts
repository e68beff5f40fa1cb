import { createGitHubClient } from "../../github/index.ts";
import type { GitHubClient } from "../../ports/github-client.ts";
import { statusOf } from "./action-bodies.ts";
import { jobAnnouncement, pushAnnouncement } from "./announcements.ts";
import { createChecks } from "./checks.ts";
import { commitFile } from "./contents.ts";
import { createCredentials } from "./credentials.ts";
import { createDeliveryDesk } from "./deliveries.ts";
import { createJobs } from "./jobs.ts";
import { createMatching } from "./matching.ts";
import type { Job } from "./model.ts";
import { deleteRun, recordRun } from "./record-run.ts";
import { createRegistrations } from "./registrations.ts";
import { createRunnerService } from "./runner-service.ts";
import { createServe } from "./server.ts";
import { createInProcessFetch, serveHttp } from "./transport.ts";
import type { FakeGitHub, FakeGitHubOptions, FakeJob, FakeOutage } from "./types.ts";
import { addGroup, createWorld, ensureOwner, setRepository } from "./world.ts";

function jobSnapshot(job: Job): FakeJob {
  return {
    id: String(job.id),
    runId: String(job.run.id),
    attempt: job.attempt,
    repository: job.run.repository.fullName,
    name: job.name,
    labels: job.labels,
    state: statusOf(job),
    ...(job.conclusion === undefined ? {} : { conclusion: job.conclusion }),
    ...(job.runnerName === undefined ? {} : { runnerName: job.runnerName }),
    starts: job.starts,
    queuedAtMs: job.createdAtMs,
    ...(job.startedAtMs === undefined ? {} : { startedAtMs: job.startedAtMs }),
    ...(job.completedAtMs === undefined ? {} : { completedAtMs: job.completedAtMs }),
  };
}

/**
 * A GitHub that keeps state, in memory: App and tokens, repositories, runner groups, JIT runners with sessions and a job
 * lock, runs and jobs matched by label superset, signed webhooks that can be lost, files, checks, limits and outages.
 *
 * Nothing happens before the first call. Dispose it when done: what is due later keeps the clock asleep until then.
 *
 * @example
 * const github = createFakeGitHub({ clock: systemClock, entropy: systemEntropy });
 * github.webhooks.target("http://127.0.0.1:8080/webhooks/github", "secret");
 * await using server = await github.listen(0);
 * github.queueJob({ repository: "acme/app", labels: ["runs-fleet/cpu=2"], durationMs: 1_000 });
 */
export function createFakeGitHub(options: FakeGitHubOptions): FakeGitHub {
  const world = createWorld(options);
  const credentials = createCredentials(world, options.app);
  const desk = createDeliveryDesk(world, credentials.appId);
  const matching = createMatching();
  const registrations = createRegistrations(world, matching);
  const jobs = createJobs(world, matching, registrations.remove);
  const checks = createChecks(world, credentials.appId);
  let outage: FakeOutage | undefined;
  let client: GitHubClient | undefined;
  const servers = new Set<AsyncDisposable>();

  world.announce = (job, action) => {
    desk.webhooks.send("workflow_job", jobAnnouncement(world, job, action));
  };
  const serve = createServe({
    parts: { world, registrations, jobs, credentials, deliveries: desk, checks },
    runnerService: createRunnerService({ world, matching, registrations, jobs }),
    outage: () => outage,
    onExchange: options.onExchange,
  });
  const inProcess = createInProcessFetch(serve);

  const jobOf = (id: string): Job => {
    const job = world.jobs.get(Number(id));
    if (job === undefined) throw new RangeError(`There is no job ${id}`);
    return job;
  };

  return {
    get client() {
      client ??= createGitHubClient({
        appId: credentials.appId,
        privateKey: credentials.privateKey(),
        baseUrl: world.baseUrl,
        fetch: inProcess,
        clock: options.clock,
        entropy: options.entropy,
      });
      return client;
    },
    fetch: inProcess,
    app: {
      id: credentials.appId,
      get privateKey() {
        return credentials.privateKey();
      },
    },
    webhooks: desk.webhooks,
    listen: async (port = 0) => {
      const server = await serveHttp(serve, port);
      servers.add(server);
      world.baseUrl = server.url;
      return server;
    },
    queueJob: (request) => String(jobs.queue(request).id),
    cancelJob: (id) => jobs.cancel(jobOf(id)),
    approveJob: (id) => jobs.approve(jobOf(id)),
    recordRun: (run) => recordRun(world, run),
    deleteRun: (runId) => deleteRun(world, runId),
    jobs: () => [...world.jobs.values()].map(jobSnapshot),
    runners: () =>
      [...world.runners.values()].map((runner) => ({
        id: String(runner.id),
        name: runner.name,
        scope: runner.scope,
        groupId: runner.groupId,
        labels: runner.labels,
        online: registrations.online(runner),
        busy: runner.job !== undefined,
        ...(runner.job === undefined ? {} : { jobId: String(runner.job.id) }),
      })),
    checks: checks.snapshot,
    onEvent: (listener) => {
      world.listeners.add(listener);
      return () => world.listeners.delete(listener);
    },
    setRepository: (request) => {
      setRepository(world, request);
    },
    addRunnerGroup: (group) =>
      addGroup(world, ensureOwner(world, group.owner), {
        name: group.name,
        visibility: group.visibility ?? "all",
        allowsPublic: group.allowsPublic ?? false,
        repositories: group.repositories ?? [],
      }).id,
    commitFile: (file) => {
      const { repository, branch, commit } = commitFile(world, file);
      if (file.push) {
        const body = pushAnnouncement(world, repository, branch, commit, file.path);
        desk.webhooks.send("push", body);
      }
      return commit.sha;
    },
    readToken: (login) => credentials.issueReader(ensureOwner(world, login)),
    setInstallation: (login, installed) => {
      ensureOwner(world, login).installationId = installed ? world.nextId() : undefined;
    },
    setOutage: (next) => {
      outage = next;
      desk.setDown(next?.webhooks ?? false);
    },
    [Symbol.asyncDispose]: async () => {
      world.timetable.close();
      desk.close();
      await Promise.all([...servers].map((server) => server[Symbol.asyncDispose]()));
    },
  };
}

import { describe, expect, it } from "vitest";
import { createFakeStage, fakeStartMs } from "../../../test/fake-github-stage.ts";

const job = { repository: "acme/app", labels: ["Fast"], durationMs: 1_000 } as const;
const minuteMs = 60_000;
const hourMs = 3_600_000;

describe("which runner gets which job", () => {
  it("is any whose labels cover the job's, whatever their case, the oldest job first", async () => {
    const { github, connect, poll } = createFakeStage();
    await using _ = github;
    const other = github.queueJob({ ...job, labels: ["slow"] });
    const first = github.queueJob({ ...job, labels: ["FAST"] });
    const second = github.queueJob(job);
    const thief = await connect("thief", ["x64", "fast", "extra"]);
    expect((await poll(thief)).body.job?.id).toBe(first);
    const next = await connect("next", ["fast"]);
    expect((await poll(next)).body.job?.id).toBe(second);
    const lacking = await connect("lacking", ["fast"]);
    expect((await poll(lacking)).status).toBe(204);
    expect(github.jobs().find((one) => one.id === other)?.state).toBe("queued");
  });

  it("is one that waits with an open poll, at the moment the job is queued", async () => {
    const { github, call, clock, connect } = createFakeStage();
    await using _ = github;
    const session = await connect("rf-1", ["fast"]);
    const polled = call("GET", `sessions/${session}/message?waitMs=50000`);
    await clock.advance(20_000);
    const id = github.queueJob(job);
    expect((await polled).body.job?.id).toBe(id);
    expect(clock.now()).toBe(fakeStartMs + 20_000);
  });

  it("is never one whose poll was broken off", async () => {
    const { github, call, connect } = createFakeStage();
    await using _ = github;
    const session = await connect("rf-1", ["fast"]);
    const leaving = new AbortController();
    const polled = call("GET", `sessions/${session}/message`, undefined, leaving.signal);
    leaving.abort(new Error("killed"));
    await expect(polled).rejects.toThrow("killed");
    github.queueJob(job);
    expect(github.runners()[0]?.busy).toBe(false);
    expect(github.jobs()[0]?.state).toBe("queued");
  });

  it("respects runner groups: their repositories, and public ones", async () => {
    const { github, connect, poll } = createFakeStage();
    await using _ = github;
    github.setRepository({ name: "acme/open", visibility: "public" });
    const groupId = github.addRunnerGroup({
      owner: "acme",
      name: "fleet",
      visibility: "selected",
      repositories: ["acme/app"],
    });
    github.queueJob({ ...job, repository: "acme/other" });
    github.queueJob({ ...job, repository: "acme/open" });
    const mine = github.queueJob(job);
    const selected = await connect("selected", ["fast"], groupId);
    expect((await poll(selected)).body.job?.id).toBe(mine);
    const byDefault = await connect("default", ["fast"]);
    expect((await poll(byDefault)).body.job?.id).toBe(github.jobs()[0]?.id);
    const again = await connect("again", ["fast"]);
    expect((await poll(again)).status).toBe(204);
  });

  it("keeps a repository's runners for that repository", async () => {
    const { github, call, mint, poll } = createFakeStage();
    await using _ = github;
    github.queueJob({ ...job, repository: "acme/other" });
    const jitConfig = await mint("own", ["fast"], 1, "repos/acme/app");
    const opened = await call("POST", "sessions", { jitConfig });
    expect((await poll(opened.body.sessionId ?? "")).status).toBe(204);
  });
});

describe("a registration", () => {
  it("serves for one job, and is gone with it", async () => {
    const { github, call, mint } = createFakeStage();
    await using _ = github;
    const jitConfig = await mint("rf-1", ["fast"]);
    const opened = await call("POST", "sessions", { jitConfig });
    const session = opened.body.sessionId ?? "";
    const id = github.queueJob(job);
    await call("GET", `sessions/${session}/message`);
    await call("POST", `sessions/${session}/renew`, { jobId: id });
    const done = { jobId: id, result: "succeeded" };
    expect((await call("POST", `sessions/${session}/complete`, done)).status).toBe(200);
    expect((await call("POST", `sessions/${session}/complete`, done)).status).toBe(200);
    const otherwise = { jobId: id, result: "failed" };
    expect((await call("POST", `sessions/${session}/complete`, otherwise)).status).toBe(409);
    expect((await call("GET", `sessions/${session}/message`)).status).toBe(404);
    expect((await call("POST", "sessions", { jitConfig })).body.error?.code).toBe(
      "registration-gone",
    );
    expect(github.runners()).toEqual([]);
  });

  it("bears one living session, and another after it has ended or fallen silent", async () => {
    const { github, call, clock, mint } = createFakeStage();
    await using _ = github;
    const jitConfig = await mint("rf-1", ["fast"]);
    const opened = await call("POST", "sessions", { jitConfig });
    expect((await call("POST", "sessions", { jitConfig })).status).toBe(409);
    expect((await call("DELETE", `sessions/${opened.body.sessionId}`)).status).toBe(204);
    expect(github.runners()[0]?.online).toBe(false);
    expect((await call("POST", "sessions", { jitConfig })).status).toBe(201);
    await clock.advance(minuteMs);
    expect((await call("POST", "sessions", { jitConfig })).status).toBe(201);
  });

  it("is refused when it is altered, and when it is none", async () => {
    const { github, call, mint } = createFakeStage();
    await using _ = github;
    const parts = JSON.parse(Buffer.from(await mint("rf-1", ["fast"]), "base64").toString());
    const rsa = Buffer.from(JSON.stringify({ d: "guessed" })).toString("base64");
    const forged = Buffer.from(JSON.stringify({ ...parts, ".credentials_rsaparams": rsa }));
    const jitConfig = forged.toString("base64");
    expect((await call("POST", "sessions", { jitConfig })).status).toBe(401);
    for (const bad of ["", "!!", Buffer.from("{}").toString("base64"), 5]) {
      expect((await call("POST", "sessions", { jitConfig: bad })).status).toBe(400);
    }
  });

  it("holds what a runner program reads of it", async () => {
    const { github, mint } = createFakeStage();
    await using _ = github;
    const parts = JSON.parse(Buffer.from(await mint("rf-1", ["fast"]), "base64").toString());
    const runner = JSON.parse(Buffer.from(parts[".runner"], "base64").toString());
    expect(runner).toMatchObject({
      AgentName: "rf-1",
      Ephemeral: true,
      ServerUrlV2: "https://github.fake",
      WorkFolder: "_work",
    });
    expect(String(runner.AgentId)).toBe(github.runners()[0]?.id);
  });

  it("ends a waiting poll when it is removed", async () => {
    const { github, call, connect } = createFakeStage();
    await using _ = github;
    const session = await connect("rf-1", ["fast"]);
    const polled = call("GET", `sessions/${session}/message`);
    const id = github.runners()[0]?.id ?? "";
    expect(await github.client.runners.remove("orgs/acme", id)).toBe("removed");
    expect((await polled).status).toBe(404);
    github.queueJob(job);
    expect(github.jobs()[0]?.state).toBe("queued");
  });

  it("is forgotten a day after it was last connected", async () => {
    const { github, clock, mint } = createFakeStage();
    await using _ = github;
    await mint("rf-1", ["fast"]);
    await clock.advance(23 * hourMs);
    expect(await github.client.runners.list("orgs/acme")).toHaveLength(1);
    await clock.advance(hourMs);
    const again = { name: "rf-1", labels: ["fast"], groupId: 1 };
    expect(await github.client.runners.mint("orgs/acme", again)).toBeDefined();
    expect(await github.client.runners.list("orgs/acme")).toHaveLength(1);
  });

  it("can be made to vanish while it is idle", async () => {
    const { github, call, clock, connect } = createFakeStage({ idleExpiryMs: 3 * minuteMs });
    await using _ = github;
    const session = await connect("rf-1", ["fast"]);
    const polled = call("GET", `sessions/${session}/message?waitMs=60000`);
    await clock.advance(minuteMs);
    expect((await polled).status).toBe(204);
    await clock.advance(2 * minuteMs);
    expect((await call("GET", `sessions/${session}/message`)).status).toBe(404);
  });

  it("gives no jobs to a runner that is too old", async () => {
    const { github, call, mint } = createFakeStage({ minimumRunnerVersion: "2.329.0" });
    await using _ = github;
    github.queueJob(job);
    const statuses = [];
    for (const version of ["2.328.9", "2.329.0", "2.1000.0"]) {
      const jitConfig = await mint(`rf-${version}`, ["fast"]);
      const opened = await call("POST", "sessions", { jitConfig, version });
      const path = `sessions/${opened.body.sessionId}/message?waitMs=0`;
      statuses.push((await call("GET", path)).status);
    }
    expect(statuses).toEqual([403, 200, 204]);
  });

  it("answers the older of two polls when a newer one comes", async () => {
    const { github, call, connect } = createFakeStage();
    await using _ = github;
    const session = await connect("rf-1", ["fast"]);
    const older = call("GET", `sessions/${session}/message`);
    const newer = call("GET", `sessions/${session}/message`);
    expect((await older).status).toBe(204);
    const id = github.queueJob(job);
    expect((await newer).body.job?.id).toBe(id);
  });
});

describe("a job", () => {
  it("is handed out again until its runner says that it works on it", async () => {
    const { github, call, connect, poll } = createFakeStage();
    await using _ = github;
    const session = await connect("rf-1", ["fast"]);
    const id = github.queueJob(job);
    expect((await poll(session)).body.job?.id).toBe(id);
    expect((await poll(session)).body.job?.id).toBe(id);
    expect(github.jobs()[0]?.state).toBe("queued");
    await call("POST", `sessions/${session}/renew`, { jobId: id });
    expect((await poll(session)).status).toBe(204);
    expect(github.jobs()[0]?.state).toBe("in_progress");
  });

  it("goes to another runner when the first says nothing for a minute", async () => {
    const { github, call, clock, connect, poll } = createFakeStage();
    await using _ = github;
    const lost = await connect("lost", ["fast"]);
    const id = github.queueJob(job);
    await poll(lost);
    await clock.advance(minuteMs);
    expect((await call("POST", `sessions/${lost}/renew`, { jobId: id })).status).toBe(409);
    const second = await connect("second", ["fast"]);
    expect((await poll(second)).body.job?.id).toBe(id);
  });

  it("stays with a killed runner for ten minutes and then fails", async () => {
    const { github, call, clock, connect, poll } = createFakeStage();
    await using _ = github;
    const session = await connect("rf-1", ["fast"]);
    const id = github.queueJob(job);
    await poll(session);
    await call("POST", `sessions/${session}/renew`, { jobId: id });
    await clock.advance(5 * minuteMs);
    await call("POST", `sessions/${session}/renew`, { jobId: id });
    await clock.advance(10 * minuteMs - 1);
    expect(github.jobs()[0]?.state).toBe("in_progress");
    expect(github.runners()[0]).toMatchObject({ busy: true, online: false });
    await clock.advance(1);
    expect(github.jobs()[0]).toMatchObject({ state: "completed", conclusion: "failure" });
    expect(github.runners()).toEqual([]);
    const late = { jobId: id, result: "succeeded" };
    expect((await call("POST", `sessions/${session}/complete`, late)).status).toBe(409);
  });

  it("is cancelled after a day in the queue, and when asked", async () => {
    const { github, clock } = createFakeStage();
    await using _ = github;
    github.queueJob(job);
    github.queueJob({ ...job, cancelAfterMs: 5_000 });
    const third = github.queueJob(job);
    github.cancelJob(third);
    await clock.advance(5_000);
    expect(github.jobs().map((one) => one.state)).toEqual(["queued", "completed", "completed"]);
    await clock.advance(24 * hourMs);
    expect(github.jobs().map((one) => one.conclusion)).toEqual(Array(3).fill("cancelled"));
  });

  it("hears of its cancellation by renewing and by polling", async () => {
    const { github, call, connect, poll } = createFakeStage();
    await using _ = github;
    const session = await connect("rf-1", ["fast"]);
    const id = github.queueJob(job);
    await poll(session);
    await call("POST", `sessions/${session}/renew`, { jobId: id });
    const polled = call("GET", `sessions/${session}/message`);
    github.cancelJob(id);
    expect((await polled).body).toEqual({ kind: "cancel", jobId: id });
    const renewed = await call("POST", `sessions/${session}/renew`, { jobId: id });
    expect(renewed.body.cancel).toBe(true);
    await call("POST", `sessions/${session}/complete`, { jobId: id, result: "cancelled" });
    expect(github.jobs()[0]?.conclusion).toBe("cancelled");
  });

  it("waits behind a gate until it is approved", async () => {
    const { github, connect, poll } = createFakeStage();
    await using _ = github;
    const id = github.queueJob({ ...job, waiting: true });
    const session = await connect("rf-1", ["fast"]);
    expect((await poll(session)).status).toBe(204);
    github.approveJob(id);
    expect((await poll(session)).body.job?.id).toBe(id);
  });

  it("runs again in its run with the next attempt, listed in place of the first", async () => {
    const { github } = createFakeStage();
    await using _ = github;
    const id = github.queueJob(job);
    github.cancelJob(id);
    expect(await github.client.jobs.rerun("acme/app", id)).toBe("accepted");
    expect(await github.client.jobs.rerun("acme/app", id)).toBe("not-yet");
    const [first, second] = github.jobs();
    expect(second).toMatchObject({ attempt: 2, state: "queued", runId: first?.runId });
    const listed = await github.client.jobs.listQueued("acme/app");
    expect(listed.map((one) => one.jobId)).toEqual([second?.id]);
  });

  it("does not run again while a sibling goes on, and leaves the sibling as it is", async () => {
    const { github } = createFakeStage();
    await using _ = github;
    const events: string[] = [];
    github.onEvent((event) => {
      if (event.kind === "job-queued") events.push(`${event.originId}: ${event.attempt}`);
    });
    const id = github.queueJob({ ...job, name: "lost" });
    const runId = github.jobs()[0]?.runId ?? "";
    const sibling = github.queueJob({ ...job, name: "sibling", runId });
    github.cancelJob(id);
    expect(await github.client.jobs.rerun("acme/app", id)).toBe("not-yet");
    github.cancelJob(sibling);
    expect(await github.client.jobs.rerun("acme/app", id)).toBe("accepted");
    const listed = await github.client.jobs.listOfRun("acme/app", runId);
    expect(listed.map(({ name, attempt, action }) => ({ name, attempt, action }))).toEqual([
      { name: "lost", attempt: 2, action: "queued" },
      { name: "sibling", attempt: 1, action: "completed" },
    ]);
    expect(events).toEqual([`${id}: 1`, `${sibling}: 1`, `${id}: 2`]);
  });
});

describe("limits and outages", () => {
  it("hands out 180 configurations a minute and installation", async () => {
    const { github, clock, mint } = createFakeStage({ limits: {} });
    await using _ = github;
    let minted = 0;
    for (let index = 0; index < 200; index += 1) {
      const made = mint(`rf-${index}`, ["x"]);
      const refused = await made.then(
        () => undefined,
        (error: unknown) => String(error),
      );
      if (refused === undefined) minted += 1;
      else expect(refused).toContain("secondary rate limit");
      await clock.advance(100);
    }
    expect(minted).toBe(180);
    await clock.advance(40_000);
    await mint("late", ["x"]);
  });

  it("shuts the runner service apart from the API", async () => {
    const { github, call, mint } = createFakeStage();
    await using _ = github;
    const jitConfig = await mint("rf-1", ["fast"]);
    github.setOutage({ runners: true });
    expect((await call("POST", "sessions", { jitConfig })).status).toBe(503);
    expect(await github.client.runners.list("orgs/acme")).toHaveLength(1);
    github.setOutage({ api: "unavailable" });
    expect((await call("POST", "sessions", { jitConfig })).status).toBe(201);
  });

  it("answers nobody without a credential", async () => {
    const { github } = createFakeStage();
    await using _ = github;
    for (const authorization of [undefined, "Bearer ", "Bearer ghs_guess", "Bearer a.b.c"]) {
      const response = await github.fetch("https://github.fake/orgs/acme/actions/runners", {
        headers: authorization === undefined ? {} : { authorization },
      });
      expect(response.status).toBe(401);
    }
  });
});

describe("a thousand jobs and hundreds of runners", () => {
  it("end with each job started exactly once, in seconds", async () => {
    const { github, call, connect, poll } = createFakeStage({
      limits: { mintsPerMinute: false, mintsPerHour: false, corePerHour: false },
    });
    await using _ = github;
    const sets = ["a", "b", "c", "d"];
    for (let index = 0; index < 1_000; index += 1) {
      github.queueJob({
        repository: `acme/r${index % 50}`,
        labels: [sets[index % 4] ?? "a"],
        durationMs: 1,
      });
    }
    const startedMs = performance.now();
    let made = 0;
    const serve = async (): Promise<void> => {
      while (made < 1_000) {
        made += 1;
        const session = await connect(`rf-${made}`, sets);
        const id = (await poll(session)).body.job?.id ?? "";
        await call("POST", `sessions/${session}/renew`, { jobId: id });
        await call("POST", `sessions/${session}/complete`, { jobId: id, result: "succeeded" });
        await call("DELETE", `sessions/${session}`);
      }
    };
    await Promise.all(Array.from({ length: 60 }, serve));
    expect(new Set(github.jobs().map((one) => one.starts))).toEqual(new Set([1]));
    expect(github.jobs().every((one) => one.conclusion === "success")).toBe(true);
    expect(github.runners()).toEqual([]);
    expect(performance.now() - startedMs).toBeLessThan(30_000);
  });
});

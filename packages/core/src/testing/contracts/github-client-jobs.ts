import { bringRunner, type GitHubClientSuite } from "./github-client-suite.ts";

/** Jobs of workflows. */
export function describeJobs({ api, check }: GitHubClientSuite): void {
  const { expect } = api;
  const job = { repository: "acme/app", labels: ["Fast"], durationMs: 1 } as const;

  check("tells a job as its webhook would have told it", async ({ client, github, clock }) => {
    github.setRepository({ name: "acme/app", visibility: "public", fork: true });
    const id = github.queueJob(job);
    const event = await client.jobs.get("acme/app", id);
    expect(event?.kind).toBe("job");
    expect(event?.action).toBe("queued");
    expect(event?.jobId).toBe(id);
    expect(event?.attempt).toBe(1);
    expect(event?.repository).toBe("acme/app");
    expect(event?.visibility).toBe("public");
    expect(event?.fork).toBe(true);
    expect(event?.labels).toEqual(["Fast"]);
    expect(event?.runnerId).toBe(undefined);
    expect(event?.createdAtMs).toBe(clock.now());
    expect(event?.deliveryId).toBe(`rest:${id}:1:queued`);
    expect(await client.jobs.get("acme/app", "1")).toBe(undefined);
    expect(await client.jobs.get("acme/none", id)).toBe(undefined);
  });

  check("follows a job to its end", async (scene) => {
    const { client, github } = scene;
    const id = github.queueJob(job);
    const runner = await bringRunner(scene, "rf-1", ["fast"]);
    await runner.take();
    const running = await client.jobs.get("acme/app", id);
    expect(running?.action).toBe("in_progress");
    expect(running?.runnerName).toBe("rf-1");
    expect(running?.runnerId).toBe(runner.id);
    await runner.finish(id);
    const ended = await client.jobs.get("acme/app", id);
    expect(ended?.action).toBe("completed");
    expect(ended?.conclusion).toBe("success");
  });

  check("lists every queued job, also beside a running one, and no other", async (scene) => {
    const { client, github } = scene;
    const first = github.queueJob(job);
    const { runId } = (await client.jobs.get("acme/app", first)) ?? { runId: "" };
    const beside = github.queueJob({ ...job, runId });
    const runner = await bringRunner(scene, "rf-1", ["fast"]);
    expect(await runner.take()).toBe(first);
    const others: string[] = [];
    for (let index = 0; index < 110; index += 1) others.push(github.queueJob(job));
    github.cancelJob(github.queueJob(job));
    const listed = (await client.jobs.listQueued("acme/app")).map((event) => event.jobId);
    expect([...listed].sort()).toEqual([beside, ...others].sort());
  });

  check("runs a job again once its run has concluded, not before", async (scene) => {
    const { client, github } = scene;
    const id = github.queueJob(job);
    expect(await client.jobs.rerun("acme/app", id)).toBe("not-yet");
    github.cancelJob(id);
    expect(await client.jobs.rerun("acme/app", id)).toBe("accepted");
    expect((await client.jobs.listQueued("acme/app")).map((event) => event.attempt)).toEqual([2]);
  });

  check("lists the jobs of a run, each in its newest attempt", async (scene) => {
    const { client, github } = scene;
    const failed = github.queueJob({ ...job, name: "test (node 24)" });
    const { runId } = (await client.jobs.get("acme/app", failed)) ?? { runId: "" };
    const beside: string[] = [];
    for (let index = 0; index < 110; index += 1) {
      beside.push(github.queueJob({ ...job, runId, name: `build ${index}` }));
    }
    github.queueJob(job);
    const first = await client.jobs.listOfRun("acme/app", runId);
    expect(first.map(({ jobId }) => jobId).sort()).toEqual([failed, ...beside].sort());
    for (const id of [failed, ...beside]) github.cancelJob(id);
    expect(await client.jobs.rerun("acme/app", failed)).toBe("accepted");
    const again = await client.jobs.listOfRun("acme/app", runId);
    expect(again.length).toBe(111);
    const newest = again.filter(({ attempt }) => attempt === 2);
    expect(newest.map(({ name, action }) => ({ name, action }))).toEqual([
      { name: "test (node 24)", action: "queued" },
    ]);
    expect(newest[0]?.jobId === failed).toBe(false);
    const kept = again.filter(({ attempt }) => attempt === 1).map(({ jobId }) => jobId);
    expect(kept.sort()).toEqual([...beside].sort());
    expect(await client.jobs.listOfRun("acme/app", "1")).toEqual([]);
    expect(await client.jobs.listOfRun("acme/none", runId)).toEqual([]);
  });
}

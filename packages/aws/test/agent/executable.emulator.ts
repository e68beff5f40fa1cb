import { readFile } from "node:fs/promises";
import process from "node:process";
import { systemClock, systemEntropy } from "@runs-fleet/core";
import { createFakeGitHub, type FakeGitHub } from "@runs-fleet/core/testing";
import type { AgentEvent } from "@runs-fleet/core/wire";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAws } from "../../testing/open-aws.ts";
import type { TestAws } from "../../testing/test-aws.ts";
import { type AgentProcess, eventually, startAgent } from "./process.ts";
import { type MachineStage, openMachine } from "./stage.ts";

/** Each machine has a label of its own: they run side by side, and none is to get the job of another. */
const labelsOf = ({ machineId }: MachineStage): readonly string[] => [`runs-fleet/${machineId}`];

/** Queues a job for the machine's runner. */
const queueJob = (stage: MachineStage, durationMs: number): string =>
  github.queueJob({ repository: "acme/app", labels: labelsOf(stage), durationMs });

let aws: TestAws;
let github: FakeGitHub;

beforeAll(async () => {
  aws = await openAws();
  github = createFakeGitHub({ clock: systemClock, entropy: systemEntropy });
  await github.listen();
  github.setRepository({ name: "acme/app" });
});

afterAll(async () => {
  await github[Symbol.asyncDispose]();
  await aws[Symbol.asyncDispose]();
});

/** Gives the machine an assignment for a runner that GitHub knows; answers its credential. */
async function assign(stage: MachineStage): Promise<string> {
  const runnerName = `rf-${stage.machineId}`;
  const { jitConfig } = await github.client.runners.mint("orgs/acme", {
    name: runnerName,
    labels: labelsOf(stage),
    groupId: 1,
  });
  await stage.assign(stage.assignment({ jitConfig, runnerName }));
  return jitConfig;
}

/** Receives reports until one of this kind is there; all that came, each believed only of this machine. */
async function until(
  stage: MachineStage,
  kind: AgentEvent["kind"],
  earlier: readonly AgentEvent[] = [],
): Promise<readonly AgentEvent[]> {
  const events = [...earlier];
  await eventually(
    `${kind} is reported`,
    async () => {
      const deliveries = await stage.reports.receive({
        max: 10,
        waitMs: 1_000,
        visibilityMs: 60_000,
      });
      for (const { body, sender } of deliveries) {
        expect(sender).toBe(stage.machineId);
        events.push(body);
      }
      await stage.reports.acknowledge(deliveries);
      return events.some((event) => event.kind === kind);
    },
    30_000,
  );
  return events.toSorted((one, other) => one.sequence - other.sequence);
}

const kindsOf = (events: readonly AgentEvent[]): string[] => events.map(({ kind }) => kind);

/** The log that is in the bucket. */
async function logOf({ objects, names }: MachineStage): Promise<string> {
  let text = "";
  for await (const { key } of objects.list(`${names.logKey}/`)) {
    const part = await objects.get(key, { maxBytes: 1_000_000 });
    text += Buffer.from(part?.body ?? "").toString("utf8");
  }
  return text;
}

/** Calls that the machine has made, by operation. */
const callsOf = ({ credentials }: MachineStage) =>
  aws.calls.byAction({ accessKey: credentials.accessKeyId });

const messages = (text: string): string[] =>
  text
    .trim()
    .split("\n")
    .map((line) => line.split(" ").slice(1).join(" "));

async function exited(agent: AgentProcess): Promise<number | undefined> {
  const code = await Promise.race([
    agent.ended,
    systemClock.sleep(20_000).then(() => Promise.reject(new Error(agent.output()))),
  ]);
  return code;
}

/** What others on the machine see of the process, looked at again and again until it has ended. */
async function whileAlive(agent: AgentProcess): Promise<readonly string[]> {
  const of = (file: string) => readFile(`/proc/${agent.child.pid}/${file}`, "utf8");
  const seen: string[] = [];
  const over = agent.ended.then(() => true);
  do {
    const look = await Promise.all([of("cmdline"), of("environ")]).catch(() => []);
    seen.push(...look);
  } while (!(await Promise.race([over, systemClock.sleep(100).then(() => false)])));
  expect(seen.length).toBeGreaterThan(0);
  return seen;
}

describe.concurrent("the agent of an EC2 machine, as a process", { timeout: 60_000 }, () => {
  it("runs its one job, reports it, keeps its log and switches the machine off", async () => {
    await using stage = await openMachine(aws);
    const id = queueJob(stage, 500);
    await using agent = await startAgent(aws, stage);
    const ready = await until(stage, "ready");
    const credential = await assign(stage);
    const seen = process.platform === "linux" ? await whileAlive(agent) : [];
    expect(seen.join("")).not.toContain(credential);
    const events = await until(stage, "finished", ready);
    expect(kindsOf(events)).toEqual([
      "ready",
      "acknowledged",
      "registered",
      "job-started",
      "finished",
    ]);
    expect(events.at(-1)).toMatchObject({ result: "succeeded", exitCode: 100 });
    expect(await exited(agent)).toBe(0);
    expect(await agent.isOff()).toBe(true);
    expect(github.jobs().find((job) => job.id === id)).toMatchObject({ conclusion: "success" });

    const said = messages(agent.output());
    expect(said).toEqual([
      `${stage.machineId} of ${stage.environment} in us-east-1`,
      "ready",
      expect.stringMatching(/^took assignment /u),
      "starting the listener",
      "registered",
      "job-started",
      "finished: succeeded (the listener ended)",
    ]);
    expect(messages(await logOf(stage))).toEqual(said);
    expect(agent.output()).not.toContain(credential);
    expect(JSON.stringify(await stage.item())).not.toContain(credential);

    const calls = callsOf(stage);
    expect(Object.keys(calls)).toEqual([
      "dynamodb GetItem",
      "dynamodb UpdateItem",
      "s3 PutObject",
      "sqs SendMessageBatch",
    ]);
    expect(calls["dynamodb UpdateItem"]?.calls).toBe(1);
    expect(calls["sqs SendMessageBatch"]?.items).toBe(5);
  });

  it("comes to a hot machine when it is rung, and costs nothing before that", async () => {
    await using stage = await openMachine(aws);
    const timings = { fastPollForMs: 0, slowPollMs: 600_000 };
    await using agent = await startAgent(aws, stage, { timings });
    const ready = await until(stage, "ready");
    const quiet = aws.calls.meter();
    const beats = stage.metadata.requests().length;
    await systemClock.sleep(6_000);
    const own = { accessKey: stage.credentials.accessKeyId };
    // What was written at the start goes to the log meanwhile.
    expect(quiet.records(own).filter(({ service }) => service !== "s3")).toEqual([]);
    const looks = stage.metadata.requests().slice(beats);
    expect(looks.filter(({ path }) => path.endsWith("/spot/instance-action"))).not.toEqual([]);
    expect(looks.length).toBeLessThan(12);

    const id = queueJob(stage, 50);
    await assign(stage);
    stage.metadata.setTags({ "runs-fleet:ring": "nonce-1" }, { delayMs: 300 });
    const rungMs = performance.now();
    const events = await until(stage, "finished", ready);
    expect(performance.now() - rungMs).toBeLessThan(15_000);
    expect(events.at(-1)).toMatchObject({ result: "succeeded" });
    expect(github.jobs().find((job) => job.id === id)).toMatchObject({ conclusion: "success" });
    expect(await exited(agent)).toBe(0);
    expect(callsOf(stage)["dynamodb GetItem"]?.calls).toBe(2);
  });

  it("ends an idle machine that spot takes back", async () => {
    await using stage = await openMachine(aws);
    await using agent = await startAgent(aws, stage);
    const ready = await until(stage, "ready");
    const endsAtMs = Math.ceil(systemClock.now() / 1_000) * 1_000 + 120_000;
    stage.metadata.setInstanceAction({ atMs: endsAtMs });
    const events = await until(stage, "finished", ready);
    expect(events.slice(1)).toMatchObject([
      { kind: "interrupted", endsAtMs },
      { kind: "finished", result: "no-job" },
    ]);
    expect(await exited(agent)).toBe(0);
    expect(await agent.isOff()).toBe(true);
  });

  it("ends the job of a machine that spot takes back while there is time", async () => {
    await using stage = await openMachine(aws);
    const id = queueJob(stage, 120_000);
    await using agent = await startAgent(aws, stage);
    const ready = await until(stage, "ready");
    await assign(stage);
    const running = await until(stage, "job-started", ready);
    const endsAtMs = Math.ceil(systemClock.now() / 1_000) * 1_000 + 48_000;
    stage.metadata.setInstanceAction({ atMs: endsAtMs });
    const events = await until(stage, "finished", running);
    expect(kindsOf(events).slice(-2)).toEqual(["interrupted", "finished"]);
    expect(events.at(-1)).toMatchObject({ result: "cancelled" });
    expect(systemClock.now()).toBeLessThan(endsAtMs);
    expect(github.jobs().find((job) => job.id === id)).toMatchObject({ conclusion: "cancelled" });
    expect(await exited(agent)).toBe(0);
  });

  it("stops with its instance, and begins again when that is started", async () => {
    await using stage = await openMachine(aws);
    const id = queueJob(stage, 50);
    const first = await startAgent(aws, stage);
    await until(stage, "ready");
    first.child.kill("SIGTERM");
    expect(await exited(first)).toBe(0);
    expect(await first.isOff()).toBe(false);
    expect(first.output()).toContain("stopped before there was an assignment");
    await first[Symbol.asyncDispose]();
    await assign(stage);
    await using second = await startAgent(aws, stage);
    const events = await until(stage, "finished");
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
    expect(await exited(second)).toBe(0);
    expect(github.jobs().find((job) => job.id === id)).toMatchObject({ conclusion: "success" });
    expect(await logOf(stage)).toMatch(
      /stopped before there was an assignment\n(?:.*\n)+.*job-started/u,
    );
  });

  it.each([
    {
      what: "denied",
      fault: { kind: "error", side: "before", code: "AccessDeniedException" },
      service: "dynamodb",
      says: /DynamoDB refuses to read the assignment of i-\w+: AccessDeniedException/u,
    },
    {
      what: "expired credentials",
      fault: { kind: "error", side: "before", code: "ExpiredTokenException" },
      service: "dynamodb",
      says: /DynamoDB refuses to read the assignment of i-\w+: ExpiredTokenException/u,
    },
    {
      what: "a missing table",
      fault: { kind: "error", side: "before", code: "ResourceNotFoundException" },
      service: "dynamodb",
      says: /DynamoDB refuses to read the assignment of i-\w+: ResourceNotFoundException/u,
    },
    {
      what: "a missing queue",
      fault: { kind: "error", side: "before", code: "QueueDoesNotExist" },
      service: "sqs",
      says: /SQS refuses to send messages: QueueDoesNotExist/u,
    },
  ] as const)(
    "says what is wrong in the way of $what, goes on, and gets over it",
    async (wrong) => {
      await using stage = await openMachine(aws);
      const rule = aws.faults.inject({
        service: wrong.service,
        fault: wrong.fault,
        where: ({ accessKey }) => accessKey === stage.credentials.accessKeyId,
        times: Number.POSITIVE_INFINITY,
      });
      await using agent = await startAgent(aws, stage);
      await eventually("it is said", () => wrong.says.test(agent.output()));
      await eventually("it is tried again", () => rule.seen > 4);
      const often = agent
        .output()
        .split("\n")
        .filter((line) => wrong.says.test(line)).length;
      expect(often).toBe(1);
      rule.remove();
      const id = queueJob(stage, 50);
      await assign(stage);
      const events = await until(stage, "finished");
      expect(events.at(-1)).toMatchObject({ result: "succeeded" });
      expect(await exited(agent)).toBe(0);
      expect(github.jobs().find((job) => job.id === id)).toMatchObject({ conclusion: "success" });
    },
  );

  it("has its life although its log goes nowhere", async () => {
    await using stage = await openMachine(aws);
    aws.faults.inject({
      service: "s3",
      fault: { kind: "error", side: "before", code: "AccessDenied" },
      where: ({ accessKey }) => accessKey === stage.credentials.accessKeyId,
      times: Number.POSITIVE_INFINITY,
    });
    const timings = { idleTimeoutMs: 300 };
    await using agent = await startAgent(aws, stage, { timings });
    const ready = await until(stage, "ready");
    await assign(stage);
    const events = await until(stage, "finished", ready);
    expect(events.at(-1)).toMatchObject({ result: "no-job" });
    expect(await exited(agent)).toBe(0);
    expect(await agent.isOff()).toBe(true);
  });

  it("ends before the deadline in its tag", async () => {
    await using stage = await openMachine(aws);
    stage.metadata.setTags({ "runs-fleet:deadline": String(systemClock.now() + 8_000) });
    await using agent = await startAgent(aws, stage);
    const events = await until(stage, "finished");
    expect(events.at(-1)).toMatchObject({ result: "no-job" });
    expect(await exited(agent)).toBe(0);
    expect(agent.output()).toContain("finished: no-job (deadline)");
  });

  it("is told what is wrong with it by exit code 2, and says so", async () => {
    await using stage = await openMachine(aws);
    const wrong: readonly [string, Record<string, string>][] = [
      ["RUNS_FLEET_POWER_OFF_COMMAND must be a JSON array", { RUNS_FLEET_POWER_OFF_COMMAND: "1" }],
      ["there is no timing idleTimeout", { RUNS_FLEET_AGENT_TIMINGS: '{"idleTimeout":1}' }],
      ["there is no runner in /no/runner", { RUNS_FLEET_RUNNER_DIR: "/no/runner" }],
      ["RUNS_FLEET_REPORTS_QUEUE_URL is no URL", { RUNS_FLEET_REPORTS_QUEUE_URL: "reports" }],
      ["bucket must be the name of a bucket", { RUNS_FLEET_BUCKET: "a bucket" }],
      ["tablePrefix must be", { RUNS_FLEET_TABLE_PREFIX: "a table" }],
    ];
    for (const [words, environment] of wrong) {
      await using agent = await startAgent(aws, stage, { environment });
      expect([await exited(agent), agent.output()]).toEqual([2, expect.stringContaining(words)]);
    }
    stage.metadata.setTags({ "runs-fleet:deadline": "soon" });
    await using late = await startAgent(aws, stage);
    expect(await exited(late)).toBe(2);
    expect(late.output()).toContain("the tag runs-fleet:deadline must be epoch milliseconds");
    stage.metadata.setTags({ "runs-fleet:deadline": undefined, "runs-fleet:environment": "CI!" });
    await using odd = await startAgent(aws, stage);
    expect(await exited(odd)).toBe(2);
    expect(odd.output()).toContain("environment must be a name");
  });

  it("fails with exit code 1 when it cannot switch the machine off", async () => {
    await using stage = await openMachine(aws);
    stage.metadata.setTags({ "runs-fleet:deadline": String(systemClock.now() + 8_000) });
    const command = JSON.stringify([process.execPath, "-e", "process.exit(4)"]);
    const environment = { RUNS_FLEET_POWER_OFF_COMMAND: command };
    await using agent = await startAgent(aws, stage, { environment });
    expect(await exited(agent)).toBe(1);
    expect(agent.output()).toContain("which switches the machine off, ended with 4");
    expect(await logOf(stage)).toContain("ended with 4");
  });
});

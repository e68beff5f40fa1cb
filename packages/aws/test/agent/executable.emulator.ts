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

const labels = ["runs-fleet/cpu=2"];

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
    labels,
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

describe.concurrent("the agent of an EC2 machine, as a process", { timeout: 60_000 }, () => {
  it("runs its one job, reports it, keeps its log and switches the machine off", async () => {
    await using stage = await openMachine(aws);
    const id = github.queueJob({ repository: "acme/app", labels, durationMs: 500 });
    await using agent = await startAgent(aws, stage);
    const ready = await until(stage, "ready");
    const credential = await assign(stage);
    const running = await until(stage, "job-started", ready);
    if (process.platform === "linux") {
      const of = (file: string) => readFile(`/proc/${agent.child.pid}/${file}`, "utf8");
      expect(`${await of("cmdline")}${await of("environ")}`).not.toContain(credential);
    }
    const events = await until(stage, "finished", running);
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
});

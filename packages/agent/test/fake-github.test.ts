import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock, systemEntropy } from "@runs-fleet/core";
import {
  createFakeGitHub,
  type FakeGitHub,
  prepareFakeRunnerDirectory,
} from "@runs-fleet/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "./fleet.ts";
import { buildPrograms, type Programs } from "./programs.ts";

let programs: Programs;
let root: string;

beforeAll(async () => {
  programs = await buildPrograms();
  root = await mkdtemp(join(tmpdir(), "runs-fleet-listener-"));
}, 30_000);

afterAll(async () => {
  await programs[Symbol.asyncDispose]();
  await rm(root, { recursive: true, force: true });
});

const labels = ["runs-fleet/cpu=2"];
const hosted = { ACTIONS_RUNNER_RETURN_JOB_RESULT_FOR_HOSTED: "1" };

async function serve(options: { readonly minimumRunnerVersion?: string } = {}) {
  const github = createFakeGitHub({ clock: systemClock, entropy: systemEntropy, ...options });
  await github.listen();
  github.setRepository({ name: "acme/app" });
  return github;
}

/** The listener's program for a freshly minted registration, and the environment to start it with. */
async function register(github: FakeGitHub, name: string) {
  const directory = await mkdtemp(join(root, "runner-"));
  await prepareFakeRunnerDirectory(directory, { program: programs.listener });
  const { jitConfig } = await github.client.runners.mint("orgs/acme", { name, labels, groupId: 1 });
  return {
    program: join(directory, "bin", "Runner.Listener"),
    environment: { ...hosted, ACTIONS_RUNNER_INPUT_JITCONFIG: jitConfig },
  };
}

/** Runs a listener to its end. */
async function listen(github: FakeGitHub, name: string, more: Record<string, string> = {}) {
  const { program, environment } = await register(github, name);
  return new Promise<{ readonly code: number; readonly stdout: string }>((resolve) => {
    execFile(program, ["run"], { env: { ...environment, ...more } }, (error, stdout) =>
      resolve({ code: error ? Number(error.code) : 0, stdout }),
    );
  });
}

describe.concurrent("the fake listener with the fake GitHub", { timeout: 30_000 }, () => {
  it("runs the job that waits for it, to the end that the job is to have", async () => {
    await using github = await serve();
    for (const [result, code, conclusion] of [
      ["succeeded", 100, "success"],
      ["failed", 102, "failure"],
    ] as const) {
      const id = github.queueJob({ repository: "acme/app", labels, durationMs: 20, result });
      const end = await listen(github, `rf-${result}`);
      expect(end.code).toBe(code);
      expect(github.jobs().find((job) => job.id === id)).toMatchObject({
        state: "completed",
        conclusion,
        runnerName: `rf-${result}`,
        starts: 1,
      });
      const said = end.stdout.split("\n").map((line) => line.replace(/^\d{4}.{16}: /, ""));
      expect(said.filter((line) => line !== "").slice(0, 4)).toEqual([
        "√ Connected to GitHub",
        "Current runner version: '2.336.0'",
        "Listening for Jobs",
        "Running job: build",
      ]);
    }
    expect(github.runners()).toEqual([]);
  });

  it("completes its job as cancelled when GitHub cancels it", async () => {
    await using github = await serve();
    const id = github.queueJob({ repository: "acme/app", labels, durationMs: 60_000 });
    const ending = listen(github, "rf-cancelled");
    await eventually("the job runs", () => github.jobs()[0]?.state === "in_progress");
    github.cancelJob(id);
    expect((await ending).code).toBe(103);
    expect(github.jobs()[0]?.conclusion).toBe("cancelled");
  });

  it("says farewell on SIGINT: offline when idle, cancelled when it has a job", async () => {
    await using github = await serve();
    for (const busy of [false, true]) {
      const { program, environment } = await register(github, `rf-${busy}`);
      if (busy) github.queueJob({ repository: "acme/app", labels, durationMs: 60_000 });
      const listener = spawn(program, ["run"], { env: environment, stdio: "ignore" });
      await eventually("the runner is online", () =>
        github.runners().some((runner) => runner.online && runner.busy === busy),
      );
      listener.kill("SIGINT");
      const [code] = await once(listener, "exit");
      expect(code).toBe(0);
      expect(github.runners().some(({ online }) => online)).toBe(false);
    }
    expect(github.jobs()).toMatchObject([{ state: "completed", conclusion: "cancelled" }]);
  });

  it("outlasts an outage in the middle of a job", async () => {
    await using github = await serve();
    github.queueJob({ repository: "acme/app", labels, durationMs: 200 });
    const ending = listen(github, "rf-outage");
    await eventually("the job runs", () => github.jobs()[0]?.state === "in_progress");
    github.setOutage({ runners: true });
    await systemClock.sleep(600);
    expect(github.jobs()[0]?.state).toBe("in_progress");
    github.setOutage(undefined);
    expect((await ending).code).toBe(100);
    expect(github.jobs()[0]).toMatchObject({ conclusion: "success", starts: 1 });
  });

  it("ends with 7 when GitHub refuses its version, if it was asked to say so", async () => {
    await using github = await serve({ minimumRunnerVersion: "2.400.0" });
    const said = "Runner version v2.336.0 is deprecated and cannot receive messages.";
    const asked = { ACTIONS_RUNNER_RETURN_VERSION_DEPRECATED_EXIT_CODE: "1" };
    const [one, seven] = [await listen(github, "rf-1"), await listen(github, "rf-7", asked)];
    expect([one.code, seven.code]).toEqual([1, 7]);
    expect(seven.stdout).toContain(said);
  });

  it("cannot use a registration twice, or one that was removed", async () => {
    await using github = await serve();
    github.queueJob({ repository: "acme/app", labels, durationMs: 1 });
    const { program, environment } = await register(github, "rf-once");
    const run = () =>
      new Promise<number>((resolve) => {
        execFile(program, ["run"], { env: environment }, (error) =>
          resolve(Number(error?.code ?? 0)),
        );
      });
    expect([await run(), await run()]).toEqual([100, 1]);
  });
});

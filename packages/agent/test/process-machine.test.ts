import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import type { AgentEvent } from "@runs-fleet/core/wire";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestFleet, eventually, type MachinePlan, type TestFleet } from "./fleet.ts";
import { buildPrograms, type Programs } from "./programs.ts";
import type { TestJob } from "./runner-service.ts";

let programs: Programs;
let fleet: TestFleet;

beforeAll(async () => {
  programs = await buildPrograms();
  fleet = await createTestFleet(programs);
}, 30_000);

afterAll(async () => {
  await fleet[Symbol.asyncDispose]();
  await programs[Symbol.asyncDispose]();
}, 30_000);

let jobs = 0;
function jobOf(parts: Partial<TestJob> = {}): TestJob {
  jobs += 1;
  return { id: `job-${jobs}`, durationMs: 30, result: "succeeded", ...parts };
}

const kindsOf = (events: readonly AgentEvent[]): string[] => events.map(({ kind }) => kind);

/** One whole life of a machine; answers its id and what it reported. */
async function live(plan: MachinePlan = {}) {
  const id = await fleet.launch(plan);
  await fleet.until(id, "ready");
  await fleet.assign(id, plan.job);
  const events = await fleet.until(id, "finished");
  const finished = events.at(-1);
  if (finished?.kind !== "finished") throw new Error(`${id} reported after its end`);
  return { id, events, finished };
}

/** The pids that the machine's files name: its own process first, then its listener's. */
async function pidsOf(id: string): Promise<number[]> {
  const boot = await readFile(join(fleet.directory, id, "boot-1"), "utf8");
  const groups = await readdir(join(fleet.directory, id, "groups"));
  return [Number(boot.split("\n")[0]), ...groups.map(Number)];
}

/** Whether the process runs; one that has ended and waits for its parent does not. */
async function runs(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
    return (
      process.platform !== "linux" || !/\) [ZX]/.test(await readFile(`/proc/${pid}/stat`, "utf8"))
    );
  } catch {
    return false;
  }
}

/** Every file below the directory, with its text. */
async function filesBelow(directory: string): Promise<readonly (readonly [string, string])[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return Promise.all(paths.map(async (path) => [path, await readFile(path, "latin1")] as const));
}

describe.concurrent("a process machine", { timeout: 30_000 }, () => {
  it("runs one job and is gone", async () => {
    const job = jobOf();
    const { id, events, finished } = await live({ job });
    expect(kindsOf(events)).toEqual([
      "ready",
      "acknowledged",
      "registered",
      "job-started",
      "finished",
    ]);
    expect(finished).toMatchObject({ result: "succeeded", exitCode: 100 });
    const timings = ["assign", "boot", "idle", "register", "run"];
    expect(Object.keys(finished.timingsMs).sort()).toEqual(timings);
    expect(fleet.service.happened).toContain(`completed ${job.id} succeeded`);
    await fleet.become(id, "terminated");
    for (const pid of await pidsOf(id)) expect(await runs(pid)).toBe(false);
    const log = await readFile(join(fleet.directory, id, "agent.log"), "utf8");
    expect(
      log
        .trim()
        .split("\n")
        .map((line) => line.split(" ").slice(1).join(" ")),
    ).toEqual([
      "ready",
      `took assignment assignment-of-${id}`,
      "starting the listener",
      "registered",
      "job-started",
      "finished: succeeded (the listener ended)",
    ]);
  });

  it.each<[string, MachinePlan, object, boolean]>([
    [
      "a failed job",
      { job: jobOf({ result: "failed" }) },
      { result: "failed", exitCode: 102 },
      true,
    ],
    [
      "a cancelled job",
      { job: jobOf({ result: "cancelled" }) },
      { result: "cancelled", exitCode: 103 },
      true,
    ],
    ["exit code 1 at the start", { scenario: "exit-1" }, { result: "unknown", exitCode: 1 }, false],
    ["a session conflict", { scenario: "exit-5" }, { result: "unknown", exitCode: 5 }, false],
    [
      "an outdated runner",
      { scenario: "exit-7" },
      { result: "runner-outdated", exitCode: 7 },
      false,
    ],
    [
      "a registration that is gone",
      { scenario: "gone" },
      { result: "unknown", exitCode: 1 },
      false,
    ],
    [
      "a retry",
      { scenario: "relaunch-2", job: jobOf() },
      { result: "succeeded", exitCode: 100 },
      true,
    ],
    [
      "an update",
      { scenario: "relaunch-3", job: jobOf() },
      { result: "succeeded", exitCode: 100 },
      true,
    ],
    [
      "an ephemeral update",
      { scenario: "relaunch-4", job: jobOf() },
      { result: "succeeded", exitCode: 100 },
      true,
    ],
    [
      "a job that exits with 0",
      { job: jobOf({ scenario: "exit-0" }) },
      { result: "succeeded", exitCode: 0 },
      true,
    ],
    [
      "a job that exits with 104",
      { job: jobOf({ scenario: "exit-104" }) },
      { result: "cancelled", exitCode: 104 },
      true,
    ],
    [
      "no job in time",
      { timings: { idleTimeoutMs: 300 } },
      { result: "no-job", exitCode: 0 },
      true,
    ],
    [
      "a listener that does not listen",
      { scenario: "idle", timings: { idleTimeoutMs: 300 } },
      { result: "no-job" },
      true,
    ],
  ])("reports %s", async (_name, plan, expected, registered) => {
    const timings = { relaunchDelayMs: 20, ...plan.timings };
    const { id, events, finished } = await live({ ...plan, timings });
    expect(finished).toMatchObject(expected);
    expect(kindsOf(events).includes("registered")).toBe(registered);
    await fleet.become(id, "terminated");
  });

  it("reports a listener that crashed without an exit code", async () => {
    const { id, finished } = await live({ job: jobOf({ scenario: "crash" }) });
    expect(finished.result).toBe("unknown");
    expect("exitCode" in finished).toBe(false);
    await fleet.become(id, "terminated");
  });

  it("gives up on a listener that never registers, and leaves nothing behind", async () => {
    const { id, events, finished } = await live({
      scenario: "deaf",
      timings: { registrationTimeoutMs: 300, interruptGraceMs: 100 },
    });
    expect(kindsOf(events)).not.toContain("registered");
    expect(finished.result).toBe("unknown");
    await fleet.become(id, "terminated");
    for (const pid of await pidsOf(id)) expect(await runs(pid)).toBe(false);
  });

  it("kills a job that ignores its end before the machine's deadline", async () => {
    const startedAtMs = Date.now();
    const { id, finished } = await live({
      job: jobOf({ scenario: "hang" }),
      lifeMs: 5_000,
      timings: { interruptGraceMs: 200, finishReportMs: 300 },
    });
    expect(finished.result).toBe("unknown");
    expect(finished.atMs - startedAtMs).toBeLessThan(5_000);
    await fleet.become(id, "terminated");
    for (const pid of await pidsOf(id)) expect(await runs(pid)).toBe(false);
  });

  it("shows its credential to nobody", async () => {
    const job = jobOf({ durationMs: 1_500 });
    const id = await fleet.launch({ job });
    await fleet.until(id, "ready");
    await fleet.assign(id, job);
    await fleet.until(id, "job-started");
    const machine = join(fleet.directory, id);
    const config = fleet.service.mint(`rf-${id}`, job);
    const holding = async (): Promise<string[]> =>
      (await filesBelow(machine))
        .filter(([, text]) => text.includes(config) || text.includes(fleet.service.secret))
        .map(([path]) => path.slice(machine.length));
    // The runner itself keeps its key while it runs, as the real one does.
    expect(await holding()).toEqual(["/runner/.credentials_rsaparams"]);
    if (process.platform === "linux") {
      const [agent = 0, listener = 0] = await pidsOf(id);
      for (const file of [agent, listener].map((pid) => `/proc/${pid}/cmdline`)) {
        expect(await readFile(file, "utf8")).not.toContain(config);
      }
      expect(await readFile(`/proc/${agent}/environ`, "utf8")).not.toContain(config);
      const environment = await readFile(`/proc/${listener}/environ`, "utf8");
      const names = environment.split("\0").map((variable) => variable.split("=")[0] ?? "");
      expect(environment).toContain(`ACTIONS_RUNNER_INPUT_JITCONFIG=${config}`);
      expect(names.filter((name) => name.startsWith("RUNS_FLEET"))).toEqual([]);
    }
    const events = await fleet.until(id, "finished");
    expect(JSON.stringify(events)).not.toContain(config);
    expect(await holding()).toEqual([]);
  });

  it("counts as terminated when its agent is killed, and so is its listener", async () => {
    const id = await fleet.launch();
    await fleet.until(id, "ready");
    await fleet.assign(id, jobOf({ durationMs: 60_000 }));
    await fleet.until(id, "job-started");
    const [agent = 0, listener = 0] = await pidsOf(id);
    expect([await runs(agent), await runs(listener)]).toEqual([true, true]);
    process.kill(agent, "SIGKILL");
    await fleet.become(id, "terminated");
    await eventually("the listener is gone", async () => !(await runs(listener)));
  });

  it("tells GitHub when it is terminated in the middle of a job", async () => {
    const job = jobOf({ durationMs: 60_000 });
    const id = await fleet.launch();
    await fleet.until(id, "ready");
    await fleet.assign(id, job);
    await fleet.until(id, "job-started");
    expect(await fleet.provider.terminate([id])).toEqual([{ id, ok: true }]);
    expect(fleet.service.happened).toContain(`completed ${job.id} cancelled`);
    expect((await fleet.until(id, "finished")).at(-1)).toMatchObject({ result: "cancelled" });
  });

  it("can be stopped while it is idle, started, and then runs its job", async () => {
    const id = await fleet.launch();
    await fleet.until(id, "ready");
    expect(await fleet.provider.stop([id])).toEqual([{ id, ok: true }]);
    expect(await fleet.machine(id)).toMatchObject({ state: "stopped" });
    await fleet.assign(id, jobOf());
    expect(await fleet.start(id)).toEqual([{ id, ok: true }]);
    const events = await fleet.until(id, "finished");
    expect(events.at(-1)).toMatchObject({ result: "succeeded" });
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 1, 2, 3, 4, 5]);
    await fleet.become(id, "terminated");
  });

  it("outlives a host that is killed, and the next host hears what it says", async () => {
    const runner = await fleet.prepareRunner();
    const host = spawn(process.execPath, [programs.host, fleet.directory, programs.agent, runner]);
    const [text] = await once(host.stdout, "data");
    host.kill("SIGKILL");
    await once(host, "exit");
    const id = String(text).trim();
    await fleet.until(id, "ready");
    await fleet.assign(id, jobOf());
    expect((await fleet.until(id, "finished")).at(-1)).toMatchObject({ result: "succeeded" });
    await fleet.become(id, "terminated");
  });

  it("runs the job's hooks, and a hook that fails fails the job", async () => {
    const runner = await fleet.prepareRunner();
    const started = join(runner, "started.sh");
    const failing = join(runner, "failing.js");
    const trace = join(runner, "trace");
    await writeFile(
      started,
      `echo "$GITHUB_REPOSITORY $(test -f "$GITHUB_EVENT_PATH" && echo event)" > ${trace}\n`,
    );
    await writeFile(failing, "process.exit(3);\n");
    const hooks = { ACTIONS_RUNNER_HOOK_JOB_STARTED: started };
    const good = await live({ job: jobOf(), runnerEnvironment: hooks });
    expect(good.finished.result).toBe("succeeded");
    expect(await readFile(trace, "utf8")).toBe("acme/app event\n");
    const bad = await live({
      job: jobOf(),
      runnerEnvironment: { ...hooks, ACTIONS_RUNNER_HOOK_JOB_COMPLETED: failing },
    });
    expect(bad.finished).toMatchObject({ result: "failed", exitCode: 102 });
  });
});

describe.concurrent("the agent's executable", () => {
  const run = promisify(execFile);
  const agent = (args: readonly string[], environment: Record<string, string> = {}) =>
    run(process.execPath, [programs.agent, ...args], { env: environment });

  it("explains itself", async () => {
    const { stdout } = await agent(["--help"]);
    expect(stdout).toContain("RUNS_FLEET_RUNNER_DIR");
  });

  it("says what is wrong with its environment, and exits with 2", async () => {
    const machine = { RUNS_FLEET_MACHINE_DIRECTORY: "/", RUNS_FLEET_MACHINE_ID: "pm-a" };
    const wrong: [string[], Record<string, string>, string][] = [
      [[], {}, "RUNS_FLEET_MACHINE_DIRECTORY is not set"],
      [["--hepl"], {}, "unknown argument --hepl"],
      [[], { ...machine, RUNS_FLEET_RUNNER_DIR: "/no/runner" }, "there is no runner in /no/runner"],
      [
        [],
        { ...machine, RUNS_FLEET_RUNNER_DIR: "/", RUNS_FLEET_MACHINE_DEADLINE_MS: "soon" },
        "RUNS_FLEET_MACHINE_DEADLINE_MS must be epoch milliseconds",
      ],
    ];
    for (const [args, environment, message] of wrong) {
      const failure = await agent(args, environment).catch((error) => error);
      expect([failure.code, failure.stderr]).toEqual([2, expect.stringContaining(message)]);
    }
  });
});

describe.concurrent("the fake listener", () => {
  const run = promisify(execFile);
  async function listener(args: readonly string[], environment: Record<string, string> = {}) {
    const root = await fleet.prepareRunner();
    const result = await run(join(root, "bin", "Runner.Listener"), [...args], {
      env: environment,
    }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      (error) => ({ code: Number(error.code), stdout: String(error.stdout) }),
    );
    return { ...result, root };
  }

  it("knows the commands of the real one", async () => {
    expect(await listener(["--version"])).toMatchObject({ code: 0, stdout: "2.336.0\n" });
    expect((await listener(["--commit"])).stdout).toMatch(/^[0-9a-f]{40}\n$/);
    expect((await listener(["warmup"])).code).toBe(0);
    expect((await listener(["configure"])).code).toBe(1);
    expect((await listener(["configure", "--url", "u", "--token", "t"])).code).toBe(0);
    expect((await listener(["remove"])).code).toBe(0);
    expect((await listener(["unheard-of"])).code).toBe(1);
  });

  it("does not run without a JIT configuration that can be read", async () => {
    expect((await listener(["run"])).code).toBe(1);
    for (const config of ["***", "e30=", Buffer.from("{}").toString("base64")]) {
      const { code, stdout, root } = await listener(["run"], {
        ACTIONS_RUNNER_INPUT_JITCONFIG: config,
      });
      expect([code, stdout.trim()]).toEqual([1, "The JIT configuration cannot be read"]);
      expect(existsSync(join(root, ".runner"))).toBe(false);
    }
  });

  it("writes its three files and its diagnostics, and exits as GitHub answers", async () => {
    const config = fleet.service.mint("rf-known");
    const unknown = JSON.parse(Buffer.from(config, "base64").toString("utf8"));
    unknown[".runner"] = Buffer.from(
      JSON.stringify({ AgentName: "rf-unknown", ServerUrlV2: fleet.service.url }),
    ).toString("base64");
    const text = Buffer.from(JSON.stringify(unknown)).toString("base64");
    const { code, stdout, root } = await listener(["run"], {
      ACTIONS_RUNNER_INPUT_JITCONFIG: text,
    });
    expect([code, stdout.trim()]).toEqual([1, "The runner could not register: registration-gone"]);
    expect(existsSync(join(root, ".credentials_rsaparams"))).toBe(true);
    const diagnostics = (await filesBelow(join(root, "_diag")))
      .map(([, content]) => content)
      .join();
    expect(diagnostics).toContain("could not register");
    expect(diagnostics).not.toContain(fleet.service.secret);
  });
});

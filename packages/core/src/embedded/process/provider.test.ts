import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LaunchAttempt, MachineProvider } from "../../ports/machine-provider.ts";
import { systemClock } from "../../ports/system-clock.ts";
import { bootOf, machineIdFor } from "./layout.ts";
import { viewMachine } from "./machine-state.ts";
import type { ProcessMachineProviderOptions } from "./options.ts";
import { identityOf, isAlive, type ProcessIdentity } from "./process-identity.ts";
import { createProcessMachineProvider } from "./provider.ts";

const filter = { environment: "ci", region: "local" };
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "runs-fleet-provider-"));
});

afterEach(async () => {
  const provider = providerOf();
  await provider.terminate((await provider.list(filter)).map(({ id }) => id));
  // A process that was booting may still write that it does not run.
  await rm(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 20 });
});

function providerOf(options: Partial<ProcessMachineProviderOptions> = {}): MachineProvider {
  return createProcessMachineProvider({ directory, command: ["sleep", "60"], ...options });
}

function attemptOf(name: string, parts: Partial<LaunchAttempt> = {}): LaunchAttempt {
  return {
    id: `attempt-${name}`,
    token: `token-${name}`,
    shard: "ci/local",
    environment: "ci",
    region: "local",
    count: 1,
    shape: { os: "linux", cpu: { min: 2, max: 2 } },
    markets: ["on-demand"],
    specHash: "spec",
    deadlineMs: Date.now() + 600_000,
    ...parts,
  };
}

/** Looks until the machines are in the state; fails when they never are. */
async function become(provider: MachineProvider, ids: readonly string[], state: string) {
  for (let round = 0; round < 400; round += 1) {
    const listed = new Map((await provider.list(filter)).map((machine) => [machine.id, machine]));
    if (ids.every((id) => (listed.get(id)?.state ?? "gone") === state)) return;
    await delay(5);
  }
  expect(await provider.list(filter)).toEqual(`${ids.join()} ${state}`);
}

async function launched(provider: MachineProvider, attempt: LaunchAttempt): Promise<string[]> {
  const { machines } = await provider.launch(attempt);
  const ids = machines.map(({ id }) => id);
  await become(provider, ids, "running");
  return ids;
}

async function processOf(id: string): Promise<ProcessIdentity> {
  const view = await viewMachine(join(directory, id), id);
  if (view?.process === undefined) throw new Error(`${id} has no process`);
  return view.process;
}

describe("createProcessMachineProvider", () => {
  it("refuses bad options, and touches nothing before the first call", () => {
    const nowhere = join(directory, "nowhere");
    const create = (options: object) => () => providerOf(options);
    expect(create({ directory: "" })).toThrow(TypeError);
    expect(create({ command: [] })).toThrow(TypeError);
    expect(create({ capacity: -1 })).toThrow(RangeError);
    expect(create({ stopGraceMs: Number.NaN })).toThrow(RangeError);
    providerOf({ directory: nowhere });
    expect(existsSync(nowhere)).toBe(false);
  });

  it("rejects a listing that it cannot make, instead of answering nothing", async () => {
    const file = join(directory, "file");
    await writeFile(file, "");
    const blocked = providerOf({ directory: file });
    await expect(blocked.list(filter)).rejects.toMatchObject({ kind: "unavailable" });
    await rm(file);
  });

  it("runs a machine in a session of its own, so that it outlives its host", async () => {
    const [id = ""] = await launched(providerOf(), attemptOf("a"));
    const { pid } = await processOf(id);
    if (process.platform !== "linux") return;
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    const [, , group, session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    expect([group, session]).toEqual([String(pid), String(pid)]);
  });

  it("gives a machine nothing of its host's environment but what is harmless", async () => {
    process.env["RUNS_FLEET_TEST_SECRET"] = "hush";
    try {
      const provider = providerOf({
        command: ["sh", "-c", "env > written; mv written environment; exec sleep 60"],
        environment: { EXTRA: "given" },
      });
      const [id = ""] = await launched(provider, attemptOf("a"));
      const path = join(directory, id, "environment");
      for (let round = 0; round < 1_000 && !existsSync(path); round += 1) await delay(5);
      const environment = await readFile(path, "utf8");
      expect(environment).toContain(`RUNS_FLEET_MACHINE_ID=${id}`);
      expect(environment).toContain(`RUNS_FLEET_MACHINE_DIRECTORY=${join(directory, id)}`);
      expect(environment).toContain("EXTRA=given");
      expect(environment).not.toContain("hush");
    } finally {
      delete process.env["RUNS_FLEET_TEST_SECRET"];
    }
  });

  it("lets every host on the directory see and end every machine", async () => {
    const [one, two] = [providerOf(), providerOf()];
    const [id = ""] = await launched(one, attemptOf("a"));
    await become(two, [id], "running");
    await two.terminate([id]);
    expect(await one.list(filter)).toMatchObject([{ id, state: "terminated" }]);
  });

  it("buys once when two hosts send one attempt at the same moment", async () => {
    const hosts = Array.from({ length: 4 }, () => providerOf());
    const attempt = attemptOf("a", { count: 5 });
    await Promise.all(hosts.map((host) => host.launch(attempt)));
    const ids = Array.from({ length: 5 }, (_, slot) => machineIdFor(attempt.token, slot));
    await become(providerOf(), ids, "running");
    expect((await providerOf().list(filter)).map(({ id }) => id).sort()).toEqual(ids);
  });

  it("finishes the launch of a host that died in the middle, and buys no more than the count", async () => {
    const attempt = attemptOf("a", { count: 4 });
    const dying = providerOf({
      fault: (_attempt, index) => {
        if (index === 2) throw new Error("the host dies");
        return undefined;
      },
    });
    await expect(dying.launch(attempt)).rejects.toThrow("the host dies");
    const next = providerOf();
    expect(await next.list({ ...filter, attemptId: attempt.id })).toHaveLength(2);
    const { machines } = await next.launch(attempt);
    expect(machines).toHaveLength(4);
    await become(
      next,
      machines.map(({ id }) => id),
      "running",
    );
    expect(await next.list(filter)).toHaveLength(4);
  });

  it("starts the process of a machine whose host died before it could", async () => {
    const attempt = attemptOf("a");
    const id = machineIdFor(attempt.token, 0);
    const dead = providerOf({ command: ["sleep", "60"], fault: () => ({ bootDelayMs: 600_000 }) });
    await dead.launch(attempt);
    const record = join(directory, id, "machine.json");
    await writeFile(record, (await readFile(record, "utf8")).replace("600000", "0"));
    await rm(join(directory, "attempts"), { recursive: true });
    const next = providerOf();
    await next.launch(attempt);
    await become(next, [id], "running");
  });

  it("buys nothing again for a machine that ran, ended and was cleared away", async () => {
    const attempt = attemptOf("a");
    const provider = providerOf({ tombstoneMs: 0 });
    const ids = await launched(provider, attempt);
    await provider.terminate(ids);
    await become(provider, ids, "gone");
    expect((await provider.launch(attempt)).machines).toEqual([]);
    // Even when the host died before it wrote down what the launch bought.
    await rm(join(directory, "attempts"), { recursive: true });
    expect((await provider.launch(attempt)).machines).toEqual([]);
    expect(await provider.list(filter)).toEqual([]);
  });

  it("keeps an ended machine whose events nobody read", async () => {
    const provider = providerOf({ tombstoneMs: 0 });
    const [id = ""] = await launched(provider, attemptOf("a"));
    const event = join(directory, id, "events", "1.json");
    await writeFile(event, "{}");
    await provider.terminate([id]);
    await become(provider, [id], "terminated");
    await rm(event);
    await become(provider, [id], "gone");
  });

  it("buys nothing after the attempt's deadline", async () => {
    const late = await providerOf().launch(attemptOf("a", { deadlineMs: Date.now() - 1 }));
    expect(late).toMatchObject({ machines: [], failures: [{ kind: "config" }] });
  });

  it("counts a machine whose process ended by itself as terminated, with what it left running", async () => {
    const provider = providerOf({
      command: ["sh", "-c", "sleep 60 & echo $! > child; exec sleep 0.05"],
    });
    const [id = ""] = (await provider.launch(attemptOf("a"))).machines.map(({ id }) => id);
    await become(provider, [id], "terminated");
    const child = Number(await readFile(join(directory, id, "child"), "utf8"));
    for (let round = 0; round < 200 && (await identityOf(child)); round += 1) await delay(5);
    expect(await identityOf(child)).toBeUndefined();
    expect(await provider.start([id])).toEqual([{ id, ok: false, failure: "not-found" }]);
  });

  it("kills a machine that does not hear SIGTERM", async () => {
    const provider = providerOf({
      command: ["sh", "-c", "trap '' TERM; while :; do sleep 1; done"],
      terminateGraceMs: 50,
    });
    const ids = await launched(provider, attemptOf("a"));
    const target = await processOf(ids[0] ?? "");
    await delay(50);
    await provider.terminate(ids);
    expect(await isAlive(target)).toBe(false);
  });

  it("finishes what a host that died had begun to terminate", async () => {
    const provider = providerOf({
      command: ["sh", "-c", "trap '' TERM; while :; do sleep 1; done"],
    });
    const ids = await launched(provider, attemptOf("a"));
    const ending = { atMs: Date.now() - 60_000, reason: "it was terminated" };
    await writeFile(join(directory, ids[0] ?? "", "terminated"), JSON.stringify(ending));
    await become(provider, ids, "terminated");
  });

  it("kills what outlived its deadline by the grace", async () => {
    const clock = { ...systemClock, now: () => Date.now() + offsetMs };
    let offsetMs = 0;
    const provider = providerOf({ clock, overdueMs: 1_000 });
    const ids = await launched(provider, attemptOf("a", { deadlineMs: Date.now() + 60_000 }));
    offsetMs = 60_500;
    await become(provider, ids, "running");
    offsetMs = 61_500;
    await become(provider, ids, "terminated");
  });

  it("takes a foreign process with the machine's pid neither for the machine nor for prey", async () => {
    const provider = providerOf();
    const [id = ""] = await launched(provider, attemptOf("a"));
    // The kernel tells start times apart by ticks of 10 ms; a pid is not given out again within one.
    await delay(50);
    const foreign = spawn("sleep", ["60"], { detached: true });
    await once(foreign, "spawn");
    const boot = bootOf(join(directory, id), 1);
    const claim = (await readFile(boot, "utf8")).split("\n");
    // The machine's process has ended and its pid was given to another one, which started later.
    await provider.terminate([id]);
    await rm(join(directory, id, "terminated"));
    await writeFile(boot, [String(foreign.pid), ...claim.slice(1)].join("\n"));
    await become(provider, [id], "terminated");
    await provider.terminate([id]);
    expect(foreign.exitCode === null && foreign.signalCode === null).toBe(true);
    expect(() => process.kill(foreign.pid ?? 0, 0)).not.toThrow();
    foreign.kill("SIGKILL");
    await once(foreign, "exit");
  });

  it("never runs a machine that was terminated while it booted", async () => {
    const provider = providerOf({
      command: ["sh", "-c", "touch ran; exec sleep 60"],
      fault: () => ({ bootDelayMs: 150 }),
    });
    const { machines } = await provider.launch(attemptOf("a"));
    const [id = ""] = machines.map(({ id }) => id);
    expect(machines).toMatchObject([{ state: "pending" }]);
    await provider.terminate([id]);
    await delay(300);
    expect(await provider.list(filter)).toMatchObject([{ id, state: "terminated" }]);
    expect(existsSync(join(directory, id, "ran"))).toBe(false);
    expect(existsSync(join(directory, id, "boot-1"))).toBe(false);
  });

  it("boots slowly, hangs and refuses where it is told to", async () => {
    const provider = providerOf({
      command: ["sh", "-c", "touch ran; exec sleep 60"],
      fault: (_attempt, index) =>
        [
          { bootDelayMs: 600_000 },
          { bootDelayMs: 100 },
          { hang: true },
          { refuse: "quota" as const },
        ][index],
    });
    const { machines, failures } = await provider.launch(attemptOf("a", { count: 4 }));
    expect(failures).toMatchObject([{ kind: "quota" }]);
    const [never = "", slow = "", hanging = ""] = machines.map(({ id }) => id);
    await become(provider, [slow, hanging], "running");
    await become(provider, [never], "pending");
    expect(existsSync(join(directory, hanging, "ran"))).toBe(false);
  });

  it("has no room for a stopped machine when others took it", async () => {
    const provider = providerOf({ capacity: 1 });
    const first = await launched(provider, attemptOf("a"));
    await provider.stop(first);
    const second = await launched(provider, attemptOf("b"));
    expect(await provider.start(first)).toMatchObject([{ ok: false, failure: "capacity" }]);
    await provider.terminate(second);
    expect(await provider.start(first)).toMatchObject([{ ok: true }]);
  });

  it("starts a stopped machine once when hosts do it at the same moment", async () => {
    const command = ["sh", "-c", "echo ran >> runs; exec sleep 60"] as const;
    const hosts = Array.from({ length: 4 }, () => providerOf({ command }));
    const [host = providerOf()] = hosts;
    const [id = ""] = await launched(host, attemptOf("a"));
    const path = join(directory, id, "runs");
    const runs = async (): Promise<number> =>
      existsSync(path) ? (await readFile(path, "utf8")).split("ran").length - 1 : 0;
    for (let round = 0; round < 200 && (await runs()) < 1; round += 1) await delay(5);
    await host.stop([id]);
    await Promise.all(hosts.map((one) => one.start([id])));
    await become(host, [id], "running");
    await delay(100);
    expect(await runs()).toBe(2);
    expect((await viewMachine(join(directory, id), id))?.generation).toBe(2);
  });

  it("lists a machine whose record cannot be read as one of unknown origin", async () => {
    const provider = providerOf();
    const [id = ""] = await launched(provider, attemptOf("a"));
    const record = join(directory, id, "machine.json");
    await rename(record, `${record}.kept`);
    await writeFile(record, "not a record");
    const [machine] = await provider.list(filter);
    expect(machine).toMatchObject({ id, state: "running" });
    expect(machine && "attemptId" in machine).toBe(false);
    await rename(`${record}.kept`, record);
  });
});

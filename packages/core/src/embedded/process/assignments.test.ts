import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Lease, StateStore, Write } from "../../ports/state-store.ts";
import { describeStateStoreContract } from "../../testing/contracts/state-store.ts";
import type { Assignment } from "../../wire/assignment.ts";
import { createMemoryStore } from "../memory-store.ts";
import { withProcessAssignments } from "./assignments.ts";
import { createMachineMailbox, type MachineMailbox } from "./machine-mailbox.ts";

const shard = "ci/local";
const machineId = "pm-1";
let directory: string;
let inner: StateStore;
let store: StateStore;
let lease: Lease;
let agent: MachineMailbox["assignments"];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "runs-fleet-assignments-"));
  await makeMachine(machineId);
  inner = createMemoryStore();
  store = withProcessAssignments(inner, { directory });
  const acquired = await store.leases.acquire(shard, "host", 600_000);
  if (acquired === undefined) throw new Error("The lease is taken");
  lease = acquired;
  agent = createMachineMailbox(join(directory, machineId)).assignments;
});

afterEach(() => rm(directory, { recursive: true, force: true }));

async function makeMachine(id: string): Promise<void> {
  await mkdir(join(directory, id, "assignments"), { recursive: true });
  await writeFile(join(directory, id, "machine.json"), "{}");
}

function assignmentOf(id: string, machine = machineId): Assignment {
  return {
    id,
    machineId: machine,
    jitConfig: "c2VjcmV0",
    runnerName: `rf-${machine}`,
    labels: ["runs-fleet"],
    deadlineMs: Date.now() + 600_000,
  };
}

function put(id: string, machine = machineId): Write {
  const value = { ...assignmentOf(id, machine) };
  return { table: "assignments", id: machine, shard, open: true, expected: "absent", value };
}

function take(expected: number | "any", machine = machineId): Write {
  return { table: "assignments", id: machine, shard, open: true, expected, value: undefined };
}

async function documents(machine = machineId): Promise<string[]> {
  return (await readdir(join(directory, machine, "assignments"))).sort();
}

describeStateStoreContract({
  api: { describe, it, expect },
  create: async ({ clock }) =>
    withProcessAssignments(createMemoryStore({ clock }), {
      directory: join(tmpdir(), "runs-fleet-no-such-directory"),
    }),
});

describe("withProcessAssignments", () => {
  it("hands a committed assignment to its machine, readable by its owner alone", async () => {
    expect(await agent.read(machineId)).toBeUndefined();
    await store.commit(lease, [put("as-1")]);
    expect(await agent.read(machineId)).toEqual((await store.get("assignments", machineId))?.value);
    const { mode } = await stat(join(directory, machineId, "assignments", "as-1.json"));
    expect(mode & 0o077).toBe(0);
  });

  it("writes nothing for the machine when the commit is refused", async () => {
    await store.commit(lease, [put("as-1")]);
    await expect(store.commit(lease, [put("as-2")])).rejects.toMatchObject({ kind: "conflict" });
    expect(await documents()).toEqual(["as-1.json"]);
  });

  it("takes back what the agent has not begun, so that it cannot begin any more", async () => {
    await store.commit(lease, [put("as-1")]);
    const assignment = await agent.read(machineId);
    await store.commit(lease, [take(1)]);
    expect(await agent.read(machineId)).toBeUndefined();
    expect(assignment && (await agent.blank(assignment))).toBe(false);
    expect(await store.get("assignments", machineId)).toBeUndefined();
    expect(await documents()).toEqual(["as-1.decision"]);
  });

  it("does not take back what the agent has begun, and keeps its record", async () => {
    await store.commit(lease, [put("as-1")]);
    const assignment = await agent.read(machineId);
    expect(assignment && (await agent.blank(assignment))).toBe(true);
    expect(assignment && (await agent.blank(assignment))).toBe(true);
    await expect(store.commit(lease, [take(1)])).rejects.toMatchObject({ kind: "conflict" });
    expect((await store.get("assignments", machineId))?.version).toBe(1);
    expect(await documents()).toEqual(["as-1.decision"]);
  });

  it("clears up a begun assignment when the deletion does not ask for a version", async () => {
    await store.commit(lease, [put("as-1")]);
    const assignment = await agent.read(machineId);
    expect(assignment && (await agent.blank(assignment))).toBe(true);
    await store.commit(lease, [take("any")]);
    expect(await store.get("assignments", machineId)).toBeUndefined();
  });

  it("lets exactly one of agent and controller win, however close they come", async () => {
    const wins = { agent: 0, controller: 0 };
    for (let round = 0; round < 120; round += 1) {
      const id = `as-${round}`;
      await store.commit(lease, [put(id)]);
      const version = (await store.get("assignments", machineId))?.version ?? 0;
      const begin = async (): Promise<boolean> => {
        const assignment = await agent.read(machineId);
        return assignment !== undefined && agent.blank(assignment);
      };
      const takeBack = async (): Promise<boolean> => {
        for (let turn = 0; turn < round % 12; turn += 1) await new Promise(setImmediate);
        return store.commit(lease, [take(version)]).then(
          () => true,
          () => false,
        );
      };
      const order = round % 6;
      const first = order === 0 ? await begin() : order === 1 ? await takeBack() : undefined;
      const [begun, takenBack] = await Promise.all([
        order === 0 ? first : begin(),
        order === 1 ? first : takeBack(),
      ]);
      expect([begun, takenBack].filter(Boolean)).toHaveLength(1);
      if (begun) await store.commit(lease, [take("any")]);
      wins.agent += Number(begun);
      wins.controller += Number(takenBack);
    }
    expect(wins.agent + wins.controller).toBe(120);
    expect(Math.min(wins.agent, wins.controller)).toBeGreaterThanOrEqual(20);
  }, 30_000);

  it("writes what a killed host committed and did not write, when the shard is loaded", async () => {
    await inner.commit(lease, [put("as-1")]);
    expect(await agent.read(machineId)).toBeUndefined();
    const records = [];
    for await (const record of store.load(shard)) records.push(record);
    expect(records).toHaveLength(1);
    expect((await agent.read(machineId))?.id).toBe("as-1");
  });

  it("does not bring back what the agent has begun when the shard is loaded", async () => {
    await store.commit(lease, [put("as-1")]);
    const assignment = await agent.read(machineId);
    expect(assignment && (await agent.blank(assignment))).toBe(true);
    for await (const _record of store.load(shard));
    expect(await agent.read(machineId)).toBeUndefined();
    expect(await documents()).toEqual(["as-1.decision"]);
  });

  it("cannot bring back what was taken back, when a paused host writes late", async () => {
    await store.commit(lease, [put("as-1")]);
    await store.commit(lease, [take(1)]);
    const late = withProcessAssignments(createMemoryStore(), { directory });
    const other = await late.leases.acquire(shard, "paused", 600_000);
    if (other) await late.commit(other, [put("as-1")]);
    expect(await agent.read(machineId)).toBeUndefined();
  });

  it("finishes a taking back whose host was killed before the commit", async () => {
    await store.commit(lease, [put("as-1")]);
    const failing: StateStore = {
      ...inner,
      commit: () => Promise.reject(new Error("the host is killed")),
    };
    const dying = withProcessAssignments(failing, { directory });
    await expect(dying.commit(lease, [take(1)])).rejects.toThrow("killed");
    await store.commit(lease, [take(1)]);
    expect(await store.get("assignments", machineId)).toBeUndefined();
  });

  it("writes a document again that could not be written at first", async () => {
    const place = join(directory, machineId, "assignments");
    await rm(place, { recursive: true });
    // A link that leads to itself: an error, and not an absence.
    const { symlink } = await import("node:fs/promises");
    await symlink("assignments", place);
    await store.commit(lease, [put("as-1")]);
    await rm(place);
    await mkdir(place);
    await makeMachine("pm-2");
    await store.commit(lease, [put("as-2", "pm-2")]);
    expect(await documents()).toEqual(["as-1.json"]);
  });

  it("lets assignments of machines that are gone come and go", async () => {
    await store.commit(lease, [put("as-1", "pm-gone")]);
    await store.commit(lease, [take(1, "pm-gone")]);
    expect(await store.get("assignments", "pm-gone")).toBeUndefined();
    expect(existsSync(join(directory, "pm-gone"))).toBe(false);
  });

  it("keeps a harmless file name, whatever an assignment is called", async () => {
    const id = "../../escape/\u0000:*";
    await store.commit(lease, [put(id)]);
    const assignment = await agent.read(machineId);
    expect(assignment?.id).toBe(id);
    expect(assignment && (await agent.blank(assignment))).toBe(true);
    expect(await documents()).toHaveLength(1);
    expect(await readFile(join(directory, machineId, "machine.json"), "utf8")).toBe("{}");
  });
});

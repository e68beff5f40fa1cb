import type { JobRecord, MachineRecord } from "../../fleet/records.ts";
import type { Decision } from "../../fleet/status.ts";
import { workStates } from "../../fleet/transitions.ts";
import type { LaunchAttempt } from "../../ports/machine-provider.ts";
import type { Write } from "../../ports/state-store.ts";
import type { JobLife, MachineLife, MachineUse } from "./lives.ts";
import { noPool } from "./report.ts";
import { createStepCurve, type StepCurve } from "./step-curve.ts";

/** What was seen of one pool. */
export interface PoolSightings {
  readonly name: string;
  /** Machines by what they are paid for. */
  readonly uses: Readonly<Record<MachineUse, StepCurve>>;
  /** Machines in any state but terminated. */
  readonly alive: StepCurve;
  /** Jobs that were queued and not started. */
  readonly waiting: StepCurve;
  /** Stopped machines that were left when one was started: instants and counts. */
  readonly starts: { readonly atMs: number; readonly left: number }[];
  /** Instants of purchases. */
  readonly purchases: number[];
}

/** Sees what happens in one run, in the world and in what the controllers store. */
export interface Witness {
  readonly lives: readonly JobLife[];
  readonly pools: ReadonlyMap<string, PoolSightings>;
  /** Jobs that had a machine at once, by repository. */
  readonly repositories: ReadonlyMap<string, StepCurve>;
  /** Machines in any state but terminated, by environment. */
  readonly environments: ReadonlyMap<string, StepCurve>;
  /** By shard and id. */
  readonly machines: ReadonlyMap<string, MachineLife>;
  /** Jobs that may still be started. */
  open(): number;
  machine(shard: string, id: string): MachineLife | undefined;
  bought(id: string, attempt: LaunchAttempt): MachineLife;
  booting(machine: MachineLife, wasStopped: boolean): void;
  off(machine: MachineLife, use: "stopped" | undefined): void;
  queued(life: JobLife): void;
  started(life: JobLife, machine: MachineLife): void;
  cancelled(life: JobLife): void;
  /** Writes of a commit that was taken. */
  stored(shard: string, writes: readonly Write[]): void;
  decided(decision: Decision): void;
}

/** Nothing was seen of the pool. */
export function emptySightings(name: string): PoolSightings {
  return {
    name,
    uses: {
      boot: createStepCurve(),
      idle: createStepCurve(),
      busy: createStepCurve(),
      stopped: createStepCurve(),
    },
    alive: createStepCurve(),
    waiting: createStepCurve(),
    starts: [],
    purchases: [],
  };
}

const decisionsKept = 32;
const working: ReadonlySet<string> = new Set([...workStates, "ending"]);

/** A witness that has seen nothing. */
export function createWitness(lives: readonly JobLife[], now: () => number): Witness {
  const pools = new Map<string, PoolSightings>();
  const repositories = new Map<string, StepCurve>();
  const environments = new Map<string, StepCurve>();
  const machines = new Map<string, MachineLife>();
  const byKey = new Map(lives.map((life) => [`${life.jobId}.1`, life]));
  const ordinals = new Map<string, number>();
  const withMachine = new Set<JobLife>();
  const undecided = new Set(lives);

  const poolOf = (name: string): PoolSightings => {
    let pool = pools.get(name);
    if (pool === undefined) {
      pool = emptySightings(name);
      pools.set(name, pool);
    }
    return pool;
  };

  const count = (machine: MachineLife, delta: number): void => {
    poolOf(machine.pool).alive.add(now(), delta);
    const curve = environments.get(machine.environment) ?? createStepCurve();
    environments.set(machine.environment, curve);
    curve.add(now(), delta);
  };

  const put = (machine: MachineLife, use: MachineUse | undefined): void => {
    if (machine.use === use) return;
    const pool = poolOf(machine.pool);
    if (machine.use !== undefined) pool.uses[machine.use].add(now(), -1);
    if (use !== undefined) pool.uses[use].add(now(), 1);
    machine.use = use;
  };

  const holds = (life: JobLife, hasMachine: boolean): void => {
    if (withMachine.has(life) === hasMachine) return;
    if (hasMachine) withMachine.add(life);
    else withMachine.delete(life);
    const { repository } = life.job;
    const curve = repositories.get(repository) ?? createStepCurve();
    repositories.set(repository, curve);
    curve.add(now(), hasMachine ? 1 : -1);
  };

  const waitsNoMore = (life: JobLife): void => {
    if (undecided.delete(life)) poolOf(life.pool).waiting.add(now(), -1);
  };

  const jobStored = (record: JobRecord): void => {
    const life = byKey.get(record.key);
    if (life === undefined) return;
    life.receivedAtMs ??= record.receivedAtMs;
    holds(life, record.state === "assigned" || record.state === "running");
    if (record.served !== undefined) life.served = record.served;
    if (record.state !== "failed" || record.cause === undefined) return;
    const kind = record.placement === undefined ? "refused" : "failed";
    life.verdict ??= { kind, ...record.cause };
    waitsNoMore(life);
  };

  const machineStored = (shard: string, record: MachineRecord): void => {
    const machine = machines.get(`${shard}/${record.id}`);
    if (machine === undefined) return;
    machine.history = record.history;
    // Switched off already: its record follows.
    if (machine.use === undefined || machine.use === "stopped") return;
    // One that is claimed as soon as it is ready is never stored as ready.
    if (record.readyAtMs !== undefined) machine.readyAtMs = record.readyAtMs;
    if (record.state === "ready") {
      put(machine, "idle");
    } else if (working.has(record.state)) {
      const isClaim = record.state === "claimed" && machine.use !== "busy";
      put(machine, "busy");
      if (!isClaim) return;
      machine.claimedAtMs = now();
      const life = record.jobKey === undefined ? undefined : byKey.get(record.jobKey);
      if (life) life.leftHot = poolOf(machine.pool).uses.idle.now();
    }
  };

  return {
    lives,
    pools,
    repositories,
    environments,
    machines,
    open: () => undecided.size,
    machine: (shard, id) => machines.get(`${shard}/${id}`),
    bought: (id, attempt) => {
      const pool = attempt.pool ?? noPool;
      const ordinal = ordinals.get(pool) ?? 0;
      ordinals.set(pool, ordinal + 1);
      poolOf(pool).purchases.push(now());
      const machine: MachineLife = {
        id,
        pool,
        environment: attempt.environment,
        os: attempt.shape.os,
        isSpot: attempt.markets[0] === "spot",
        ordinal,
        power: 0,
        use: undefined,
        bootedAtMs: now(),
        history: [],
      };
      machines.set(`${attempt.shard}/${id}`, machine);
      return machine;
    },
    booting: (machine, wasStopped) => {
      const pool = poolOf(machine.pool);
      if (machine.use === undefined) count(machine, 1);
      put(machine, "boot");
      machine.bootedAtMs = now();
      delete machine.readyAtMs;
      delete machine.claimedAtMs;
      delete machine.readAtMs;
      if (wasStopped) pool.starts.push({ atMs: now(), left: pool.uses.stopped.now() });
    },
    off: (machine, use) => {
      put(machine, use);
      if (use === undefined) count(machine, -1);
    },
    queued: (life) => poolOf(life.pool).waiting.add(now(), 1),
    started: (life, machine) => {
      // A copy: the machine's own goes on.
      life.machine = { ...machine };
      waitsNoMore(life);
    },
    cancelled: waitsNoMore,
    stored: (shard, writes) => {
      for (const { table, value } of writes) {
        if (value === undefined) continue;
        if (table === "jobs") jobStored(value as unknown as JobRecord);
        else if (table === "machines") machineStored(shard, value as unknown as MachineRecord);
      }
    },
    decided: (decision) => {
      const { jobId } = decision.subject;
      const life = jobId === undefined ? undefined : byKey.get(jobId);
      if (life && life.decisions.length < decisionsKept) life.decisions.push(decision);
    },
  };
}

import fc from "fast-check";
import type { FleetView } from "../../src/fleet/fleet-view.ts";
import { planAssignments } from "../../src/fleet/plan-assignments.ts";
import type { AttemptRecord, JobRecord, MachineRecord } from "../../src/fleet/records.ts";
import { specHashOf } from "../../src/fleet/replacement.ts";
import { type MachineState, machineRules } from "../../src/fleet/transitions.ts";
import { aJob, aMachine, anAttempt, aRegistration, aShape, nowMs } from "./builders.ts";

const minutes = 60_000;

/** Two pools and a shape without one. */
export const fits = ["pool:p", "pool:q", "shape:a"] as const;
const repositories = ["acme/a", "acme/b", "acme/c"] as const;
const demands = ["acme||x", "acme||y"] as const;

const poolOf = (fit: string): { readonly pool?: string } =>
  fit.startsWith("pool:") ? { pool: fit.slice(5) } : {};

const openMachineStates = (Object.keys(machineRules) as MachineState[]).filter(
  (state) => state !== "gone",
);

const registered: ReadonlySet<MachineState> = new Set([
  "claimed",
  "assigned",
  "withdrawing",
  "acknowledged",
  "registered",
  "running",
  "ending",
]);

interface RawMachine {
  readonly state: MachineState;
  readonly fit: string;
  readonly demand: string;
  readonly spot: boolean;
  readonly readyMinutes: number;
  readonly upMinutes: number;
  readonly busy: boolean;
  readonly bankWhenReady: boolean;
  /** Bought to an older order. */
  readonly old: boolean;
  /** Near its hard deadline. */
  readonly tired: boolean;
}

function machineOf(raw: RawMachine, index: number): MachineRecord {
  const id = `m${String(index).padStart(2, "0")}`;
  const wasReady = raw.state !== "booting";
  const readyAtMs = nowMs - raw.readyMinutes * minutes;
  const { readyAtMs: _, ...base } = aMachine(id);
  return {
    ...base,
    fit: raw.fit,
    ...poolOf(raw.fit),
    market: raw.spot && raw.state !== "stopped" && raw.state !== "stopping" ? "spot" : "on-demand",
    state: raw.state,
    specHash: raw.old ? "old" : specHashOf(raw.fit, aShape),
    hardDeadlineMs: nowMs + (raw.tired ? 15 : 24 * 60) * minutes,
    launchedAtMs: readyAtMs - raw.upMinutes * minutes,
    sinceMs: readyAtMs,
    ...(wasReady ? { readyAtMs } : {}),
    ...(raw.bankWhenReady ? { bankWhenReady: true } : {}),
    ...(registered.has(raw.state)
      ? { registration: aRegistration(id, { demand: raw.demand }) }
      : {}),
  };
}

const rawMachine = (wear: fc.Arbitrary<boolean>): fc.Arbitrary<RawMachine> =>
  fc.record({
    state: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom<MachineState>("ready", "stopped", "booting") },
      { weight: 2, arbitrary: fc.constantFrom(...openMachineStates) },
    ),
    fit: fc.constantFrom(...fits),
    demand: fc.constantFrom(...demands),
    spot: fc.boolean(),
    readyMinutes: fc.nat(40),
    upMinutes: fc.nat(10),
    busy: fc.boolean(),
    bankWhenReady: fc.boolean(),
    old: wear,
    tired: wear,
  });

interface RawJob {
  readonly repository: (typeof repositories)[number];
  readonly fit: string;
  readonly demand: string;
  readonly ageSeconds: number;
  readonly running: boolean;
  /** On a runner that is not ours, unless it has a machine. */
  readonly elsewhere: boolean;
}

const rawJob: fc.Arbitrary<RawJob> = fc.record({
  repository: fc.constantFrom(...repositories),
  fit: fc.constantFrom(...fits),
  demand: fc.constantFrom(...demands),
  ageSeconds: fc.nat(20),
  running: fc.boolean(),
  elsewhere: fc.boolean(),
});

function jobOf(raw: RawJob, index: number, limits: Readonly<Record<string, number>>): JobRecord {
  const perRepository = limits[raw.repository];
  return aJob(String(100 + index), {
    repository: raw.repository,
    fit: raw.fit,
    // What a runner is registered for decides about its machine, too: demands of two fits never mix.
    demand: `${raw.demand}|${raw.fit}`,
    createdAtMs: nowMs - raw.ageSeconds * 1_000,
    placement: {
      environment: "ci",
      ...poolOf(raw.fit),
      shape: aShape,
      policy: "everyone",
      ...(perRepository === undefined || perRepository > 6 ? {} : { perRepository }),
    },
  });
}

/** A shard in a state that could be: machines that have a job and jobs that have a machine agree. */
const viewWith = (wear: fc.Arbitrary<boolean>): fc.Arbitrary<FleetView> =>
  fc
    .record({
      machines: fc.array(rawMachine(wear), { maxLength: 14 }),
      jobs: fc.array(rawJob, { maxLength: 14 }),
      limits: fc.record({ "acme/a": fc.nat(8), "acme/b": fc.nat(8), "acme/c": fc.nat(8) }),
      attempts: fc.array(
        fc.record({ fit: fc.constantFrom(...fits), count: fc.integer({ min: 1, max: 3 }) }),
        { maxLength: 3 },
      ),
    })
    .map(({ machines, jobs, limits, attempts }) => {
      const machineMap = new Map<string, MachineRecord>();
      const jobMap = new Map<string, JobRecord>();
      const attemptMap = new Map<string, AttemptRecord>();
      machines.forEach((raw, index) => {
        const machine = machineOf(raw, index);
        machineMap.set(machine.id, {
          ...machine,
          ...(machine.registration
            ? { registration: { ...machine.registration, demand: `${raw.demand}|${raw.fit}` } }
            : {}),
        });
      });
      const free = machines.flatMap((raw, index) =>
        registered.has(raw.state) && raw.busy ? [`m${String(index).padStart(2, "0")}`] : [],
      );
      jobs.forEach((raw, index) => {
        const job = jobOf(raw, index, limits);
        const machine = raw.running ? machineMap.get(free.pop() ?? "") : undefined;
        if (!machine) {
          const isElsewhere = raw.running && raw.elsewhere;
          jobMap.set(
            job.key,
            isElsewhere ? { ...job, state: "running", runnerName: "somebody" } : job,
          );
          return;
        }
        const state =
          machine.state === "running" || machine.state === "ending" ? "running" : "assigned";
        machineMap.set(machine.id, { ...machine, jobKey: job.key });
        jobMap.set(job.key, { ...job, state, machineId: machine.id, claimedAtMs: nowMs - 1_000 });
      });
      attempts.forEach(({ fit, count }, index) => {
        const attempt = anAttempt(`attempt-${index + 1}`, { fit }, count);
        attemptMap.set(attempt.request.id, attempt);
      });
      return { jobs: jobMap, machines: machineMap, attempts: attemptMap };
    });

/** The same records in another order. */
export function shuffled(view: FleetView, seed: number): FleetView {
  const mix = <T>(map: ReadonlyMap<string, T>): ReadonlyMap<string, T> => {
    let state = seed >>> 0;
    const next = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state;
    };
    const keyed = [...map].map((entry) => ({ entry, key: next() }));
    return new Map(keyed.sort((left, right) => left.key - right.key).map(({ entry }) => entry));
  };
  return { jobs: mix(view.jobs), machines: mix(view.machines), attempts: mix(view.attempts) };
}

/** The view once every job that can have one has its machine: what is ready then is nobody's. */
export function afterAssignments(view: FleetView): FleetView {
  const { adoptions, claims } = planAssignments(
    view,
    { left: Number.POSITIVE_INFINITY, refusal: () => undefined },
    Number.POSITIVE_INFINITY,
  );
  const jobs = new Map(view.jobs);
  const machines = new Map(view.machines);
  for (const { job, machine } of [...adoptions, ...claims]) {
    jobs.set(job.key, { ...job, state: "assigned", machineId: machine.id });
    const state = machine.state === "ready" ? "claimed" : machine.state;
    machines.set(machine.id, { ...machine, state, jobKey: job.key });
  }
  return { jobs, machines, attempts: view.attempts };
}

/** A shard whose machines are all what their pools want. */
export const aView = viewWith(fc.constant(false));

/** A shard some of whose machines are to be replaced. */
export const aWornView = viewWith(fc.boolean());

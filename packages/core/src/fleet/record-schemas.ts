import * as v from "valibot";
import type { AttemptRecord, JobRecord, MachineRecord } from "./records.ts";
import { attemptRules, jobRules, machineRules } from "./transitions.ts";

const text = v.pipe(v.string(), v.maxLength(4_096));
const instant = v.pipe(v.number(), v.safeInteger());
const optional = v.exactOptional;

const states = <State extends string>(rules: Readonly<Record<State, unknown>>) =>
  v.picklist(Object.keys(rules) as State[]);

const history = v.array(v.object({ atMs: instant, code: text, message: text }));
const cause = v.object({
  code: v.custom<NonNullable<JobRecord["cause"]>["code"]>((code) => typeof code === "string"),
  message: text,
});
const bounds = v.object({ min: v.number(), max: optional(v.number()) });
const range = v.object({ min: v.number(), max: v.number() });
const market = v.picklist(["spot", "on-demand"]);

const shape = v.object({
  os: v.picklist(["linux", "windows"]),
  arch: optional(v.picklist(["arm64", "x64"])),
  cpu: range,
  ramGib: optional(bounds),
  families: optional(v.array(text)),
  generation: optional(v.number()),
  diskGib: optional(v.number()),
  image: optional(text),
  imageSource: optional(
    v.object({
      id: optional(text),
      owner: optional(text),
      name: optional(text),
      maxAgeMs: optional(v.number()),
    }),
  ),
  spot: optional(v.boolean()),
});

const jobSchema = v.object({
  key: text,
  jobId: text,
  runId: text,
  attempt: v.number(),
  name: optional(text),
  repository: text,
  repositoryId: text,
  visibility: v.picklist(["public", "private", "internal"]),
  fork: v.boolean(),
  headSha: optional(text),
  labels: v.array(text),
  state: states(jobRules),
  cause: optional(cause),
  placement: optional(
    v.object({
      environment: text,
      pool: optional(text),
      shape,
      runnerGroup: optional(text),
      policy: text,
      perRepository: optional(v.number()),
      maxReruns: optional(v.number()),
    }),
  ),
  fit: optional(text),
  demand: optional(v.string()),
  machineId: optional(text),
  runnerName: optional(text),
  served: optional(v.picklist(["hot", "stopped", "cold"])),
  conclusion: optional(text),
  trace: optional(v.record(v.string(), v.string())),
  interruption: optional(
    v.object({
      kind: v.picklist(["announced", "lost"]),
      atMs: instant,
      endsAtMs: optional(instant),
      machineId: text,
      runnerName: optional(text),
    }),
  ),
  rerun: optional(
    v.object({
      state: v.picklist(["weighed", "wanted", "asked", "accepted", "started", "failed"]),
      sinceMs: instant,
      untilMs: instant,
      refusals: optional(v.number()),
      jobKey: optional(text),
    }),
  ),
  rerunOf: optional(text),
  reruns: optional(v.number()),
  absentSinceMs: optional(instant),
  told: optional(
    v.object({
      atMs: instant,
      tries: v.number(),
      pauseMs: optional(v.number()),
      isDone: optional(v.boolean()),
      isOver: optional(v.boolean()),
    }),
  ),
  checkTriesLeft: optional(v.number()),
  createdAtMs: instant,
  receivedAtMs: instant,
  claimedAtMs: optional(instant),
  assignedAtMs: optional(instant),
  startedAtMs: optional(instant),
  endedAtMs: optional(instant),
  deadlineMs: instant,
  history,
});

const attemptSchema = v.object({
  request: v.object({
    id: text,
    token: text,
    shard: text,
    environment: text,
    region: text,
    zone: optional(text),
    count: v.number(),
    shape,
    markets: v.array(market),
    pool: optional(text),
    specHash: text,
    deadlineMs: instant,
    tags: optional(v.record(v.string(), v.string())),
  }),
  fit: text,
  state: states(attemptRules),
  openedAtMs: instant,
  reason: text,
  deadlineMs: instant,
});

const machineSchema = v.object({
  id: text,
  attemptId: text,
  environment: text,
  region: text,
  fit: text,
  specHash: text,
  pool: optional(text),
  market,
  zone: optional(text),
  instanceType: optional(text),
  state: states(machineRules),
  launchedAtMs: instant,
  sinceMs: instant,
  readyAtMs: optional(instant),
  deadlineMs: instant,
  hardDeadlineMs: instant,
  registrations: v.number(),
  registration: optional(
    v.object({
      assignmentId: text,
      runnerName: text,
      scope: text,
      runnerId: optional(text),
      labels: v.array(text),
      demand: v.string(),
    }),
  ),
  jobKey: optional(text),
  wasStopped: optional(v.boolean()),
  bankWhenReady: optional(v.boolean()),
  announcedEndMs: optional(instant),
  atRiskSinceMs: optional(instant),
  isSuperseded: optional(v.boolean()),
  sequence: v.number(),
  cause: optional(cause),
  history,
});

const repositoriesSchema = v.record(text, instant);

/** A stored job. @throws A ValiError for anything else. Unknown fields of later versions are left out. */
export function parseJob(value: unknown): JobRecord {
  return v.parse(jobSchema, value);
}

/** A stored attempt. @throws A ValiError for anything else. */
export function parseAttempt(value: unknown): AttemptRecord {
  return v.parse(attemptSchema, value);
}

/** A stored machine. @throws A ValiError for anything else. */
export function parseMachine(value: unknown): MachineRecord {
  return v.parse(machineSchema, value);
}

/** When each repository was last heard of, epoch milliseconds. @throws A ValiError for anything else. */
export function parseRepositories(value: unknown): Readonly<Record<string, number>> {
  return v.parse(repositoriesSchema, value);
}

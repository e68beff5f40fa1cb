import type { JobStatus } from "../../fleet/status.ts";

/** One step on a job's way, in the order in which jobs take them. */
export interface Phase {
  readonly key: string;
  readonly title: string;
  readonly explanation: string;
}

/** The steps we know, with their words. */
export const phases: readonly Phase[] = [
  { key: "queue", title: "Queue", explanation: "until it had its turn" },
  { key: "machine", title: "Machine", explanation: "until a machine was ready" },
  { key: "github", title: "GitHub", explanation: "until GitHub gave a credential" },
  { key: "register", title: "Register", explanation: "until the runner took it" },
  { key: "run", title: "Run", explanation: "the job itself" },
];

/** A step that one job took. */
export interface TakenPhase extends Phase {
  /** From the moment the job was queued. */
  readonly startMs: number;
  readonly durationMs: number;
  /** Place in the palette. */
  readonly colour: number;
}

const duration = (value: number | undefined): number =>
  value !== undefined && Number.isFinite(value) && value > 0 ? value : 0;

/** The steps a job took, known ones first; steps of other versions follow under their own names. */
export function takenPhases(job: JobStatus): readonly TakenPhase[] {
  const known = new Set(phases.map((phase) => phase.key));
  const further = Object.keys(job.waitsMs)
    .filter((key) => !known.has(key))
    .map((key) => ({ key, title: key, explanation: "" }));
  // What is unknown stands before the run: it is part of the wait.
  const ordered = [...phases.slice(0, -1), ...further, ...phases.slice(-1)];
  let startMs = 0;
  const taken: TakenPhase[] = [];
  for (const phase of ordered) {
    if (!Object.hasOwn(job.waitsMs, phase.key)) continue;
    const durationMs = duration(job.waitsMs[phase.key]);
    const place = phases.findIndex((candidate) => candidate.key === phase.key);
    taken.push({ ...phase, startMs, durationMs, colour: Math.max(place, 0) });
    startMs += durationMs;
  }
  return taken;
}

/** How long a job waited, or waits, before it ran. */
export function waitOf(job: JobStatus): number {
  return takenPhases(job)
    .filter((phase) => phase.key !== "run")
    .reduce((sum, phase) => sum + phase.durationMs, 0);
}

/** Nearest-rank percentile; `undefined` of nothing. */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

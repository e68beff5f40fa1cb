import type { Assignment } from "../../../wire/assignment.ts";
import { decodeJitConfig } from "../../github/jit-config.ts";
import type { Observation } from "../observe-provider.ts";
import type { Truth } from "../truth.ts";

const minutes = 60_000;
/** A registration that nobody uses may vanish after minutes; an answer, a commit and a look of the agent take less. */
const freshMs = 3 * minutes;

/** The registration that an assignment brings with it, as GitHub knows it. */
function registrationIn(truth: Truth, { jitConfig }: Pick<Assignment, "jitConfig">) {
  return truth.registrations.get(String(decodeJitConfig(jitConfig)?.runnerId));
}

/** The name under which GitHub knows the runner of an assignment, whatever the assignment calls it. */
export function runnerIn(truth: Truth, assignment: Assignment): string {
  return registrationIn(truth, assignment)?.name ?? assignment.runnerName;
}

/**
 * no-lost-job: every queued job gets a matching runner, and a registration that lies about is none: "never mint long
 * before use" (DESIGN 3, order of buying). Looked at when an assignment is stored, by when GitHub made its registration.
 */
export function judgeFreshness({ truth, judge, clock }: Observation, assignment: Assignment): void {
  const registration = registrationIn(truth, assignment);
  if (registration === undefined) return;
  const ageMs = clock.now() - registration.atMs;
  judge.check(
    "no-lost-job",
    `registration ${registration.name}`,
    ageMs > freshMs
      ? `${assignment.machineId} is handed the registration ${registration.name}, which GitHub made ${Math.round(ageMs / minutes)} min ago`
      : undefined,
  );
}

/**
 * no-lost-job: "never mint long before use" (DESIGN 3), whatever lies between: a machine that has yet to boot is no use.
 * Looked at when the runner of a machine opens its session at GitHub.
 */
export function judgeFirstUse(
  { truth, judge }: Observation,
  event: { readonly runnerId: string; readonly runnerName: string; readonly atMs: number },
): void {
  const { runnerId, runnerName, atMs } = event;
  const registration = truth.registrations.get(runnerId);
  const machineId = truth.machineOf.get(runnerName);
  if (registration === undefined || machineId === undefined) return;
  const ageMs = atMs - registration.atMs;
  judge.check(
    "no-lost-job",
    `session ${runnerName}`,
    ageMs > freshMs
      ? `${machineId} comes online as ${runnerName} ${Math.round(ageMs / minutes)} min after it was registered`
      : undefined,
  );
}

/**
 * no-lost-job: "a machine runs one job and ends, it is never capacity twice" (DESIGN 3, one-shot machines): whoever is
 * given a second assignment does not look for one any more. Looked at when an assignment is stored, before it is noted.
 */
export function judgeSecondUse({ truth, judge }: Observation, assignment: Assignment): void {
  const { machineId } = assignment;
  const first = truth.runnerOf.get(machineId);
  const second = runnerIn(truth, assignment);
  judge.check(
    "no-lost-job",
    `assignment of ${machineId} as ${second}`,
    first !== undefined && first !== second
      ? `${machineId} had been handed ${first} and is handed ${second} besides`
      : undefined,
  );
}

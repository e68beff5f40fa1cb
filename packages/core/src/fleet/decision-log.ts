import type { Decision } from "./status.ts";

/** The latest decisions, in memory; what must outlive the process is in the history of each record. */
export interface DecisionLog {
  add(decision: Decision): void;
  /** Newest first. */
  latest(most: number): readonly Decision[];
  /** Those about one subject, oldest first. */
  about(subject: Decision["subject"]): readonly Decision[];
}

const kept = 2_000;

/** Makes an empty log that forgets the oldest. */
export function createDecisionLog(onDecision?: (decision: Decision) => void): DecisionLog {
  let decisions: Decision[] = [];
  return {
    add: (decision) => {
      decisions.push(decision);
      if (decisions.length > kept * 2) decisions = decisions.slice(-kept);
      onDecision?.(decision);
    },
    latest: (most) => decisions.slice(-most).reverse(),
    about: ({ pool, jobId, machineId }) =>
      decisions.filter(
        ({ subject }) =>
          (pool === undefined || subject.pool === pool) &&
          (jobId === undefined || subject.jobId === jobId) &&
          (machineId === undefined || subject.machineId === machineId),
      ),
  };
}

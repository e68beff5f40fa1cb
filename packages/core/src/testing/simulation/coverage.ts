import type { Ledger } from "../../fleet/ledger.ts";
import type { FleetRules } from "../../fleet/rules.ts";
import type { Decision } from "../../fleet/status.ts";
import type { Fault } from "./faults.ts";

/** What a simulation reached of all that can happen, by the names of {@link unreached}. */
export interface Coverage {
  /** The same rules; what they change and say is noted. */
  watch(rules: FleetRules): FleetRules;
  /** Notes its code as a decision; that of a cause as the cause. */
  decided(decision: Decision): void;
  happened(faults: readonly Fault[]): void;
  /** Sorted. */
  names(): readonly string[];
}

/** The name of a step from one state to another, or of the state alone. */
export function stepName(record: "machine" | "job" | "attempt", from: string, to?: string): string {
  return to === undefined ? `${record} ${from}` : `${record} ${from} -> ${to}`;
}

/** Names of a fault: its kind, and where it strikes calls also the port and the side of the effect. */
export function faultNames(fault: {
  readonly kind: string;
  readonly port?: string;
  readonly when?: string;
}): readonly string[] {
  const { kind, port, when } = fault;
  if (port === undefined) return [`fault ${kind}`];
  return [`fault ${kind}`, `fault ${kind} ${port}${when === undefined ? "" : ` ${when}`}`];
}

/**
 * Nothing reached yet.
 *
 * @param isCause - Tells codes of causes from those of acts.
 */
export function createCoverage(isCause: (code: string) => boolean): Coverage {
  const reached = new Set<string>();
  const seen = new WeakMap<Ledger, Ledger>();

  const step = (
    record: "machine" | "job" | "attempt",
    before: string | undefined,
    now: { readonly state: string; readonly cause?: { readonly code: string } },
  ): void => {
    reached.add(stepName(record, now.state));
    if (before !== undefined && before !== now.state)
      reached.add(stepName(record, before, now.state));
    if (now.cause !== undefined) reached.add(`cause ${now.cause.code}`);
  };

  /** The ledger itself; what is put into it is noted on the way. */
  const observed = (ledger: Ledger): Ledger => {
    const known = seen.get(ledger);
    if (known) return known;
    const { jobs, machines, attempts } = ledger;
    const own: Partial<Ledger> = {
      putMachine: (record) => {
        const before = machines.get(record.id)?.state;
        ledger.putMachine(record);
        step("machine", before, record);
      },
      putJob: (record) => {
        const before = jobs.get(record.key)?.state;
        ledger.putJob(record);
        step("job", before, record);
      },
      putAttempt: (record) => {
        const before = attempts.get(record.request.id)?.state;
        ledger.putAttempt(record);
        step("attempt", before, { state: record.state });
      },
    };
    const made: Ledger = Object.assign(Object.create(ledger), own);
    seen.set(ledger, made);
    return made;
  };

  return {
    watch: (rules) => ({
      ...rules,
      takeDemand: (ledger, ...rest) => rules.takeDemand(observed(ledger), ...rest),
      takeReport: (ledger, ...rest) => rules.takeReport(observed(ledger), ...rest),
      takeResult: (ledger, ...rest) => rules.takeResult(observed(ledger), ...rest),
      takeListing: (ledger, ...rest) => rules.takeListing(observed(ledger), ...rest),
      takeNotice: (ledger, ...rest) => rules.takeNotice(observed(ledger), ...rest),
      resume: (ledger, ...rest) => rules.resume(observed(ledger), ...rest),
      actOnDeadlines: (ledger, ...rest) => rules.actOnDeadlines(observed(ledger), ...rest),
      endOverdue: (ledger, ...rest) => rules.endOverdue(observed(ledger), ...rest),
      carryOutDrains: (ledger, ...rest) => rules.carryOutDrains(observed(ledger), ...rest),
      carryOutAssignments: (ledger, ...rest) =>
        rules.carryOutAssignments(observed(ledger), ...rest),
      carryOutLaunches: (ledger, ...rest) => rules.carryOutLaunches(observed(ledger), ...rest),
      carryOutRetirements: (ledger, ...rest) =>
        rules.carryOutRetirements(observed(ledger), ...rest),
      carryOutReruns: (ledger, ...rest) => rules.carryOutReruns(observed(ledger), ...rest),
    }),
    decided: ({ code }) => {
      reached.add(`${isCause(code) ? "cause" : "decision"} ${code}`);
    },
    happened: (faults) => {
      for (const fault of faults) for (const name of faultNames(fault)) reached.add(name);
    },
    names: () => [...reached].sort(),
  };
}

import type { SignalScope } from "../ports/signal-scope.ts";
import type { StateStore } from "../ports/state-store.ts";
import type { AgentEvent } from "../wire/agent-event.ts";

/** A report on its way to the ledger. */
export interface IncomingReport {
  readonly kind: "report";
  readonly event: AgentEvent;
  /** The machine that sent it, as the queue verified. */
  readonly sender: string | undefined;
  /** It is durable, or need not be. */
  readonly settle?: () => void;
  /** Hands it back to the queue. */
  readonly postpone?: () => void;
}

/** Reports of machines that are not on the books. */
export interface HeldReports {
  hold(report: IncomingReport): void;
  /** Takes in again what was held for machines that are on the books by now. */
  release(): void;
}

/** More machines than a burst of launches brings. Without an end, reports in the name of machines that never were would pile up. */
const mostMachines = 1_000;
/** More reports than a machine sends in one life. */
const mostOfMachine = 16;

/**
 * A machine may speak before the answer that bought it is on the books: its words wait for it. If its record is closed,
 * they no longer matter.
 */
export function createHeldReports(options: {
  /** Whether the machine is on the books by now, or was and is gone. */
  readonly isKnown: (machineId: string) => boolean;
  readonly store: StateStore;
  readonly retake: (report: IncomingReport) => void;
  readonly scope: SignalScope;
}): HeldReports {
  const { isKnown, store, retake, scope } = options;
  const held = new Map<string, IncomingReport[]>();
  const letGo = (machineId: string, act: (report: IncomingReport) => void): void => {
    const reports = held.get(machineId) ?? [];
    held.delete(machineId);
    reports.forEach(act);
  };
  return {
    hold: (report) => {
      const { machineId } = report.event;
      const reports = held.get(machineId);
      if (reports) {
        const before = reports.findIndex(({ event }) => event.id === report.event.id);
        if (before >= 0) reports[before] = report;
        // What is too much is not settled: the queue brings it again.
        else if (reports.length < mostOfMachine) reports.push(report);
        return;
      }
      for (const oldest of held.keys()) {
        if (held.size < mostMachines) break;
        held.delete(oldest);
      }
      held.set(machineId, [report]);
      scope
        .run((signal) => store.get("machines", machineId, { signal }))
        .then(
          (record) => {
            if (record && !record.open) letGo(machineId, ({ settle }) => settle?.());
          },
          () => letGo(machineId, ({ postpone }) => postpone?.()),
        );
    },
    release: () => {
      for (const machineId of [...held.keys()]) {
        if (isKnown(machineId)) letGo(machineId, retake);
      }
    },
  };
}

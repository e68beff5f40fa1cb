import type { MachineNotice } from "../ports/machine-notice.ts";
import { announceEnd } from "./announce-end.ts";
import { weighAgain } from "./await-rerun.ts";
import { moveMachine } from "./change-machine.ts";
import type { FleetContext } from "./context.ts";
import type { Ledger } from "./ledger.ts";
import { type MachineRecord, withHistory } from "./records.ts";
import { loseMachine } from "./take-observation.ts";

/** The clocks of a provider and its notices are told to the second, milliseconds. */
const secondMs = 1_000;

/** States in which the work of a machine is over, or never begins: it need not be replaced. */
const leaving: ReadonlySet<string> = new Set(["ending", "retiring", "stopping", "stopped"]);

function atRisk(ledger: Ledger, context: FleetContext, machine: MachineRecord): void {
  const isKnown = machine.atRiskSinceMs !== undefined || machine.announcedEndMs !== undefined;
  if (isKnown || leaving.has(machine.state) || context.rebalance === "ignore") return;
  const line = {
    atMs: context.nowMs,
    code: "rebalance",
    message: "Its provider may soon take it away: it is replaced when it is idle",
  };
  ledger.putMachine({
    ...machine,
    atRiskSinceMs: context.nowMs,
    history: withHistory(machine.history, line),
  });
  ledger.decide({
    ...line,
    subject: {
      machineId: machine.id,
      ...(machine.pool === undefined ? {} : { pool: machine.pool }),
    },
  });
}

/**
 * Takes in what a provider says about a machine. Notices may be lost, late, repeated and in any order: each says only what the
 * listing, or the machine itself, would say later.
 *
 * @returns Whether the machine is on the books.
 */
export function takeNotice(ledger: Ledger, context: FleetContext, notice: MachineNotice): boolean {
  const machine = ledger.machines.get(notice.machineId);
  if (!machine) {
    if (notice.kind === "interruption") {
      weighAgain(ledger, context, notice.machineId, notice.endsAtMs);
    }
    return false;
  }
  switch (notice.kind) {
    case "interruption":
      announceEnd(ledger, context, machine, notice.endsAtMs);
      break;
    case "rebalance":
      atRisk(ledger, context, machine);
      break;
    case "ended":
      // An id is never given to another machine: what has ended once is over, however late we hear of it.
      loseMachine(ledger, context, machine, "The provider says that it has ended");
      break;
    case "stopped":
      // Of an earlier stop, it would tell of a machine that runs again.
      if (machine.state !== "stopping" || notice.atMs + secondMs < machine.sinceMs) break;
      moveMachine(ledger, context, { ...machine, wasStopped: true }, "stopped", {
        code: "stopped",
        message: "One start away",
      });
      break;
    case "other":
      break;
  }
  return true;
}

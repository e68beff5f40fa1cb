import { type Fault, faultSpanMs, takeoverWithinMs } from "./faults.ts";
import {
  cancelJobs,
  removeRunners,
  rerunJobs,
  steal,
  takeDown,
  troubleWebhooks,
} from "./github-faults.ts";
import { advise, forgeReports, giveNotice, hang, lie, reclaim } from "./machine-faults.ts";
import { deploy, kill, pause, restart, skew } from "./process-faults.ts";
import type { Stage } from "./stage.ts";
import { announceVanished, forgeWebhooks, sendOdd } from "./webhook-faults.ts";

/** Lets every fault of the plan happen at its time. */
export function applyFaults(faults: readonly Fault[], stage: Stage): void {
  for (const fault of faults) {
    void stage.clock.sleep(fault.atMs).then(() => happen(fault, stage));
  }
}

async function happen(fault: Fault, stage: Stage): Promise<void> {
  const { clock, trouble, trace } = stage;
  if (fault.afterTakeoverMs !== undefined) {
    await takeover(stage);
    await clock.sleep(fault.afterTakeoverMs);
  }
  trace.add("fault", describe(fault));
  trouble.begin(fault);
  const end = begin(fault, stage);
  await clock.sleep(faultSpanMs(fault));
  await end;
  trouble.end(fault);
  trace.add("fault", `${fault.id} is over`);
}

/** Resolves when a process takes over, or none did in time. */
async function takeover({ clock, processes }: Stage): Promise<void> {
  const late = clock.sleep(takeoverWithinMs);
  let forget = (): void => undefined;
  const taken = new Promise<void>((resolve) => {
    forget = processes.onTakeover(resolve);
  });
  await Promise.race([taken, late]);
  forget();
}

function describe(fault: Fault): string {
  const { id, kind, atMs: _, ...rest } = fault;
  const words = Object.entries(rest).map(([name, value]) => `${name}=${value}`);
  return [id, kind, ...words].join(" ");
}

/**
 * Begins it; what it answers resolves when the fault has had its way. Kinds that are not named here act through the
 * wrappers of ports, machines and queues, which look at what is at work.
 */
function begin(fault: Fault, stage: Stage): Promise<void> | undefined {
  switch (fault.kind) {
    case "crash":
    case "kill":
      return kill(fault, stage);
    case "pause":
      return pause(fault, stage);
    case "restart":
      restart(fault, stage);
      return undefined;
    case "deploy":
      return deploy(fault, stage);
    case "clock-skew":
      return skew(fault, stage);
    case "machines-die":
      return reclaim(fault, stage);
    case "spot-notices":
      return giveNotice(fault, stage);
    case "rebalance-notices":
      return advise(fault, stage);
    case "machines-hang":
      return hang(fault, stage);
    case "machines-lie":
      return lie(fault, stage);
    case "reports-forged":
      return forgeReports(fault, stage);
    case "webhooks":
      return troubleWebhooks(fault, stage);
    case "webhooks-forged":
      return forgeWebhooks(fault, stage);
    case "webhooks-odd":
      return sendOdd(fault, stage);
    case "jobs-vanished":
      return announceVanished(fault, stage);
    case "jobs-cancelled":
      cancelJobs(fault, stage);
      return undefined;
    case "jobs-rerun":
      return rerunJobs(fault, stage);
    case "runners-removed":
      return removeRunners(fault, stage);
    case "github-down":
      return takeDown(fault, stage);
    case "thief":
      // Does its business by itself: a runner that gets no job leaves after 5 minutes.
      void steal(fault, stage);
      return undefined;
    default:
      return undefined;
  }
}

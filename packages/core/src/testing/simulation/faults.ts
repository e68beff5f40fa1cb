import type { FailureKind } from "../../ports/failure.ts";
import type { Market } from "../../routing/index.ts";
import type { Ec2Action } from "./ec2-buckets.ts";

/** Ports of the orchestrator whose calls can fail. */
export type FaultyPort = "store" | "demand" | "reports" | "provider" | "github";

/** A process by its number, or whichever is the controller when the fault begins. */
export type Whom = number | "controller";

/** What happens to processes. */
export type ProcessDeed =
  /** The process dies around its next call of the port (or its next alarm), and comes back `downMs` later. */
  | {
      readonly kind: "crash";
      readonly process: Whom;
      readonly port: FaultyPort | "alarm";
      /** Method of the port, such as `commit`; any when absent. */
      readonly call?: string;
      readonly when: "before" | "after";
      readonly downMs: number;
    }
  /** The process is killed where it stands. */
  | { readonly kind: "kill"; readonly process: Whom; readonly downMs: number }
  /** The process is frozen: no call leaves it, no answer and no alarm reach it. */
  | { readonly kind: "pause"; readonly process: Whom; readonly forMs: number }
  /** The process is drained and started anew. */
  | { readonly kind: "restart"; readonly process: Whom }
  /** All processes are replaced one by one by a release with other timings and another configuration. */
  | {
      readonly kind: "deploy";
      /** From one process to the next. */
      readonly stepMs: number;
      /** Freezes the process that comes last, in the midst of it. 0: not. */
      readonly freezeMs: number;
      /** Whether the new configuration makes the machines of pools outdated. */
      readonly outdates: boolean;
      readonly forMs: number;
    }
  /** The clock of a process is off by `offsetMs` and runs wrong by `driftMs` more until the end; then it is set right. */
  | {
      readonly kind: "clock-skew";
      readonly process: number;
      readonly offsetMs: number;
      readonly driftMs: number;
      readonly forMs: number;
    }
  /** The configuration that is read has a flaw, see `badCatalog`. */
  | { readonly kind: "catalog-bad"; readonly flaw: number; readonly forMs: number }
  /** The configuration cannot be read. */
  | { readonly kind: "catalog-unreadable"; readonly forMs: number };

/** What happens to calls of ports. */
export type CallDeed =
  /** Calls of a port fail, before their effect or after it. Iterated reads fail in their midst. */
  | {
      readonly kind: "calls-fail";
      readonly port: FaultyPort;
      readonly call?: string;
      readonly when: "before" | "after";
      readonly failure: FailureKind;
      readonly rate: number;
      readonly forMs: number;
    }
  /** Calls of a port take up to `delayMs` longer. */
  | {
      readonly kind: "calls-slow";
      readonly port: FaultyPort;
      readonly call?: string;
      readonly delayMs: number;
      readonly rate: number;
      readonly forMs: number;
    }
  /** The controller's renewals are lost: on the way there, or their answers. */
  | {
      readonly kind: "renewals-lost";
      readonly when: "before" | "after";
      readonly forMs: number;
    }
  /** Loads of the shard break off after some records. */
  | { readonly kind: "loads-break"; readonly rate: number; readonly forMs: number };

/** What happens to machines and their provider. */
export type MachineDeed =
  /** Nothing can be bought or started. */
  | { readonly kind: "capacity-gone"; readonly forMs: number }
  /** One market has none, of one size or of all. */
  | {
      readonly kind: "offering-gone";
      readonly market: Market;
      /** vCPUs of the shape; all when absent. */
      readonly cpu?: number;
      readonly forMs: number;
    }
  /** A purchase brings `most` machines and a failure for the rest; of a batch of starts as many succeed. */
  | { readonly kind: "capacity-thin"; readonly most: number; readonly forMs: number }
  /** The account is full. */
  | { readonly kind: "quota-full"; readonly forMs: number }
  /** Purchases for one pool (or for jobs without one) are refused as wrong. */
  | { readonly kind: "launch-broken"; readonly target: number; readonly forMs: number }
  /** The provider's API is down in the region. */
  | { readonly kind: "region-down"; readonly forMs: number }
  /** Somebody else uses up the account's calls of one action. */
  | { readonly kind: "buckets-drained"; readonly action: Ec2Action; readonly forMs: number }
  /** Listings leave out young machines, show old states and lack tags. */
  | { readonly kind: "listing-lags"; readonly forMs: number }
  /** Tag changes reach machines late or never. */
  | {
      readonly kind: "rings-lost";
      readonly loss: number;
      readonly delayMs: number;
      readonly forMs: number;
    }
  /** Machines bought or started now never say a word. */
  | { readonly kind: "never-boots"; readonly forMs: number }
  /** Machines bought or started now boot `factor` times as slowly. */
  | { readonly kind: "slow-boots"; readonly factor: number; readonly forMs: number }
  /** There is another image: what was bought before is superseded, until it is taken back. */
  | { readonly kind: "image-published"; readonly forMs: number }
  /** Running machines are reclaimed without a word. */
  | { readonly kind: "machines-die"; readonly count: number }
  /** Machines are told that they may end soon. */
  | { readonly kind: "rebalance-notices"; readonly count: number }
  /**
   * Spot machines end in two minutes, and their agents, their provider, both or nobody say so before; `isTrue`: they do end.
   */
  | {
      readonly kind: "spot-notices";
      readonly count: number;
      readonly isTrue: boolean;
      readonly forMs: number;
    }
  /** Machines hang: they run, their agents and runners do nothing any more. */
  | { readonly kind: "machines-hang"; readonly count: number }
  /** Jobs that took over their machines report what is not so. */
  | { readonly kind: "machines-lie"; readonly count: number };

/** What happens to messages. */
export type MessageDeed =
  /** Messages arrive twice. */
  | { readonly kind: "queue-duplicates"; readonly forMs: number }
  /** Messages arrive up to `delayMs` late, and out of order. */
  | { readonly kind: "queue-late"; readonly delayMs: number; readonly forMs: number }
  /** Messages are delivered again while their first receiver works on them. */
  | { readonly kind: "queue-redelivers"; readonly rate: number; readonly forMs: number }
  /** Acknowledgements are answered and have no effect. */
  | { readonly kind: "acks-lost"; readonly rate: number; readonly forMs: number }
  /** Machines report in the name of others, and of machines that never were. */
  | { readonly kind: "reports-forged"; readonly count: number };

/** What happens at GitHub and on the way from there. */
export type GitHubDeed =
  /** Webhooks are lost, vanish, come twice, late and out of order. */
  | {
      readonly kind: "webhooks";
      readonly loss: number;
      readonly vanish: number;
      readonly duplicate: number;
      readonly reorder: number;
      readonly delayMs: number;
      readonly forMs: number;
    }
  /** Somebody posts webhooks that GitHub never signed. */
  | { readonly kind: "webhooks-forged"; readonly count: number }
  /** GitHub sends what nobody here asked for: unknown actions and events, foreign labels, repositories that are not ours. */
  | { readonly kind: "webhooks-odd"; readonly count: number }
  /** Jobs are announced that GitHub does not know any more: their runs were deleted. */
  | { readonly kind: "jobs-vanished"; readonly count: number }
  /** People cancel jobs, whatever state they are in. */
  | { readonly kind: "jobs-cancelled"; readonly count: number }
  /** People run jobs again that have ended. */
  | { readonly kind: "jobs-rerun"; readonly count: number }
  /** GitHub refuses to run jobs again. */
  | { readonly kind: "reruns-refused"; readonly forMs: number }
  /** GitHub's API is down; sometimes its runner service and its webhooks too. */
  | {
      readonly kind: "github-down";
      readonly api: "unavailable" | "broken";
      readonly runners: boolean;
      readonly webhooks: boolean;
      readonly forMs: number;
    }
  /** GitHub refuses calls with 429. */
  | { readonly kind: "github-limits"; readonly rate: number; readonly forMs: number }
  /** Registrations of the fleet are removed from GitHub before they have a job. */
  | { readonly kind: "runners-removed"; readonly count: number; readonly forMs: number }
  /** The runner group of the fleet has another name, or is gone. */
  | { readonly kind: "group-missing"; readonly isRenamed: boolean; readonly forMs: number }
  /** Somebody else's runner with the labels of a job takes it. */
  | { readonly kind: "thief"; readonly label: number };

/** What happens to the files by which repositories narrow what they are allowed: in worlds that have some. */
export type FileDeed =
  /** GitHub does not answer in time: what is known last holds, and what a push brought is not seen. */
  | { readonly kind: "files-unreadable"; readonly forMs: number }
  /** What is known of them cannot be reached either. */
  | { readonly kind: "files-unknown"; readonly rate: number; readonly forMs: number };

/** What a fault does. Spans last `forMs` from the fault's instant on. */
export type FaultDeed = ProcessDeed | CallDeed | MachineDeed | MessageDeed | GitHubDeed | FileDeed;

/** Names of {@link FaultDeed}s. */
export type FaultKind = FaultDeed["kind"];

/** Those of them that any world may meet. */
export type CommonKind = Exclude<FaultKind, FileDeed["kind"]>;

/** One thing that goes wrong. A value: a plan without it is another plan, all else equal. */
export type Fault = FaultDeed & {
  /** Names it in traces and when a plan is shrunk; unique in its plan. */
  readonly id: string;
  /** When it begins, milliseconds after the simulation's start. */
  readonly atMs: number;
  /** From then on it waits for a process to take over, and begins so long after it; at the latest in two minutes. */
  readonly afterTakeoverMs?: number;
};

/** A fault of one kind. */
export type FaultOf<Kind extends FaultKind> = Extract<Fault, { readonly kind: Kind }>;

/** How long a fault that waits for a takeover waits, milliseconds. */
export const takeoverWithinMs: number = 2 * 60_000;

/** How long after its beginning a fault may still do something, milliseconds. */
export function faultSpanMs(fault: Fault): number {
  if ("forMs" in fault) return fault.forMs;
  if (fault.kind === "crash" || fault.kind === "kill") return fault.downMs;
  return fault.kind === "restart" ? 60_000 : 0;
}

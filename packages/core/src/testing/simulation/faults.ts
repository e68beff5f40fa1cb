import type { FailureKind } from "../../ports/failure.ts";

/** Ports of the orchestrator whose calls can fail. */
export type FaultyPort = "store" | "demand" | "reports" | "provider" | "github";

/** What a fault does. Spans last `forMs` from the fault's instant on. */
export type FaultDeed =
  /** The process dies around its next call of the port, and comes back `downMs` later. */
  | {
      readonly kind: "crash";
      readonly process: number;
      readonly port: FaultyPort;
      readonly when: "before" | "after";
      readonly downMs: number;
    }
  /** The process is killed where it stands. */
  | { readonly kind: "kill"; readonly process: number; readonly downMs: number }
  /** The process is frozen: no call leaves it, no answer and no alarm reach it. */
  | { readonly kind: "pause"; readonly process: number; readonly forMs: number }
  /** The process is drained and started anew: a rolling deploy. */
  | { readonly kind: "restart"; readonly process: number }
  /** Calls of a port fail, before their effect or after it. */
  | {
      readonly kind: "calls-fail";
      readonly port: FaultyPort;
      readonly when: "before" | "after";
      readonly failure: FailureKind;
      readonly rate: number;
      readonly forMs: number;
    }
  /** Nothing can be bought or started. */
  | { readonly kind: "capacity-gone"; readonly forMs: number }
  /** Listings leave out young machines, show old states and lack tags. */
  | { readonly kind: "listing-lags"; readonly forMs: number }
  /** Machines bought or started now never say a word. */
  | { readonly kind: "never-boots"; readonly forMs: number }
  /** Machines bought or started now boot `factor` times as slowly. */
  | { readonly kind: "slow-boots"; readonly factor: number; readonly forMs: number }
  /** Running machines are reclaimed without a word. */
  | { readonly kind: "machines-die"; readonly count: number }
  /** Messages arrive twice. */
  | { readonly kind: "queue-duplicates"; readonly forMs: number }
  /** Messages arrive up to `delayMs` late, and out of order. */
  | { readonly kind: "queue-late"; readonly delayMs: number; readonly forMs: number }
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
  /** Somebody else's runner with the labels of a job takes it. */
  | { readonly kind: "thief"; readonly label: number }
  /** The catalog cannot be read. */
  | { readonly kind: "catalog-unreadable"; readonly forMs: number };

/** Names of {@link FaultDeed}s. */
export type FaultKind = FaultDeed["kind"];

/** One thing that goes wrong. A value: a plan without it is another plan, all else equal. */
export type Fault = FaultDeed & {
  /** Names it in traces and when a plan is shrunk; unique in its plan. */
  readonly id: string;
  /** When it begins, milliseconds after the simulation's start. */
  readonly atMs: number;
};

/** How long after its beginning a fault may still do something, milliseconds. */
export function faultSpanMs(fault: Fault): number {
  if ("forMs" in fault) return fault.forMs;
  if (fault.kind === "crash" || fault.kind === "kill") return fault.downMs;
  return fault.kind === "restart" ? 60_000 : 0;
}

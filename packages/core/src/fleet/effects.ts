import type { TraceCarrier } from "@runs-fleet/telemetry";
import type { JobEvent } from "../ports/demand-event.ts";
import { FleetError } from "../ports/failure.ts";
import type { LaunchResult, ObservedMachine, Outcome } from "../ports/machine-provider.ts";
import type { Word } from "./job-check.ts";

/** Something to do outside, decided and stored before it is done. */
export type Effect =
  | { readonly kind: "launch"; readonly attemptId: string }
  | { readonly kind: "recover"; readonly attemptId: string }
  | { readonly kind: "mint"; readonly machineId: string }
  | { readonly kind: "ring"; readonly machineId: string }
  | { readonly kind: "withdraw"; readonly machineId: string }
  | { readonly kind: "deregister"; readonly machineId: string }
  | { readonly kind: "start"; readonly machineId: string }
  | { readonly kind: "stop"; readonly machineId: string }
  | { readonly kind: "terminate"; readonly machineId: string }
  | { readonly kind: "verify"; readonly jobKey: string }
  | { readonly kind: "check"; readonly jobKey: string }
  | { readonly kind: "rerun"; readonly jobKey: string };

/** What came of an effect; the controller takes it in like any other event. */
export type EffectResult =
  | {
      readonly kind: "launched";
      readonly attemptId: string;
      readonly result: LaunchResult | { readonly error: unknown };
    }
  | {
      readonly kind: "recovered";
      readonly attemptId: string;
      readonly found: readonly ObservedMachine[] | { readonly error: unknown };
      /** The provider said why machines are missing: none is on its way. */
      readonly explained?: boolean;
    }
  | {
      readonly kind: "minted";
      readonly machineId: string;
      readonly runnerName: string;
      readonly scope: string;
      readonly result:
        | { readonly runnerId: string; readonly jitConfig: string }
        | { readonly error: unknown };
    }
  | {
      readonly kind: "withdrawn";
      readonly machineId: string;
      /** `read`: the agent was faster, the assignment stands. */
      readonly result: "withdrawn" | "read" | { readonly error: unknown };
    }
  | {
      readonly kind: "deregistered";
      readonly machineId: string;
      readonly result: "removed" | "busy" | { readonly error: unknown };
    }
  | {
      readonly kind: "outcome";
      readonly action: "start" | "stop" | "terminate" | "ring";
      readonly outcome: Outcome;
    }
  | {
      readonly kind: "verified";
      readonly jobKey: string;
      /** `undefined`: GitHub does not know the job, nor does it list it among those that wait in its repository. */
      readonly event: JobEvent | undefined | { readonly error: unknown };
    }
  | {
      readonly kind: "checked";
      readonly jobKey: string;
      /** What was to be said; the job may have moved on since. */
      readonly word: Word | undefined;
      /** `undefined`: the developer can see it, or there is nothing to show. */
      readonly result: undefined | { readonly error: unknown };
    }
  | {
      readonly kind: "rerun";
      readonly jobKey: string;
      readonly result: RerunAnswer | { readonly error: unknown };
    };

/**
 * What came of the wish that a job runs again. `again`: it does, by whoever asked. `not-yet`: others of its run have not ended.
 * `free`: it may be asked for. `gone`: GitHub does not know the run. `spent`: the run has had too many attempts.
 */
export type RerunAnswer =
  | {
      readonly answer: "again";
      readonly event: JobEvent;
      /** Its record is closed: taking the news in would open it again. */
      readonly isEnded: boolean;
      /** Begins here, unless its webhook came first. */
      readonly trace?: TraceCarrier;
    }
  | { readonly answer: "accepted" | "not-yet" | "free" | "gone" | "spent" };

/** The result of one kind. */
export type ResultOf<Kind extends EffectResult["kind"]> = Extract<EffectResult, { kind: Kind }>;

/** Names an effect, so that it is not under way twice. */
export function effectKey(effect: Effect): string {
  if ("machineId" in effect) return `${effect.kind}:${effect.machineId}`;
  if ("attemptId" in effect) return `${effect.kind}:${effect.attemptId}`;
  return `${effect.kind}:${effect.jobKey}`;
}

/** Whether a launch that failed so has bought nothing; of any other failure we cannot know. */
export function isRefusal(error: unknown): error is FleetError {
  const kind = FleetError.isInstance(error) ? error.kind : "unknown";
  return kind === "config" || kind === "auth" || kind === "capacity" || kind === "quota";
}

/** Whether a result carries an error instead of an answer. */
export function isError(result: unknown): result is { readonly error: unknown } {
  return typeof result === "object" && result !== null && "error" in result;
}

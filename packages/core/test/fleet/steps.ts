import fc from "fast-check";
import type { JobEvent } from "../../src/ports/demand-event.ts";
import type { FailureKind } from "../../src/ports/failure.ts";
import type { MachineNotice } from "../../src/ports/machine-notice.ts";
import type { ObservedState } from "../../src/ports/machine-provider.ts";
import type { AgentEvent } from "../../src/wire/agent-event.ts";

/** Something that happens to a controller. Numbers choose among what there is at that moment. */
export type Step =
  | {
      readonly do: "demand";
      readonly job: number;
      readonly action: JobEvent["action"];
      readonly runner: number;
      readonly conclusion: string;
      readonly attempt: number;
    }
  | { readonly do: "notice"; readonly machine: number; readonly kind: MachineNotice["kind"] }
  | {
      readonly do: "report";
      readonly machine: number;
      readonly kind: AgentEvent["kind"];
      readonly ahead: number;
    }
  | {
      readonly do: "answer";
      readonly effect: number;
      readonly how: number;
      readonly failure: FailureKind;
    }
  | { readonly do: "list"; readonly hide: number; readonly states: readonly ObservedState[] }
  | { readonly do: "wait"; readonly ms: number };

const failures: readonly FailureKind[] = [
  "capacity",
  "throttled",
  "auth",
  "config",
  "not-found",
  "conflict",
  "unavailable",
  "unknown",
];

/** Any of them, in proportions that let jobs and machines get somewhere. */
export const aStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("demand" as const),
      job: fc.nat(7),
      action: fc.constantFrom<JobEvent["action"]>(
        "queued",
        "queued",
        "queued",
        "in_progress",
        "completed",
      ),
      runner: fc.nat(9),
      conclusion: fc.constantFrom("success", "cancelled", "failure"),
      attempt: fc.constantFrom(1, 1, 1, 2),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("report" as const),
      machine: fc.nat(9),
      kind: fc.constantFrom<AgentEvent["kind"]>(
        "ready",
        "ready",
        "acknowledged",
        "registered",
        "job-started",
        "finished",
        "interrupted",
      ),
      ahead: fc.integer({ min: -1, max: 2 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("notice" as const),
      machine: fc.nat(9),
      kind: fc.constantFrom<MachineNotice["kind"]>("interruption", "rebalance", "ended", "stopped"),
    }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant("answer" as const),
      effect: fc.nat(9),
      how: fc.nat(5),
      failure: fc.constantFrom(...failures),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("list" as const),
      hide: fc.nat(9),
      states: fc.array(
        fc.constantFrom<ObservedState>("running", "running", "pending", "stopped", "terminated"),
        { minLength: 1, maxLength: 4 },
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("wait" as const),
      ms: fc.constantFrom(0, 1_001, 50_000, 200_000, 700_000),
    }),
  },
);

import { attemptRules, jobRules, machineRules, type StateRule } from "../../fleet/transitions.ts";
import type { CauseCode } from "../../ports/cause.ts";
import { faultNames, stepName } from "./coverage.ts";
import type { FaultKind, FaultyPort } from "./faults.ts";

/** Typed so that a new code cannot be forgotten. */
const causes: Readonly<Record<CauseCode, true>> = {
  ...({ "unknown-pool": true, "unknown-runner": true, "unknown-image": true } as const),
  ...({ "unknown-environment": true, "forbidden-pool": true } as const),
  ...({ "forbidden-environment": true, "forbidden-region": true } as const),
  ...({ "forbidden-shape": true, "no-policy": true, "no-matching-shape": true } as const),
  ...({ contradiction: true, capacity: true, quota: true, throttled: true, auth: true } as const),
  ...({ config: true, "not-found": true, conflict: true, unavailable: true } as const),
  ...({ unknown: true, "labels-invalid": true, "pool-limit": true } as const),
  ...({ "repository-limit": true, "environment-limit": true, "region-limit": true } as const),
  ...({ "mint-budget": true, budget: true, "observe-only": true } as const),
  ...({ "deadline-exceeded": true, "boot-timeout": true, "machine-lost": true } as const),
  ...({ interrupted: true, "runner-outdated": true, "registration-failed": true } as const),
  ...({ "taken-by-sibling": true, "cancelled-on-github": true } as const),
  ...({ "rerun-pending": true, "rerun-failed": true } as const),
};

/** Whether a code is the cause of a wait, a refusal or a failure, and not the reason of an act. */
export function isCause(code: string): boolean {
  return Object.hasOwn(causes, code);
}

/** Codes of decisions that are no causes; a test compares them with the sources. */
export const decisionCodes: readonly string[] = [
  ...["rebalance", "rerun-accepted", "rerun-asked", "rerun-refused", "rerun-started"],
  ...[
    "at-risk",
    "rerun-waits",
    "acknowledged",
    "adopted",
    "assigned",
    "banked",
    "busy",
    "claimed",
    "completed",
  ],
  ...["controller", "drain-deadline", "draining", "finished", "forged-report", "gone"],
  ...[
    "hard-deadline",
    "idle",
    "job-completed",
    "job-started",
    "labels-ignored",
    "launched",
    "leaked",
  ],
  ...["launch-for-demand", "launch-for-hot", "launch-for-replacement", "launch-for-stopped"],
  ...["launch-for-stopped-replacement", "not-switched-off", "orphans-removed", "outdated"],
  ...["pool-removed", "ready", "recovering", "redelivered", "registered", "started"],
  ...[
    "started-elsewhere",
    "starting",
    "stopped",
    "superseded",
    "surplus",
    "swept",
    "terminating",
    "told",
  ],
  ...["withdrawing", "worn"],
];

const faultKinds: Readonly<Record<FaultKind, true>> = {
  ...({ crash: true, kill: true, pause: true, restart: true, deploy: true } as const),
  ...({ "clock-skew": true, "catalog-unreadable": true, "calls-fail": true } as const),
  ...({ "calls-slow": true, "renewals-lost": true, "loads-break": true } as const),
  ...({ "capacity-gone": true, "offering-gone": true, "capacity-thin": true } as const),
  ...({ "quota-full": true, "launch-broken": true, "region-down": true } as const),
  ...({ "buckets-drained": true, "listing-lags": true, "rings-lost": true } as const),
  ...({ "never-boots": true, "slow-boots": true, "machines-die": true } as const),
  ...({ "spot-notices": true, "machines-hang": true, "machines-lie": true } as const),
  ...({ "queue-duplicates": true, "queue-late": true, "queue-redelivers": true } as const),
  ...({ "acks-lost": true, "reports-forged": true, webhooks: true } as const),
  ...({ "webhooks-forged": true, "webhooks-odd": true, "jobs-vanished": true } as const),
  ...({ "jobs-cancelled": true, "jobs-rerun": true, "github-down": true } as const),
  ...({ "github-limits": true, "runners-removed": true, "group-missing": true } as const),
  ...({ thief: true, "catalog-bad": true, "reruns-refused": true } as const),
  ...({ "rebalance-notices": true, "image-published": true } as const),
  ...({ "files-unreadable": true, "files-unknown": true } as const),
};
const ports: readonly (FaultyPort | "alarm")[] = [
  ...(["store", "demand", "reports", "provider", "github", "alarm"] as const),
];

/** Why something is not reached in this world, though the tables have it. */
const reasons: Readonly<Record<string, string>> = {
  "cause auth": "no credential is ever refused here",
  "cause budget": "budgets are not built yet",
  "cause region-limit": "limits of regions are not built yet",
  "cause runner-outdated": "simulated runners are of the version that GitHub wants",
  ...Object.fromEntries(
    [
      ...["unknown-runner", "unknown-image", "unknown-environment", "forbidden-environment"],
      ...["forbidden-region", "no-matching-shape", "no-policy"],
      "contradiction",
    ].map((code) => [`cause ${code}`, "no job here asks for it; routing has its own tests"]),
  ),
  "decision labels-ignored": "no job here has labels besides its own",
};

function stepsOf<State extends string>(
  record: "machine" | "job" | "attempt",
  rules: Readonly<Record<State, StateRule<State>>>,
): string[] {
  return (Object.keys(rules) as State[]).flatMap((from) => [
    stepName(record, from),
    ...rules[from].next.map((to) => stepName(record, from, to)),
  ]);
}

function faults(): string[] {
  const around = ["before", "after"] as const;
  return [
    ...Object.keys(faultKinds).map((kind) => `fault ${kind}`),
    ...ports.flatMap((port) => [
      ...around.flatMap((when) => faultNames({ kind: "crash", port, when }).slice(1)),
      // Alarms do not fail.
      ...(port === "alarm"
        ? []
        : [
            ...around.flatMap((when) => faultNames({ kind: "calls-fail", port, when }).slice(1)),
            ...faultNames({ kind: "calls-slow", port }).slice(1),
          ]),
    ]),
  ];
}

/** Everything that simulations may reach: states and steps of records, causes, decisions, and faults. */
export const coverable: readonly string[] = [
  ...stepsOf("machine", machineRules),
  ...stepsOf("job", jobRules),
  ...stepsOf("attempt", attemptRules),
  ...Object.keys(causes).map((code) => `cause ${code}`),
  ...decisionCodes.map((code) => `decision ${code}`),
  ...faults(),
];

/** Something that no simulation of a campaign reached. */
export interface Unreached {
  /** Such as `machine ready -> stopping`, `cause quota` or `fault crash store before`. */
  readonly name: string;
  /** Why it cannot be reached in this world. Absent: it could be. */
  readonly reason?: string;
}

/** What of everything that could happen is missing in what simulations reached. */
export function unreached(reached: Iterable<string>): readonly Unreached[] {
  const seen = new Set(reached);
  return coverable
    .filter((name) => !seen.has(name))
    .map((name) => {
      const reason = reasons[name];
      return reason === undefined ? { name } : { name, reason };
    });
}

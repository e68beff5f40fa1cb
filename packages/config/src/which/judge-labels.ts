import { type Placement, parseLabels, type RoutedJob, route } from "@runs-fleet/core";
import type { FleetConfig } from "../parse-config.ts";
import { isObserved } from "./observed.ts";
import { nearMiss, type OtherRunner, otherRunner } from "./other-runner.ts";
import { type Understood, understand } from "./understand.ts";

/** One reason why a job gets no machine. */
export interface Refusal {
  /** Of labels, of routing, or `other-group`; stable. */
  readonly code: string;
  readonly message: string;
  /** Replaces what is wrong in the label. */
  readonly suggestion?: string;
}

/** What a job with some labels gets. */
export type Judgement =
  | { readonly kind: "not-ours"; readonly runner: OtherRunner; readonly hint?: string }
  | {
      readonly kind: "refused";
      readonly refusals: readonly Refusal[];
      readonly understood?: Understood;
    }
  | {
      readonly kind: "served";
      readonly placement: Placement;
      readonly understood: Understood;
      /** Whether it is only looked at: see `rollout`. */
      readonly isObserved: boolean;
    };

/**
 * What a job with these labels gets, or every reason why it gets nothing.
 *
 * @param group - The runner group that the job asks for besides its labels: `runs-on: { group, labels }`.
 */
export function judgeLabels(
  config: FleetConfig,
  labels: readonly string[],
  job: RoutedJob,
  group?: string,
): Judgement {
  const { catalog } = config;
  const parsed = parseLabels(labels, catalog);
  if (parsed === undefined) {
    const hint = nearMiss(labels) ?? stolen(config, labels, group);
    return {
      kind: "not-ours",
      runner: otherRunner(labels, group),
      ...(hint === undefined ? {} : { hint }),
    };
  }
  if (!parsed.ok) {
    const refusals = parsed.issues.map(({ code, message, suggestion }) => ({
      code,
      message,
      ...(suggestion === undefined ? {} : { suggestion }),
    }));
    return { kind: "refused", refusals };
  }
  const understood = understand(parsed.value, catalog);
  const routed = route(parsed.value, job, catalog);
  if (!routed.ok) return { kind: "refused", refusals: routed.issues, understood };
  const placement = routed.value;
  const other = otherGroup(placement, group);
  if (other !== undefined) return { kind: "refused", refusals: [other], understood };
  return { kind: "served", placement, understood, isObserved: isObserved(catalog, job.repository) };
}

/** GitHub's name of the group in which runners are that nobody put into another. */
const defaultGroup = "Default";

/** A group without the level at which it is looked for. */
function bareGroup(group: string): string {
  return group.replace(/^(?:org|organization|ent|enterprise)\//i, "").toLowerCase();
}

/** GitHub gives a job that names a group to runners of that group alone. */
function otherGroup(placement: Placement, group: string | undefined): Refusal | undefined {
  const { runnerGroup = defaultGroup, policy } = placement;
  if (group === undefined || bareGroup(group) === bareGroup(runnerGroup)) return undefined;
  const message = `The job asks for runner group ${group}; policy ${policy} puts its runners into ${runnerGroup}`;
  return { code: "other-group", message };
}

/** A job without labels in a group of ours takes any runner of it, whoever it was meant for. */
function stolen(
  { catalog }: FleetConfig,
  labels: readonly string[],
  group: string | undefined,
): string | undefined {
  if (group === undefined || labels.length > 0) return undefined;
  const policy = catalog.policies.find(
    ({ runnerGroup = defaultGroup }) => bareGroup(runnerGroup) === bareGroup(group),
  );
  if (policy === undefined) return undefined;
  return `Without labels it takes any runner of group ${group}, also those that policy ${policy.name} started for other jobs: add a label`;
}

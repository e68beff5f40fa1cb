import {
  isPrimitive,
  type ObjectValue,
  objectOf,
  type SettledValue,
  textOf,
  type Value,
} from "./expressions/value.ts";
import { dispatchInputs } from "./inputs.ts";
import type { InputRule, Workflow } from "./workflow.ts";

/** A workflow that runs. */
export interface Run {
  readonly workflow: Workflow;
  readonly repository: string;
  readonly inputs: ObjectValue;
  readonly github: ObjectValue;
  /** The call through which it runs, `file, job` of each workflow, the outer one first. */
  readonly caller?: string;
  /** Through which it is called, itself the last. */
  readonly stack: readonly Workflow[];
  readonly isUncalled: boolean;
}

/** The ways in which a workflow starts by itself: by a person, and by other events. */
export function startsOf(workflow: Workflow): readonly Run[] {
  const { repository, events } = workflow;
  const runs: Run[] = [];
  const others = events.filter((name) => name !== "workflow_dispatch");
  const start = { workflow, repository, stack: [workflow], isUncalled: false };
  if (others.length > 0) {
    const name: Value = { kind: "choice", key: "github.event_name", options: others };
    runs.push({ ...start, inputs: objectOf([]), github: githubOf(workflow, name) });
  }
  if (events.includes("workflow_dispatch")) {
    const inputs = dispatchInputs(workflow.dispatchInputs);
    const github = githubOf(
      workflow,
      "workflow_dispatch",
      eventOf(workflow.dispatchInputs, inputs),
    );
    runs.push({ ...start, inputs, github });
  }
  return runs;
}

/** In the event itself every input is a text. */
function eventOf(rules: readonly InputRule[], inputs: ObjectValue): Value {
  const text = (value: SettledValue): SettledValue => (isPrimitive(value) ? textOf(value) : value);
  const entries = rules.map(({ name }): [string, Value] => {
    const value = inputs.entries.get(name.toLowerCase())?.value ?? null;
    if (typeof value !== "object" || value === null || value.kind !== "choice")
      return [name, text(value)];
    return [name, { ...value, options: value.options.map(text) }];
  });
  return objectOf([["inputs", objectOf(entries)]], true);
}

/** What is known of `github` beforehand. A run's numbers are not, but each is digits, and labels only make themselves unique by them. */
function githubOf(workflow: Workflow, event: Value, payload?: Value): ObjectValue {
  const { repository } = workflow;
  return objectOf(
    [
      ["event_name", event],
      ["repository", repository],
      ["repository_owner", repository.split("/")[0] ?? ""],
      ["run_id", "1"],
      ["run_number", "1"],
      ["run_attempt", "1"],
      ...(payload === undefined ? [] : [["event", payload] as const]),
    ],
    true,
  );
}

/** A workflow that is only there to be called, as if it were called without anything being known of that; its inputs are still to come. */
export function uncalledStart(workflow: Workflow): Run {
  const { repository } = workflow;
  return {
    workflow,
    repository,
    inputs: objectOf([]),
    github: githubOf(workflow, { kind: "unknown", source: "github.event_name" }),
    stack: [workflow],
    isUncalled: true,
  };
}

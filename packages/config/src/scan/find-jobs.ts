import { eachJob, guarded } from "./each-job.ts";
import type { Scope } from "./expressions/evaluate.ts";
import { evaluateTemplate } from "./expressions/template.ts";
import {
  isPrimitive,
  type ObjectValue,
  objectOf,
  type SettledValue,
  type Value,
} from "./expressions/value.ts";
import { callInputs, uncalledInputs } from "./inputs.ts";
import { type RunsOn, readRunsOn } from "./runs-on.ts";
import { type Run, startsOf, uncalledStart } from "./starts.ts";
import type { Workflow, WorkflowJob } from "./workflow.ts";

/** One thing that a job may ask for. */
export interface FoundJob {
  /** `owner/name` in which it runs: that of the caller, when the workflow is called. */
  readonly repository: string;
  readonly workflow: Workflow;
  readonly job: WorkflowJob;
  readonly runsOn: RunsOn;
  /** How many jobs of one run ask for this: those of a matrix. */
  readonly count: number;
  /** The calls through which it runs, `file, job` each; of calls within calls the outer one first, with ` > ` between; at most 100. Empty: none. */
  readonly callers: readonly string[];
  /** Whether its workflow is only there to be called, and nothing that was looked at calls it. */
  readonly isUncalled: boolean;
}

/** Most calls that are followed, of all workflows. */
const mostCalls = 20_000;
/** Most callers that are told of one thing that a job may ask for. */
const mostCallers = 100;
/** How deep calls may be nested. GitHub's own limit, with the workflow that begins. */
const maxCallDepth = 10;
/**
 * All that the jobs of workflows may ask for, each once, in the order of the files and their lines: for every event that starts
 * them, every combination of their matrices and all that a person can choose; called workflows with what each caller gives.
 *
 * @param workflows - The first of several with the same repository and path counts.
 * @param vars - Values of configuration variables; others are not known.
 */
export function findJobs(
  workflows: readonly Workflow[],
  vars: ReadonlyMap<string, string>,
): readonly FoundJob[] {
  const byName = new Map<string, Workflow>();
  for (const workflow of workflows) {
    const name = `${workflow.repository}/${workflow.path}`.toLowerCase();
    if (!byName.has(name)) byName.set(name, workflow);
  }
  const found = new Map<string, FoundJob & { callers: string[]; count: number }>();
  const followed = new Set<Workflow>();
  const varsValue = objectOf(vars, true);
  let calls = 0;

  const tell = (run: Run, job: WorkflowJob, runsOn: RunsOn, count: number): void => {
    const key = JSON.stringify([run.repository, run.workflow.file, job.id, runsOn]);
    const before = found.get(key);
    if (before === undefined) {
      const { repository, workflow, isUncalled } = run;
      found.set(key, {
        repository,
        workflow,
        job,
        runsOn,
        count,
        isUncalled,
        callers: run.caller === undefined ? [] : [run.caller],
      });
      return;
    }
    before.count = Math.max(before.count, count);
    const { caller } = run;
    if (caller === undefined || before.callers.length >= mostCallers) return;
    if (!before.callers.includes(caller)) before.callers.push(caller);
  };

  const scopeOf = (run: Run, choose: Scope["choose"], matrix?: Value): Scope => ({
    contexts: new Map<string, Value>([
      ["github", run.github],
      ["inputs", run.inputs],
      ["vars", varsValue],
      ["needs", { kind: "unknown", source: "needs" }],
      ["strategy", { kind: "unknown", source: "strategy" }],
      ...(matrix === undefined ? [] : [["matrix", matrix] as const]),
    ]),
    choose,
  });

  const follow = (run: Run): void => {
    followed.add(run.workflow);
    for (const job of run.workflow.jobs) {
      if (job.runsOn !== undefined) tellLabels(run, job);
      else if (job.uses !== undefined) call(run, job, job.uses);
      else tell(run, job, invalid("The job has no runs-on"), 1);
    }
  };

  const tellLabels = (run: Run, job: WorkflowJob): void => {
    const places = new Map<string, { runsOn: RunsOn; ways: Map<number, Set<number>> }>();
    eachJob(
      job,
      (choose, matrix) => scopeOf(run, choose, matrix),
      (scope) => readRunsOn(evaluateTemplate(job.runsOn, scope), settleWith(scope)),
      (runsOn, way, combination) => {
        const key = JSON.stringify(runsOn);
        const place = places.get(key) ?? { runsOn, ways: new Map<number, Set<number>>() };
        places.set(key, place);
        place.ways.set(way, (place.ways.get(way) ?? new Set<number>()).add(combination));
      },
    );
    for (const { runsOn, ways } of places.values()) {
      tell(run, job, runsOn, Math.max(...[...ways.values()].map(({ size }) => size)));
    }
  };

  const call = (run: Run, job: WorkflowJob, uses: string): void => {
    const callee = calleeOf(run.workflow, uses, byName);
    const problem = callee === undefined ? unknown(uses) : callProblem(run, callee, uses);
    if (callee === undefined || problem !== undefined) {
      tell(run, job, problem ?? unknown(uses), 1);
      return;
    }
    const seen = new Set<string>();
    eachJob(
      job,
      (choose, matrix) => scopeOf(run, choose, matrix),
      (scope): { kind: "inputs"; inputs: ObjectValue } => ({
        kind: "inputs",
        inputs: callInputs(
          callee.callInputs ?? [],
          evaluateTemplate(job.given ?? null, scope),
          // What is said of an input in the called workflow knows nothing of what is around the call.
          scopeOf({ ...run, inputs: objectOf([], true) }, scope.choose),
        ),
      }),
      (result) => {
        const key = result.kind === "inputs" ? keyOf(result.inputs) : JSON.stringify(result);
        if (seen.has(key)) return;
        seen.add(key);
        calls += 1;
        if (result.kind !== "inputs") tell(run, job, result, 1);
        else if (calls > mostCalls) tell(run, job, unknown("more calls than are followed"), 1);
        else {
          const own = `${run.workflow.file}, ${job.id}`;
          const caller = run.caller === undefined ? own : `${run.caller} > ${own}`;
          const stack = [...run.stack, callee];
          follow({ ...run, workflow: callee, inputs: result.inputs, caller, stack });
        }
      },
    );
  };

  const all = [...byName.values()];
  for (const workflow of all) for (const run of startsOf(workflow)) follow(run);
  // Those that are left are only there to be called; those that are called by others of them come with these.
  const left = all.filter((workflow) => !followed.has(workflow));
  const called = new Set(
    left.flatMap((workflow) =>
      workflow.jobs.map(({ uses = "" }) => calleeOf(workflow, uses, byName)),
    ),
  );
  for (const workflow of [...left].sort(
    (one, other) => Number(called.has(one)) - Number(called.has(other)),
  )) {
    if (followed.has(workflow)) continue;
    const start = uncalledStart(workflow);
    const inputs = guarded(() =>
      uncalledInputs(
        workflow.callInputs ?? [],
        scopeOf({ ...start, inputs: objectOf([], true) }, () => 0),
      ),
    );
    if (inputs.kind === "object") follow({ ...start, inputs });
    else for (const job of workflow.jobs) tell(start, job, inputs, 1);
  }
  return inOrder([...found.values()], workflows);
}

function inOrder(found: readonly FoundJob[], workflows: readonly Workflow[]): readonly FoundJob[] {
  const order = new Map(workflows.map((workflow, index) => [workflow, index]));
  return [...found].sort(
    (one, other) =>
      (one.repository < other.repository ? -1 : one.repository > other.repository ? 1 : 0) ||
      (order.get(one.workflow) ?? 0) - (order.get(other.workflow) ?? 0) ||
      one.job.line - other.job.line,
  );
}

function settleWith(scope: Scope): (value: Value) => SettledValue {
  return (value) =>
    typeof value === "object" && value !== null && value.kind === "choice"
      ? (value.options[scope.choose(value.key, value.options.length)] ?? null)
      : value;
}

function unknown(source: string): RunsOn {
  return { kind: "unknown", source };
}

function invalid(message: string): RunsOn {
  return { kind: "invalid", message };
}

/** The workflow that a call names: `./.github/workflows/x.yml`, or `owner/name/.github/workflows/x.yml@ref` whatever the ref. */
function calleeOf(
  { repository }: Workflow,
  uses: string,
  byName: ReadonlyMap<string, Workflow>,
): Workflow | undefined {
  const name = uses.startsWith("./")
    ? `${repository}/${uses.slice(2)}`
    : /^([^/@\s]+\/[^/@\s]+\/\.github\/workflows\/[^/@\s]+)@\S+$/.exec(uses)?.[1];
  return name === undefined ? undefined : byName.get(name.toLowerCase());
}

/** Why GitHub would refuse a call, whatever is given. */
function callProblem({ stack }: Run, callee: Workflow, uses: string): RunsOn | undefined {
  if (callee.callInputs === undefined) {
    return invalid(`${uses} cannot be called: it has no workflow_call`);
  }
  if (stack.includes(callee)) return invalid("The calls go in a circle, which GitHub refuses");
  if (stack.length < maxCallDepth) return undefined;
  return invalid(`Calls are nested deeper than ${maxCallDepth}; GitHub takes no more`);
}

function keyOf(inputs: ObjectValue): string {
  const plain = (value: Value): unknown => {
    if (isPrimitive(value)) return value;
    if (value.kind === "list") return value.items.map(plain);
    if (value.kind === "object")
      return [...value.entries].map(([key, entry]) => [key, plain(entry.value)]);
    return value;
  };
  return JSON.stringify(plain(inputs));
}

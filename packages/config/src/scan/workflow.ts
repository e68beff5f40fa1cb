import { readYaml } from "../file/read-yaml.ts";

/** A workflow file, as far as runners matter. */
export interface Workflow {
  /** The path in its repository: `.github/workflows/ci.yml`. */
  readonly path: string;
  /** As people are shown it. */
  readonly file: string;
  /** `owner/name`. */
  readonly repository: string;
  /** The events that start it, `workflow_call` excepted. */
  readonly events: readonly string[];
  /** Inputs that a person gives. */
  readonly dispatchInputs: readonly InputRule[];
  /** Inputs that a caller gives. Absent: it cannot be called. */
  readonly callInputs?: readonly InputRule[];
  readonly jobs: readonly WorkflowJob[];
}

/** One input of a workflow. */
export interface InputRule {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  /** As it is written; may hold an expression in workflows that are called. */
  readonly fallback?: unknown;
  /** What there is to choose from, for the type `choice`. */
  readonly options: readonly string[];
}

/** A job of a workflow, as it is written. */
export interface WorkflowJob {
  readonly id: string;
  /** Where `runs-on`, `uses` or, without both, the job stands; from 1. */
  readonly line: number;
  readonly column: number;
  /** Absent: it calls a workflow, or is broken. */
  readonly runsOn?: unknown;
  /** The workflow that it calls. */
  readonly uses?: string;
  /** What it gives to that. */
  readonly given?: unknown;
  /** Absent: it is one job. */
  readonly matrix?: unknown;
}

/** Why a workflow file is not looked at. */
export interface WorkflowProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** What keeps GitHub from reading a file. */
const fatal: ReadonlySet<string> = new Set([
  "yaml-syntax",
  "too-large",
  "too-deep",
  "alias-bomb",
  "duplicate-key",
  "several-documents",
]);

const mostJobs = 1_000;

/** Reads a workflow file. Never throws. */
export function readWorkflow(
  text: string,
  at: Pick<Workflow, "path" | "file" | "repository">,
):
  | { readonly ok: true; readonly value: Workflow }
  | { readonly ok: false; readonly problem: WorkflowProblem } {
  const { file } = at;
  const yaml = readYaml(text, file);
  const refused = (message: string, path: readonly string[] = []) => {
    const { start } = yaml.place({
      rule: "workflow",
      severity: "error",
      message,
      path,
      isAboutKey: true,
    });
    return {
      ok: false as const,
      problem: { file, line: start.line, column: start.column, message },
    };
  };
  const broken = yaml.issues.find(({ rule }) => fatal.has(rule));
  if (broken !== undefined) {
    const { line, column } = broken.start;
    return { ok: false, problem: { file, line, column, message: broken.message } };
  }
  const root = mappingOf(yaml.value);
  if (root === undefined) return refused("A workflow is a mapping with on and jobs");
  const jobs = mappingOf(root["jobs"]);
  if (jobs === undefined) return refused("The workflow has no jobs", ["jobs"]);
  const ids = Object.keys(jobs);
  if (ids.length > mostJobs)
    return refused(`The workflow has more than ${mostJobs} jobs`, ["jobs"]);
  const triggers = triggersOf(root["on"]);
  if (triggers === undefined) return refused("The workflow does not say on what it starts", ["on"]);

  const call = triggers.get("workflow_call");
  return {
    ok: true,
    value: {
      ...at,
      events: [...triggers.keys()].filter((name) => name !== "workflow_call"),
      dispatchInputs: inputsOf(triggers.get("workflow_dispatch")),
      ...(triggers.has("workflow_call") ? { callInputs: inputsOf(call) } : {}),
      jobs: ids.map((id) => {
        const job = mappingOf(jobs[id]) ?? {};
        const key = "runs-on" in job ? ["runs-on"] : "uses" in job ? ["uses"] : [];
        const { start } = yaml.place({
          rule: "workflow",
          severity: "note",
          message: "",
          path: ["jobs", id, ...key],
          isAboutKey: true,
        });
        const uses = job["uses"];
        const matrix = mappingOf(job["strategy"])?.["matrix"];
        return {
          id,
          line: start.line,
          column: start.column,
          ...("runs-on" in job ? { runsOn: job["runs-on"] } : {}),
          ...(typeof uses === "string" ? { uses, given: job["with"] } : {}),
          ...(matrix === undefined || matrix === null ? {} : { matrix }),
        };
      }),
    },
  };
}

function mappingOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return value as Readonly<Record<string, unknown>>;
}

/** The events under `on`, each with what is said of it. */
function triggersOf(on: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof on === "string") return new Map([[on, undefined]]);
  if (Array.isArray(on)) {
    return new Map(on.filter((name) => typeof name === "string").map((name) => [name, undefined]));
  }
  const mapping = mappingOf(on);
  return mapping === undefined ? undefined : new Map(Object.entries(mapping));
}

function inputsOf(trigger: unknown): readonly InputRule[] {
  const inputs = mappingOf(mappingOf(trigger)?.["inputs"]) ?? {};
  return Object.entries(inputs).map(([name, value]) => {
    const input = mappingOf(value) ?? {};
    const { options } = input;
    return {
      name,
      type: typeof input["type"] === "string" ? input["type"] : "string",
      isRequired: input["required"] === true,
      ...(input["default"] === undefined || input["default"] === null
        ? {}
        : { fallback: input["default"] }),
      options: Array.isArray(options) ? options.map(String) : [],
    };
  });
}

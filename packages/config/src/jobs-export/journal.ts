import type { RecordedRepository } from "@runs-fleet/core/github";
import type { ExportFiles } from "./export-files.ts";
import {
  type ExportState,
  firstState,
  type MissingPart,
  type PlanLine,
  parsePlan,
  parseState,
} from "./export-state.ts";
import type { ExportedJob, LeftOut } from "./exported-job.ts";
import { exportError } from "./problems.ts";

/** The export's memory: what is noted is lost with the process until it is saved, all together or not at all. */
export interface Journal {
  /** The present state, with what is not saved yet. */
  readonly state: ExportState;
  readonly repositories: readonly RecordedRepository[];
  readonly runs: readonly (readonly [number, string])[];
  /** Changes the state. */
  note(change: Partial<ExportState>): void;
  addRepository(repository: RecordedRepository): void;
  addRun(repository: number, runId: string): void;
  addJob(job: ExportedJob): void;
  leaveOut(why: LeftOut): void;
  miss(what: MissingPart, count?: number): void;
  /** What was noted is on disk. */
  save(): Promise<void>;
}

/** Bytes in UTF-8. */
function bytesOf(text: string): number {
  return Buffer.byteLength(text, "utf8");
}

/** The state on disk, when it answers this question; a new one when there is none. */
async function stateOf(
  files: ExportFiles,
  question: string,
  range: { readonly fromMs: number; readonly toMs: number },
  restart: boolean,
): Promise<ExportState> {
  const text = restart ? undefined : await files.read("state");
  if (text !== undefined) {
    const state = parseState(text);
    if (state.question === question) return state;
    throw exportError(
      "other-export",
      "An export with other options is kept there: repeat those options to go on with it, begin anew with --restart, or choose another --output",
    );
  }
  if (!restart && ((await files.size("output")) ?? 0) > 0) {
    throw exportError(
      "output-exists",
      "The output exists and is no export that could go on: begin anew with --restart, or choose another --output",
    );
  }
  return firstState(question, range.fromMs, range.toMs);
}

/**
 * The journal in `files`, as it was last saved: what a killed process wrote after that is cut off.
 *
 * @throws A `FleetError` with a code when the files hold something else.
 */
export async function openJournal(
  files: ExportFiles,
  question: string,
  range: { readonly fromMs: number; readonly toMs: number },
  restart: boolean,
): Promise<Journal> {
  let state = await stateOf(files, question, range, restart);
  for (const [file, bytes] of [
    ["output", state.outputBytes],
    ["plan", state.planBytes],
  ] as const) {
    if (((await files.size(file)) ?? 0) < bytes) {
      throw exportError(
        "output-changed",
        "The files of the export are shorter than when they were written: begin anew with --restart",
      );
    }
  }
  // In this order: a state that is gone begins anew, a state that is there counts on its files.
  if (restart) await files.remove("state");
  await files.cut("output", state.outputBytes);
  if (state.planBytes === 0) await files.remove("plan");
  else await files.cut("plan", state.planBytes);
  const plan = parsePlan((await files.read("plan", state.planBytes)) ?? "");
  const repositories = [...plan.repositories];
  const runs = [...plan.runs];
  let planText = "";
  let outputText = "";
  let changed = false;
  let broken = false;

  const note = (change: Partial<ExportState>): void => {
    state = { ...state, ...change };
    changed = true;
  };
  const write = (line: PlanLine): void => {
    planText += `${JSON.stringify(line)}\n`;
    changed = true;
  };

  return {
    get state() {
      return state;
    },
    repositories,
    runs,
    note,
    addRepository: (repository) => {
      repositories.push(repository);
      write({ repository });
    },
    addRun: (repository, runId) => {
      runs.push([repository, runId]);
      write({ run: [repository, runId] });
    },
    addJob: (job) => {
      outputText += `${JSON.stringify(job)}\n`;
      note({ jobs: state.jobs + 1 });
    },
    leaveOut: (why) =>
      note({ leftOut: { ...state.leftOut, [why]: (state.leftOut[why] ?? 0) + 1 } }),
    miss: (what, count = 1) =>
      note({ missing: { ...state.missing, [what]: state.missing[what] + count } }),
    save: async () => {
      // After a failure nobody knows what is on disk: the next process cuts it off.
      if (!changed || broken) return;
      broken = true;
      const next: ExportState = {
        ...state,
        planBytes: state.planBytes + bytesOf(planText),
        outputBytes: state.outputBytes + bytesOf(outputText),
      };
      if (planText !== "") await files.append("plan", planText);
      if (outputText !== "") await files.append("output", outputText);
      await files.replace("state", `${JSON.stringify(next)}\n`);
      state = next;
      planText = "";
      outputText = "";
      changed = false;
      broken = false;
    },
  };
}

import type { AgentResult } from "@runs-fleet/core/wire";
import type { ListenerExit } from "./listener.ts";

/** What the listener said before it ended. */
export interface ListenerHistory {
  readonly registered: boolean;
  readonly jobStarted: boolean;
  /** The conclusion that it printed. */
  readonly conclusion?: string;
  /** Whether it said that GitHub refuses its version. */
  readonly outdated: boolean;
  /** Whether we asked it to end. */
  readonly interrupted: boolean;
}

const byConclusion: Readonly<Record<string, AgentResult>> = {
  Succeeded: "succeeded",
  SucceededWithIssues: "succeeded",
  Failed: "failed",
  Canceled: "cancelled",
  Skipped: "cancelled",
  Abandoned: "unknown",
};

/** Exit codes 100 + n, asked for by `ACTIONS_RUNNER_RETURN_JOB_RESULT_FOR_HOSTED`. */
const byJobCode: readonly AgentResult[] = [
  "succeeded",
  "succeeded",
  "failed",
  "cancelled",
  "cancelled",
  "unknown",
];

/** Exit codes after which the listener expects to be started again with the same environment. */
export function wantsRelaunch(exit: ListenerExit): "retry" | "update" | undefined {
  if (exit.code === 2) return "retry";
  return exit.code === 3 || exit.code === 4 ? "update" : undefined;
}

/**
 * What became of the machine's job. The exit code is believed first, then what the listener printed: 0 alone says
 * nothing, as the listener also ends so when it is interrupted or its registration is gone.
 */
export function resultOf(exit: ListenerExit, history: ListenerHistory): AgentResult {
  const { code } = exit;
  if (code === 7 || history.outdated) return "runner-outdated";
  const byCode = code === undefined ? undefined : byJobCode[code - 100];
  if (byCode !== undefined) return byCode;
  if (history.conclusion !== undefined) return byConclusion[history.conclusion] ?? "unknown";
  if (history.jobStarted) return history.interrupted && code === 0 ? "cancelled" : "unknown";
  return history.registered && (code === 0 || history.interrupted) ? "no-job" : "unknown";
}

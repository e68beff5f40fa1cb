import type { AgentResult } from "@runs-fleet/core/wire";
import type { ListenerExit } from "./listener.ts";
import { resultOf, wantsRelaunch } from "./listener-end.ts";
import type { ListenerLine } from "./listener-line.ts";
import type { AgentTimings } from "./options.ts";

/** How often a listener is started again before we give up, as the runner's own service does. */
export const mostLaunches = 11;

/** Why a listener is asked to end. */
export type StopReason =
  | "no registration in time"
  | "no job in time"
  | "longest runtime"
  | "deadline"
  | "interruption"
  | "signal";

/** A listener's life so far. Instants are monotonic milliseconds. */
export interface Supervision {
  readonly launches: number;
  /** When the listener that runs was started; absent while none runs. */
  readonly launchedAtMs?: number;
  readonly firstLaunchedAtMs: number;
  /** When the next one is to be started. */
  readonly relaunchAtMs?: number;
  readonly relaunchAs?: "retry" | "update";
  readonly registeredAtMs?: number;
  readonly jobStartedAtMs?: number;
  readonly jobEndedAtMs?: number;
  readonly conclusion?: string;
  readonly outdated: boolean;
  readonly stop?: {
    readonly reason: StopReason;
    readonly atMs: number;
    readonly killed: boolean;
  };
  readonly end?: { readonly result: AgentResult; readonly exitCode?: number };
}

/** What happens to a listener. */
export type SupervisionInput =
  | { readonly kind: "line"; readonly line: ListenerLine }
  | { readonly kind: "ended"; readonly exit: ListenerExit }
  | { readonly kind: "stop"; readonly reason: StopReason }
  | { readonly kind: "time" };

/** What is to be done about it. */
export type SupervisionEffect =
  | { readonly kind: "launch"; readonly after?: "retry" | "update" }
  | { readonly kind: "interrupt" | "kill" }
  | { readonly kind: "report"; readonly what: "registered" | "job-started" };

/** The state after an input, and what to do. */
export interface SupervisionStep {
  readonly state: Supervision;
  readonly effects: readonly SupervisionEffect[];
}

/** What bounds a listener's life. `stopByMs`: monotonic milliseconds at which it is asked to end, whatever it does. */
export type SupervisionLimits = Pick<
  AgentTimings,
  | "registrationTimeoutMs"
  | "idleTimeoutMs"
  | "maxRuntimeMs"
  | "interruptGraceMs"
  | "relaunchDelayMs"
> & { readonly stopByMs: number };

/** The first step: start the listener. */
export function beginSupervision(nowMs: number): SupervisionStep {
  return {
    state: { launches: 1, firstLaunchedAtMs: nowMs, launchedAtMs: nowMs, outdated: false },
    effects: [{ kind: "launch" }],
  };
}

/** The next moment that matters when nothing happens before, and why. */
function nextDue(
  state: Supervision,
  limits: SupervisionLimits,
): { readonly atMs: number; readonly what: StopReason | "kill" | "relaunch" } | undefined {
  if (state.end) return undefined;
  if (state.stop) {
    return state.stop.killed
      ? undefined
      : { atMs: state.stop.atMs + limits.interruptGraceMs, what: "kill" };
  }
  const dues: { readonly atMs: number; readonly what: StopReason | "relaunch" }[] = [
    { atMs: limits.stopByMs, what: "deadline" },
    { atMs: state.firstLaunchedAtMs + limits.maxRuntimeMs, what: "longest runtime" },
  ];
  if (state.relaunchAtMs !== undefined) {
    dues.push({ atMs: state.relaunchAtMs, what: "relaunch" });
  } else if (state.jobStartedAtMs === undefined && state.launchedAtMs !== undefined) {
    dues.push(
      state.registeredAtMs === undefined
        ? {
            atMs: state.launchedAtMs + limits.registrationTimeoutMs,
            what: "no registration in time",
          }
        : { atMs: state.registeredAtMs + limits.idleTimeoutMs, what: "no job in time" },
    );
  }
  return dues.reduce((first, due) => (due.atMs < first.atMs ? due : first));
}

/** When `time` is to be given as the next input, monotonic milliseconds; `undefined`: not at all. */
export function dueMs(state: Supervision, limits: SupervisionLimits): number | undefined {
  return nextDue(state, limits)?.atMs;
}

function onLine(state: Supervision, line: ListenerLine, nowMs: number): SupervisionStep {
  switch (line.kind) {
    case "listening":
      if (state.registeredAtMs !== undefined) return { state, effects: [] };
      return {
        state: { ...state, registeredAtMs: nowMs },
        effects: [{ kind: "report", what: "registered" }],
      };
    case "job-started":
      if (state.jobStartedAtMs !== undefined) return { state, effects: [] };
      return {
        state: { ...state, jobStartedAtMs: nowMs },
        effects: [{ kind: "report", what: "job-started" }],
      };
    case "job-completed":
      return {
        state: { ...state, jobEndedAtMs: nowMs, conclusion: line.conclusion },
        effects: [],
      };
    case "outdated":
      return { state: { ...state, outdated: true }, effects: [] };
    default:
      return { state, effects: [] };
  }
}

function finish(state: Supervision, exit: ListenerExit): SupervisionStep {
  const result = resultOf(exit, {
    registered: state.registeredAtMs !== undefined,
    jobStarted: state.jobStartedAtMs !== undefined,
    ...(state.conclusion !== undefined && { conclusion: state.conclusion }),
    outdated: state.outdated,
    interrupted: state.stop !== undefined,
  });
  const { code } = exit;
  const { launchedAtMs: _launched, relaunchAtMs: _relaunch, ...rest } = state;
  return {
    state: { ...rest, end: { result, ...(code !== undefined && { exitCode: code }) } },
    effects: [],
  };
}

function onEnded(
  state: Supervision,
  exit: ListenerExit,
  nowMs: number,
  limits: SupervisionLimits,
): SupervisionStep {
  const relaunchAs = wantsRelaunch(exit);
  // A job that has begun is never begun again, whatever the listener asks for.
  const may = state.stop === undefined && state.jobStartedAtMs === undefined && !state.outdated;
  if (relaunchAs === undefined || !may || state.launches >= mostLaunches) {
    return finish(state, exit);
  }
  const { launchedAtMs: _launched, ...rest } = state;
  const relaunchAtMs = nowMs + limits.relaunchDelayMs;
  return { state: { ...rest, relaunchAtMs, relaunchAs }, effects: [] };
}

function onStop(state: Supervision, reason: StopReason, nowMs: number): SupervisionStep {
  if (state.stop) return { state, effects: [] };
  const stopping = { ...state, stop: { reason, atMs: nowMs, killed: false } };
  if (state.launchedAtMs === undefined) return finish(stopping, {});
  return { state: stopping, effects: [{ kind: "interrupt" }] };
}

function onTime(state: Supervision, nowMs: number, limits: SupervisionLimits): SupervisionStep {
  const due = nextDue(state, limits);
  if (due === undefined || nowMs < due.atMs) return { state, effects: [] };
  if (due.what === "kill") {
    return {
      state: state.stop ? { ...state, stop: { ...state.stop, killed: true } } : state,
      effects: [{ kind: "kill" }],
    };
  }
  if (due.what !== "relaunch") return onStop(state, due.what, nowMs);
  const { relaunchAtMs: _at, relaunchAs, ...rest } = state;
  return {
    state: { ...rest, launches: state.launches + 1, launchedAtMs: nowMs },
    effects: [{ kind: "launch", ...(relaunchAs && { after: relaunchAs }) }],
  };
}

/** The listener's life after one more input. */
export function superviseStep(
  state: Supervision,
  input: SupervisionInput,
  nowMs: number,
  limits: SupervisionLimits,
): SupervisionStep {
  if (state.end) return { state, effects: [] };
  switch (input.kind) {
    case "line":
      return onLine(state, input.line, nowMs);
    case "ended":
      return onEnded(state, input.exit, nowMs, limits);
    case "stop":
      return onStop(state, input.reason, nowMs);
    case "time":
      return onTime(state, nowMs, limits);
  }
}

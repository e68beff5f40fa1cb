import type { Assignment } from "@runs-fleet/core/wire";
import { systemClock, systemEntropy } from "@runs-fleet/core/wire";
import { createChildProcessLauncher } from "./child-process-launcher.ts";
import { type AgentOptions, type AgentOutcome, agentTimings } from "./options.ts";
import { createReporter } from "./reporter.ts";
import { runListener } from "./run-listener.ts";
import type { Supervision } from "./supervision.ts";
import { waitForAssignment } from "./waiting.ts";

/** Where programs are found when the host says nothing. */
const standardPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Why an idle machine waits no longer. */
const passed = Symbol("deadline");
const interrupted = Symbol("interruption");

const between = (fromMs: number | undefined, toMs: number | undefined): number | undefined =>
  fromMs === undefined || toMs === undefined ? undefined : Math.max(0, Math.round(toMs - fromMs));

function present(timings: Readonly<Record<string, number | undefined>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(timings).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}

/**
 * The machine has had its life: it took at most one assignment, ran the listener for it, reported what happened, and
 * was switched off.
 *
 * Reports `ready`; then, for an assignment, `acknowledged`, `registered`, `job-started`; and always `finished`. A
 * `finished` without a `registered` before it means that the registration failed. Every report is repeated until it is
 * sent; the last one for at most `finishReportMs`.
 *
 * @returns How the job ended; `no-job` when none came.
 * @throws `signal.reason` when the signal aborts before there is an assignment: the machine is not switched off then.
 *   A `RangeError` for a bad timing.
 */
export async function runAgent(options: AgentOptions): Promise<AgentOutcome> {
  const {
    machineId,
    clock = systemClock,
    entropy = systemEntropy,
    log = () => undefined,
  } = options;
  const timings = agentTimings(options.timings);
  const reporter = createReporter({ machineId, events: options.events, clock, entropy, log });
  const bootMs = between(options.bootedAtMs, clock.now());
  const readyAtMs = clock.monotonicMs();
  const lifeMs = (options.deadlineMs ?? Number.POSITIVE_INFINITY) - clock.now();
  // What is left of the life when it is cut short must do for the listener's farewell and the last report.
  const farewellMs = Math.min(timings.interruptGraceMs + timings.finishReportMs, lifeMs / 4);
  const stopByMs = readyAtMs + lifeMs - farewellMs;

  const over = new AbortController();
  const idle = new AbortController();
  const stopOnSignal = (): void => {
    idle.abort(options.signal?.reason);
    running?.stop("signal");
  };
  let running: ReturnType<typeof runListener> | undefined;
  let noticed = false;

  async function watchInterruption(): Promise<void> {
    const notice = await options.interruption?.(over.signal);
    if (notice === undefined) return;
    noticed = true;
    log("the machine's end was announced");
    reporter.report({ kind: "interrupted", endsAtMs: notice.endsAtMs });
    idle.abort(interrupted);
    await clock.sleep(notice.endsAtMs - timings.noticeLeadMs - clock.now(), over.signal);
    running?.stop("interruption");
  }

  async function wait(): Promise<Assignment | undefined> {
    if (Number.isFinite(stopByMs)) {
      clock.sleep(stopByMs - clock.monotonicMs(), idle.signal).then(
        () => idle.abort(passed),
        () => undefined,
      );
    }
    try {
      const assignment = await waitForAssignment({
        machineId,
        assignments: options.assignments,
        clock,
        entropy,
        timings,
        log,
        signal: idle.signal,
      });
      idle.abort();
      return assignment;
    } catch (error) {
      if (error === passed || error === interrupted) return undefined;
      throw error;
    }
  }

  function run(assignment: Assignment): Promise<Supervision> {
    running = runListener({
      launcher: options.launcher ?? createChildProcessLauncher(clock),
      runnerDirectory: options.runnerDirectory,
      jitConfig: assignment.jitConfig,
      environment: options.environment ?? { PATH: standardPath },
      clock,
      limits: { ...timings, stopByMs },
      updateWaitMs: timings.updateWaitMs,
      onReport: (kind) => reporter.report({ kind, runnerName: assignment.runnerName }),
      log,
    });
    if (options.signal?.aborted) running.stop("signal");
    return running.done;
  }

  options.signal?.throwIfAborted();
  options.signal?.addEventListener("abort", stopOnSignal, { once: true });
  try {
    log("ready");
    reporter.report({ kind: "ready" });
    watchInterruption().catch(() => undefined);
    const assignment = await wait();
    let life: Supervision | undefined;
    const takenAtMs = clock.monotonicMs();
    if (assignment) {
      log(`took assignment ${assignment.id}`);
      reporter.follow(assignment.trace);
      reporter.report({ kind: "acknowledged" });
      life = await run(assignment);
    }
    const outcome: AgentOutcome = life?.end ?? { result: "no-job" };
    const reason = assignment
      ? (life?.stop?.reason ?? "the listener ended")
      : noticed
        ? "interruption"
        : "deadline";
    log(`finished: ${outcome.result} (${reason})`);
    reporter.report({
      kind: "finished",
      result: outcome.result,
      ...(outcome.exitCode !== undefined && { exitCode: outcome.exitCode }),
      timingsMs: present({
        boot: bootMs,
        assign: between(readyAtMs, assignment && takenAtMs),
        register: between(life?.firstLaunchedAtMs, life?.registeredAtMs),
        idle: between(life?.registeredAtMs, life?.jobStartedAtMs),
        run: between(life?.jobStartedAtMs, life && (life.jobEndedAtMs ?? clock.monotonicMs())),
      }),
    });
    await reporter.flush(timings.finishReportMs);
    over.abort();
    await options.power.off(`${outcome.result}: ${reason}`);
    return outcome;
  } finally {
    over.abort();
    idle.abort();
    options.signal?.removeEventListener("abort", stopOnSignal);
  }
}

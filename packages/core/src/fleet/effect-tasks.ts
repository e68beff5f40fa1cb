import { noTelemetry, type Telemetry } from "@runs-fleet/telemetry";
import { FleetError } from "../ports/failure.ts";
import type { GitHubClient } from "../ports/github-client.ts";
import type { LaunchAttempt, MachineProvider, ObservedMachine } from "../ports/machine-provider.ts";
import type { SignalScope } from "../ports/signal-scope.ts";
import type { StateStore, Write } from "../ports/state-store.ts";
import { askRerun } from "./ask-rerun.ts";
import { type Effect, type EffectResult, isError, isRefusal } from "./effects.ts";
import { jobCheck, wordOf } from "./job-check.ts";
import { inTraceOf } from "./job-spans.ts";
import type { Ledger } from "./ledger.ts";
import { byAge } from "./plan-assignments.ts";
import { isRerunOpen, type JobRecord, jobKeyOf } from "./records.ts";
import type { Registrar } from "./registrar.ts";
import { createSemaphore } from "./semaphore.ts";

/** What the tasks of one leadership work with. */
export interface EffectTools {
  readonly ledger: Ledger;
  readonly store: StateStore;
  readonly provider: MachineProvider;
  readonly github: GitHubClient;
  readonly registrar: Registrar;
  /** Receives spans. @defaultValue {@link noTelemetry} */
  readonly telemetry?: Telemetry;
  /** Asked right before each call: a paused process finds out that it may not act any more. */
  readonly mayAct: () => boolean;
  /** Whether a purchase may be asked for again now; the answer yes counts as one. */
  readonly mayPurchase: () => boolean;
  /** Commits in the lane of the controller, under its lease. */
  readonly commit: (writes: readonly Write[], checked: boolean) => Promise<void>;
  /** Of the leadership: its end cancels every call. */
  readonly scope: SignalScope;
}

/** An effect that stands for itself; starts, stops, terminations and rings go out in batches instead. */
export type SingleEffect = Exclude<Effect, { kind: "start" | "stop" | "terminate" | "ring" }>;

/** Does one effect; the failure of the world is part of the result. `undefined`: it is no longer wanted. */
export type EffectTask = (effect: SingleEffect) => Promise<EffectResult | undefined>;

/** How many calls to GitHub are under way at once. Its own ceiling is 100 for everything. */
const githubCalls = 24;

/** The job in whose trace a purchase is told: the oldest that waits for such a machine. Spares are bought for nobody. */
function buyerOf(
  { jobs }: Ledger,
  { fit, reason }: { readonly fit: string; readonly reason: string },
): JobRecord | undefined {
  let oldest: JobRecord | undefined;
  if (reason !== "demand") return undefined;
  for (const job of jobs.values()) {
    if (job.state !== "queued" || job.fit !== fit) continue;
    if (oldest === undefined || byAge(job, oldest) < 0) oldest = job;
  }
  return oldest;
}

/** Makes the tasks. */
export function createEffectTask(tools: EffectTools): EffectTask {
  const { ledger, store, provider, github, registrar, mayAct, mayPurchase, commit, scope } = tools;
  const { telemetry = noTelemetry } = tools;
  const semaphore = createSemaphore(githubCalls);

  type Call<T> = (call: { readonly signal: AbortSignal }) => Promise<T>;
  const tried = async <T>(task: Call<T>): Promise<T | { readonly error: unknown }> => {
    try {
      if (!mayAct()) {
        throw new FleetError({ kind: "conflict", message: "No longer the controller" });
      }
      return await scope.run((signal) => task({ signal }));
    } catch (error) {
      return { error };
    }
  };
  const atGitHub = <T>(task: Call<T>) => semaphore.run(() => tried(task));

  const launch = async (attemptId: string): Promise<EffectResult | undefined> => {
    const attempt = ledger.attempts.get(attemptId);
    if (!attempt) return undefined;
    const { request } = attempt;
    const result = await inTraceOf(telemetry, buyerOf(ledger, attempt), "launch", () =>
      tried((call) => provider.launch(request, call)),
    );
    return { kind: "launched", attemptId, result };
  };

  /** A plain refusal buys nothing, as an answer without machines does: then the listing alone decides. */
  const launchAgain = async (
    request: LaunchAttempt,
    call: { readonly signal: AbortSignal },
  ): Promise<{ readonly machines: readonly ObservedMachine[]; readonly explained: boolean }> => {
    try {
      const { machines, failures } = await provider.launch(request, call);
      return { machines, explained: failures.length > 0 };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const noRoom = error.kind === "capacity" || error.kind === "quota";
      return { machines: [], explained: noRoom };
    }
  };

  const recover = async (attemptId: string): Promise<EffectResult | undefined> => {
    const request = ledger.attempts.get(attemptId)?.request;
    if (!request) return undefined;
    const { environment, region, count } = request;
    // An answer without a body proves nothing; one that says why machines are missing says that no more will come.
    let explained = false;
    const found = await tried(async (call) => {
      const found = new Map<string, ObservedMachine>();
      for (const machine of await provider.list({ environment, region, attemptId }, call)) {
        found.set(machine.id, machine);
      }
      // Not now: the attempt stays open and is looked into again, and meanwhile the listing may show them all.
      if (found.size < count && mayPurchase()) {
        // The same token buys nothing more than it may; if the first call never arrived, this is the first call.
        const again = await launchAgain(request, call);
        explained = again.explained;
        for (const machine of again.machines) {
          if (!found.has(machine.id)) found.set(machine.id, machine);
        }
      }
      // A machine that was on the books before, and whose record is closed, is not written down again.
      for (const [id, machine] of found) {
        if (ledger.machines.has(id)) continue;
        const record = await store.get("machines", id, call);
        if (record && !record.open) found.set(id, { ...machine, state: "terminated" });
      }
      return [...found.values()];
    });
    return { kind: "recovered", attemptId, found, ...(explained ? { explained } : {}) };
  };

  const mint = async (machineId: string): Promise<EffectResult | undefined> => {
    const machine = ledger.machines.get(machineId);
    const registration = machine?.registration;
    if (!registration || machine?.state !== "claimed") return undefined;
    const { runnerName, labels } = registration;
    const job = machine.jobKey === undefined ? undefined : ledger.jobs.get(machine.jobKey);
    if (!job) {
      // `conflict`: no fault of GitHub's, so it shuts no gate.
      const error = new FleetError({ kind: "conflict", message: "Its job no longer waits" });
      return {
        kind: "minted",
        machineId,
        runnerName,
        scope: registration.scope,
        result: { error },
      };
    }
    const { repository, placement } = job;
    const runnerGroup = placement?.runnerGroup;
    const result = await inTraceOf(telemetry, job, "mint", () =>
      atGitHub(({ signal }) =>
        registrar.mint({ repository, runnerName, labels, runnerGroup, signal }),
      ),
    );
    const usedScope = "error" in result ? registration.scope : result.scope;
    return { kind: "minted", machineId, runnerName, scope: usedScope, result };
  };

  const withdraw = async (machineId: string): Promise<EffectResult> => {
    // Found empty when the shard was loaded: the machine was faster than the controller before us.
    if (ledger.takenAssignments.has(machineId)) {
      return { kind: "withdrawn", machineId, result: "read" };
    }
    const expected = ledger.versionOf("assignments", machineId);
    if (expected === undefined) return { kind: "withdrawn", machineId, result: "withdrawn" };
    const write: Write = {
      table: "assignments",
      id: machineId,
      shard: ledger.shard,
      open: false,
      expected,
      value: undefined,
    };
    const result = await tried(async (call) => {
      try {
        await commit([write], true);
        return "withdrawn" as const;
      } catch (error) {
        const lost = FleetError.isInstance(error) && error.kind === "conflict";
        if (!lost || !mayAct()) throw error;
        // Our own delete whose reply was lost looks the same as the agent's reading: the item tells.
        const item = await store.get("assignments", machineId, call);
        return item === undefined ? ("withdrawn" as const) : ("read" as const);
      }
    });
    return { kind: "withdrawn", machineId, result };
  };

  const deregister = async (machineId: string): Promise<EffectResult> => {
    const registration = ledger.machines.get(machineId)?.registration;
    const runnerId = registration?.runnerId;
    const result = await atGitHub(async (call) =>
      registration === undefined || runnerId === undefined
        ? ("removed" as const)
        : github.runners.remove(registration.scope, runnerId, call),
    );
    return { kind: "deregistered", machineId, result };
  };

  const verify = async (jobKey: string): Promise<EffectResult | undefined> => {
    const job = ledger.jobs.get(jobKey);
    if (!job) return undefined;
    const event = await atGitHub(async (call) => {
      const known = await github.jobs.get(job.repository, job.jobId, call);
      if (known !== undefined) return known;
      // "Not found" is also how GitHub says that we may not look: only a list that we may read proves an absence.
      const waiting = await github.jobs.listQueued(job.repository, call);
      return waiting.find((other) => jobKeyOf(other) === jobKey);
    });
    return { kind: "verified", jobKey, event };
  };

  const check = async (jobKey: string): Promise<EffectResult> => {
    const job = ledger.jobs.get(jobKey);
    const word = job && wordOf(job);
    const report = job && jobCheck(job, ledger.waits.get(jobKey));
    if (!job || !report) return { kind: "checked", jobKey, word, result: undefined };
    const result = await atGitHub((call) => github.checks.report(job.repository, report, call));
    return { kind: "checked", jobKey, word, result: isError(result) ? result : undefined };
  };

  const rerun = async (jobKey: string): Promise<EffectResult | undefined> => {
    const job = ledger.jobs.get(jobKey);
    if (!job || !isRerunOpen(job)) return undefined;
    const tools = { jobs: github.jobs, store, mayAct, telemetry };
    return { kind: "rerun", jobKey, result: await atGitHub((call) => askRerun(tools, job, call)) };
  };

  return (effect) => {
    switch (effect.kind) {
      case "launch":
        return launch(effect.attemptId);
      case "recover":
        return recover(effect.attemptId);
      case "mint":
        return mint(effect.machineId);
      case "withdraw":
        return withdraw(effect.machineId);
      case "deregister":
        return deregister(effect.machineId);
      case "verify":
        return verify(effect.jobKey);
      case "check":
        return check(effect.jobKey);
      case "rerun":
        return rerun(effect.jobKey);
    }
  };
}

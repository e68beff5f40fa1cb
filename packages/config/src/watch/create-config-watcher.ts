import {
  type CallOptions,
  type Cause,
  type Clock,
  type ConfigurationSource,
  type ConfigurationStanding,
  type Entropy,
  FleetError,
  type GitHubClient,
  type Lease,
  type PushEvent,
  systemClock,
  systemEntropy,
} from "@runs-fleet/core";
import type { Rates } from "@runs-fleet/scheduling";
import type { ConfigIssue } from "../issues/issue.ts";
import type { FleetConfig } from "../parse-config.ts";
import { checkReport, type Finding } from "./check-report.ts";
import type { ConfigState } from "./config-state.ts";
import {
  type ConfigReader,
  type ConfigReaderOptions,
  defaultPath,
  openRecords,
  readerOf,
} from "./create-config-reader.ts";
import { judgeSource } from "./judge-source.ts";
import { pushOrder, seenHead, seenPush } from "./push-order.ts";
import { createConfigSource, type SourceReading } from "./read-source.ts";
import { createTurns } from "./turns.ts";

/** What came of looking at the configuration. */
export type WatchOutcome =
  | {
      /** `superseded`: a push that came after this one was looked at before. */
      readonly kind: "applied" | "unchanged" | "superseded";
      /** The version in force. Empty: there is none. */
      readonly version: string;
    }
  | { readonly kind: "rejected"; readonly issues: readonly ConfigIssue[] }
  | { readonly kind: "kept-last-good"; readonly cause: Cause };

/** Keeps the configuration in a store up to date with a file in a repository. Any number of processes may run one on one store. */
export interface ConfigWatcher extends ConfigurationSource, ConfigReader, AsyncDisposable {
  /**
   * Takes in a push. Of the repository's default branch it reads the file at the pushed commit, and applies it unless a later
   * push was looked at before; the author is told by a check run. Other pushes change nothing.
   *
   * @throws A {@link FleetError} when the store cannot be asked, or is another process' turn for too long: the push has to come again.
   */
  handlePush(event: PushEvent, options?: CallOptions): Promise<WatchOutcome>;
  /**
   * Looks at the head of the default branch, for pushes nobody told of.
   *
   * @throws As {@link ConfigWatcher.handlePush} does.
   */
  poll(options?: CallOptions): Promise<WatchOutcome>;
  /** What is in force, what was refused, and why nothing can be read, by the store. */
  standing(options?: CallOptions): Promise<ConfigurationStanding>;
}

/** What {@link createConfigWatcher} needs. */
export interface ConfigWatcherOptions extends ConfigReaderOptions {
  /** Reads the file, and reports to authors. */
  readonly github: Pick<GitHubClient, "contents" | "checks">;
  /**
   * How often it looks by itself, milliseconds, from its first use on. 0: never; a process that only reads what is in force.
   * @defaultValue 300,000
   */
  readonly pollIntervalMs?: number;
  /** Names this process among those that share the store. @defaultValue a random one */
  readonly owner?: string;
  /**
   * Why this host cannot serve a configuration that is sound in itself, in one sentence: it is refused then. `undefined`: it can.
   *
   * @defaultValue it can serve all
   */
  readonly accept?: (config: FleetConfig) => string | undefined;
  /** Name of its check runs: hosts that watch the same file need different ones. @defaultValue `runs-fleet/config` */
  readonly checkName?: string;
  /** Rates by pool, for the costs in plans; `*` is for all others. @defaultValue machine-hours alone */
  readonly rates?: Readonly<Record<string, Rates>>;
  /** Told what nobody waits for: that looking failed, or that an author could not be told. Must not throw. */
  readonly onNote?: (code: string, message: string) => void;
  /** Source of time. @defaultValue {@link systemClock} */
  readonly clock?: Clock;
  /** Source of names and jitter. @defaultValue {@link systemEntropy} */
  readonly entropy?: Entropy;
}

const defaultPollMs = 300_000;
/** After GitHub could not be reached it is tried again sooner. */
const retryMs = 30_000;
/** How often it is looked whether it is time to look. */
const lookMs = 10_000;
/** How long the head of a branch may be seen as it was before a push that we know of. */
const lagMs = 60_000;

/**
 * Makes a watcher. It does nothing before its first use.
 *
 * @throws A `TypeError` for a repository or path that is none, a `RangeError` for a negative interval.
 */
export function createConfigWatcher(options: ConfigWatcherOptions): ConfigWatcher {
  const { github, store, repository, path = defaultPath } = options;
  const { pollIntervalMs = defaultPollMs, rates, clock = systemClock } = options;
  const { entropy = systemEntropy, onNote = () => undefined } = options;
  const { checkName = "runs-fleet/config" } = options;
  if (!(pollIntervalMs >= 0)) throw new RangeError("pollIntervalMs must not be negative");
  const { shard, records } = openRecords({ store, repository, path });
  const source = createConfigSource(github.contents, repository, path);
  const owner = options.owner ?? `config-${entropy.uuid()}`;
  const turns = createTurns({ leases: store.leases, shard, owner, clock });
  const over = new AbortController();
  let polling: Promise<void> | undefined;
  const { current } = readerOf(records);
  const misfit = (config: FleetConfig): string | undefined =>
    records.misfit(config) ?? options.accept?.(config);

  /** Puts on record what was read, and answers what the author is to be told. */
  const take = async (
    lease: Lease,
    reading: SourceReading,
    from: { readonly push?: PushEvent },
    call?: CallOptions,
  ): Promise<Finding> => {
    const loaded = await records.load(call);
    const { state } = loaded;
    const nowMs = clock.now();
    const seenAs = (version: string | undefined): ConfigState["seen"] => {
      if (from.push) return seenPush(from.push, version, nowMs, state.seen);
      const isKnown = version === undefined || version === state.seen?.version;
      return isKnown ? state.seen : seenHead(version, nowMs, state.seen);
    };
    const { alert: _alert, rejected: _rejected, seen: _seen, ...kept } = state;
    const save = (next: ConfigState): Promise<void> => records.save(lease, next, loaded, call);

    if (!reading.ok) {
      const { code, message } = reading.cause;
      const alert = { code, message, sinceMs: state.alert?.sinceMs ?? nowMs };
      // What could not be reached is not looked at yet: whatever comes next looks again.
      const seen = reading.retryable ? state.seen : seenAs(undefined);
      const same = state.alert?.code === code && state.alert.message === message;
      if (!same || seen?.commit !== state.seen?.commit) {
        await save({ ...state, alert, ...(seen === undefined ? {} : { seen }) });
      }
      return { outcome: { kind: "kept-last-good", cause: reading.cause }, issues: [] };
    }

    const { version } = reading.source;
    const seen = seenAs(version);
    const told = seen === undefined ? {} : { seen };
    const commit = from.push === undefined ? {} : { commit: from.push.after };
    if (version === state.applied?.version) {
      await save({ ...kept, ...told });
      return { outcome: { kind: "unchanged", version }, issues: [] };
    }
    const before = await current(call);
    const judged = judgeSource(reading.source, path, before?.config, {
      atMs: nowMs,
      misfit,
      ...(rates === undefined ? {} : { rates }),
    });
    if (!judged.ok) {
      const { issues, problems, more } = judged;
      const isOld = from.push === undefined && state.rejected?.version === version;
      const refused = { version, ...commit, atMs: nowMs, problems: [...problems], more };
      const rejected = (isOld ? state.rejected : undefined) ?? refused;
      await save({ ...kept, ...told, rejected });
      return { outcome: { kind: "rejected", issues }, issues };
    }
    await records.write(lease, judged.config, call);
    const previous = state.applied?.version;
    const pools = judged.config.catalog.pools.map(({ name }) => name);
    const applied = {
      version,
      ...(previous === undefined ? {} : { previous }),
      ...commit,
      atMs: nowMs,
      pools,
    };
    await save({ ...told, applied });
    const keep = previous === undefined ? [version] : [version, previous];
    // Left over, it is swept with the next version.
    await records.sweep(lease, keep, call).catch(() => undefined);
    const { issues, plan, summary } = judged;
    return { outcome: { kind: "applied", version }, issues, plan, summary };
  };

  const inForce = (state: ConfigState): string => state.applied?.version ?? "";

  /** The head of the branch, unless GitHub may still show it as it was before a push that we know of. */
  const takeHead = async (
    lease: Lease,
    reading: SourceReading,
    call?: CallOptions,
  ): Promise<Finding> => {
    const { state } = await records.load(call);
    const isLate =
      reading.ok &&
      state.seen !== undefined &&
      clock.now() - state.seen.atMs < lagMs &&
      state.seen.olderVersions.includes(reading.source.version);
    return isLate
      ? { outcome: { kind: "unchanged", version: inForce(state) }, issues: [] }
      : take(lease, reading, {}, call);
  };

  const takePush = async (lease: Lease, push: PushEvent, call?: CallOptions): Promise<Finding> => {
    const { state } = await records.load(call);
    const superseded = async (): Promise<Finding> => {
      const { state: now } = await records.load(call);
      return { outcome: { kind: "superseded", version: inForce(now) }, issues: [] };
    };
    const order = pushOrder(push, state.seen);
    if (order === "older") return superseded();
    const reading = await source.read(push.after, call);
    if (order !== "unclear") return take(lease, reading, { push }, call);
    const head = await source.read("HEAD", call);
    const isHead = reading.ok && head.ok && reading.source.version === head.source.version;
    if (isHead) return take(lease, reading, { push }, call);
    const found = await takeHead(lease, head, call);
    return found.outcome.kind === "kept-last-good" ? found : superseded();
  };

  const report = async (finding: Finding, sha: string, call?: CallOptions): Promise<void> => {
    try {
      await github.checks.report(repository, checkReport(finding, checkName, sha), call);
    } catch (error) {
      call?.signal?.throwIfAborted();
      const message = error instanceof Error ? error.message : String(error);
      onNote("report-failed", `The author of ${sha.slice(0, 10)} could not be told: ${message}`);
    }
  };

  const concerns = ({ repository: where, ref, defaultBranch, deleted }: PushEvent): boolean =>
    where.toLowerCase() === repository.toLowerCase() &&
    ref === `refs/heads/${defaultBranch}` &&
    !deleted;

  const poll = async (call?: CallOptions): Promise<WatchOutcome> => {
    const reading = await source.read("HEAD", call);
    const { state } = await records.load(call);
    const isKnown =
      reading.ok &&
      state.alert === undefined &&
      state.rejected === undefined &&
      reading.source.version === state.applied?.version &&
      reading.source.version === state.seen?.version;
    if (isKnown) return { kind: "unchanged", version: inForce(state) };
    return (await turns.run((lease) => takeHead(lease, reading, call), call)).outcome;
  };

  let dueMs = Number.POSITIVE_INFINITY;
  const lookIn = (delayMs: number): void => {
    // Processes that were started together do not ask together.
    const atMs =
      clock.monotonicMs() + Math.min(pollIntervalMs, delayMs) * (0.9 + entropy.random() / 5);
    dueMs = delayMs < pollIntervalMs ? Math.min(dueMs, atMs) : atMs;
  };
  const keepPolling = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await clock.sleep(Math.min(pollIntervalMs, lookMs), over.signal).catch(() => undefined);
      if (over.signal.aborted) return;
      if (clock.monotonicMs() < dueMs) continue;
      lookIn(pollIntervalMs);
      try {
        const outcome = await poll({ signal: over.signal });
        if (outcome.kind === "kept-last-good") lookIn(retryMs);
        if (outcome.kind === "applied") onNote("applied", `Version ${outcome.version} is in force`);
      } catch (error) {
        if (over.signal.aborted) return;
        const message = error instanceof Error ? error.message : String(error);
        onNote(FleetError.isInstance(error) ? error.kind : "unknown", `Looking failed: ${message}`);
        lookIn(retryMs);
      }
    }
  };
  const used = (): void => {
    if (pollIntervalMs === 0 || over.signal.aborted || polling !== undefined) return;
    lookIn(pollIntervalMs);
    polling = keepPolling();
  };

  return {
    handlePush: async (event, call) => {
      used();
      if (!concerns(event)) return { kind: "unchanged", version: "" };
      const finding = await turns.run((lease) => takePush(lease, event, call), call);
      if (finding.outcome.kind === "kept-last-good") lookIn(retryMs);
      await report(finding, event.after, call);
      return finding.outcome;
    },
    poll: (call) => {
      used();
      return poll(call);
    },
    current: (call) => {
      used();
      return current(call);
    },
    standing: async (call) => {
      used();
      const { state } = await records.load(call);
      const { applied, rejected, alert } = state;
      return {
        source: `${repository}/${path}`,
        ...(applied === undefined
          ? {}
          : {
              applied: {
                version: applied.version,
                ...(applied.commit === undefined ? {} : { commit: applied.commit }),
                atMs: applied.atMs,
              },
            }),
        ...(rejected === undefined ? {} : { rejected }),
        ...(alert === undefined
          ? {}
          : {
              alert: {
                cause: { code: alert.code as Cause["code"], message: alert.message },
                sinceMs: alert.sinceMs,
              },
            }),
      };
    },
    [Symbol.asyncDispose]: async () => {
      over.abort(new FleetError({ kind: "unavailable", message: "The watcher is closed" }));
      await polling;
    },
  };
}

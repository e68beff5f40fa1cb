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
import { createRepositoryFiles } from "../repository/create-repository-files.ts";
import { createRepositoryRecords } from "../repository/repository-records.ts";
import { checkReport, type Finding } from "./check-report.ts";
import type { ConfigState } from "./config-state.ts";
import {
  type ConfigReader,
  type ConfigReaderOptions,
  defaultPath,
  openRecords,
  readerOf,
} from "./create-config-reader.ts";
import { createLooks } from "./looks.ts";
import { isBehind, pushOrder } from "./push-order.ts";
import { createConfigSource, type SourceReading } from "./read-source.ts";
import { standingOf } from "./standing-of.ts";
import { createTakeReading } from "./take-reading.ts";
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
   * push was looked at before; the author is told by a check run. So it does with the file by which another repository narrows
   * the configuration for its own jobs. Other pushes change nothing.
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
  /**
   * Whether repositories may narrow the configuration for their own jobs, by a file of their own at the same place,
   * `.github/runs-fleet.yml`. @defaultValue true
   */
  readonly repositoryFiles?: boolean;
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

/**
 * Makes a watcher. It does nothing before its first use.
 *
 * @throws A `TypeError` for a repository or path that is none, a `RangeError` for a negative interval.
 */
export function createConfigWatcher(options: ConfigWatcherOptions): ConfigWatcher {
  const { github, store, repository, path = defaultPath } = options;
  const { pollIntervalMs = defaultPollMs, clock = systemClock } = options;
  const { entropy = systemEntropy, onNote = () => undefined } = options;
  const { checkName = "runs-fleet/config", repositoryFiles = true } = options;
  if (!(pollIntervalMs >= 0)) throw new RangeError("pollIntervalMs must not be negative");
  const { shard, records } = openRecords({ store, repository, path });
  const source = createConfigSource(github.contents, repository, path);
  const owner = options.owner ?? `config-${entropy.uuid()}`;
  const turns = createTurns({ leases: store.leases, shard, owner, clock });
  const { current } = readerOf(records);
  const take = createTakeReading({
    records,
    path,
    current,
    accept: options.accept,
    rates: options.rates,
    clock,
  });

  const repositories = createRepositoryFiles({
    contents: github.contents,
    records: createRepositoryRecords(store, `${shard}/repositories`, clock),
    turns: createTurns({ leases: store.leases, shard: `${shard}/repositories`, owner, clock }),
    path: defaultPath,
    config: async () => (await current())?.config,
    clock,
    onNote,
  });

  const inForce = (state: ConfigState): string => state.applied?.version ?? "";

  /** The head of the branch, unless GitHub may still show it as it was before a push that we know of. */
  const takeHead = async (
    lease: Lease,
    reading: SourceReading,
    call?: CallOptions,
  ): Promise<Finding> => {
    const { state } = await records.load(call);
    return reading.ok && isBehind(reading.source.version, state.seen, clock.now())
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

  const report = async (
    finding: Finding,
    { repository: where, after: sha }: PushEvent,
    call?: CallOptions,
  ): Promise<void> => {
    try {
      await github.checks.report(where, checkReport(finding, checkName, sha), call);
    } catch (error) {
      call?.signal?.throwIfAborted();
      const message = error instanceof Error ? error.message : String(error);
      onNote("report-failed", `The author of ${sha.slice(0, 10)} could not be told: ${message}`);
    }
  };

  const isOurs = (where: string): boolean => where.toLowerCase() === repository.toLowerCase();
  const handleOwnPush = async (event: PushEvent, call?: CallOptions): Promise<Finding> => {
    const finding = await turns.run((lease) => takePush(lease, event, call), call);
    if (finding.outcome.kind === "kept-last-good") looks.soon();
    return finding;
  };

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
    // Read again when it is our turn: another process may have taken in a later push meanwhile.
    const turn = turns.run(
      async (lease) => takeHead(lease, await source.read("HEAD", call), call),
      call,
    );
    return (await turn).outcome;
  };

  const looks = createLooks({ intervalMs: pollIntervalMs, look: poll, clock, entropy, onNote });

  return {
    handlePush: async (event, call) => {
      looks.begin();
      const isHead = event.ref === `refs/heads/${event.defaultBranch}` && !event.deleted;
      const isOwn = isOurs(event.repository);
      const nothing: WatchOutcome = { kind: "unchanged", version: "" };
      if (!isHead || !(isOwn || repositoryFiles)) return nothing;
      const handle = isOwn ? handleOwnPush : repositories.handlePush;
      const finding = await handle(event, call);
      if (finding === undefined) return nothing;
      await report(finding, event, call);
      return finding.outcome;
    },
    poll: (call) => {
      looks.begin();
      return poll(call);
    },
    current: (call) => {
      looks.begin();
      return current(call);
    },
    standing: async (call) => {
      looks.begin();
      const { state } = await records.load(call);
      const known = repositories.standing();
      return {
        ...standingOf(`${repository}/${path}`, state),
        ...(known === undefined ? {} : { repositories: known }),
      };
    },
    ...(repositoryFiles
      ? {
          narrowing: async (where) => (isOurs(where) ? undefined : repositories.narrowing(where)),
        }
      : {}),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([looks.end(), repositories.end()]);
    },
  };
}

import { isDeepStrictEqual } from "node:util";
import {
  type CallOptions,
  type Clock,
  type ConfigurationStanding,
  FleetError,
  type GitHubContents,
  type Lease,
  type Narrowing,
  type PushEvent,
} from "@runs-fleet/core";
import type { FleetConfig } from "../parse-config.ts";
import type { Finding } from "../watch/check-report.ts";
import type { Turns } from "../watch/turns.ts";
import { readPushedFile } from "./read-pushed-file.ts";
import { readRepositoryFile } from "./read-repository-file.ts";
import type { RepositoryRecord } from "./repository-record.ts";
import type { RepositoryRecords } from "./repository-records.ts";
import { type FileReading, type Taken, takeRepositoryFile } from "./take-repository-file.ts";

/** Follows the file of each repository that has jobs. */
export interface RepositoryFiles {
  /**
   * What a repository allows itself, as far as it can be found out within seconds.
   *
   * @throws What the store throws: the question has to come again.
   */
  narrowing(repository: string): Promise<Narrowing | undefined>;
  /**
   * Takes in a push to the default branch of a repository. `undefined`: it does not concern its file.
   *
   * @throws What the store throws: the push has to come again.
   */
  handlePush(event: PushEvent, options?: CallOptions): Promise<Finding | undefined>;
  /** What this process knows. */
  standing(): ConfigurationStanding["repositories"];
  /** Calls off what nobody waits for, and waits until it is over. */
  end(): Promise<void>;
}

/** What {@link createRepositoryFiles} needs. */
export interface RepositoryFilesOptions {
  readonly contents: GitHubContents;
  readonly records: RepositoryRecords;
  /** Whose turn it is to write records. */
  readonly turns: Turns;
  /** The file in each repository. */
  readonly path: string;
  /** What the organisation says. */
  readonly config: () => Promise<FleetConfig | undefined>;
  readonly clock: Clock;
  readonly onNote: (code: string, message: string) => void;
}

/** Another process may have taken in a push meanwhile. */
const freshMs = 60_000;
/**
 * A push nobody told of is found by looking again, when there are jobs. That a file is still not there costs one of GitHub's
 * calls each time; that it is as it was costs none.
 */
const lookAgainMs = 60 * 60_000;
const lookAgainForNoneMs = 6 * lookAgainMs;
/** No job waits for GitHub any longer. */
const mostWaitMs = 5_000;
/** Once GitHub did not answer, no job waits for it for a while. */
const pauseMs = 30_000;
/** Most repositories that are kept in memory; what the store has of the others is read again. */
const mostKept = 5_000;

/** Most repositories that are told by name. */
const mostTold = 20;

interface Known {
  readonly repository: string;
  readonly record: RepositoryRecord;
  readonly readAtMs: number;
}

/** Makes what follows the files of repositories. It does nothing before it is asked. */
export function createRepositoryFiles(options: RepositoryFilesOptions): RepositoryFiles {
  const { contents, records, turns, path, config, clock, onNote } = options;
  const kept = new Map<string, Known>();
  const asking = new Map<string, Promise<Narrowing | undefined>>();
  const looking = new Map<string, Promise<void>>();
  const over = new AbortController();
  const ours: CallOptions = { signal: over.signal };
  let pausedUntilMs = Number.NEGATIVE_INFINITY;

  const keep = (repository: string, record: RepositoryRecord): void => {
    const key = repository.toLowerCase();
    kept.delete(key);
    kept.set(key, { repository, record, readAtMs: clock.monotonicMs() });
    for (const oldest of kept.keys()) {
      if (kept.size <= mostKept) break;
      kept.delete(oldest);
    }
  };
  const isPaused = (): boolean => clock.monotonicMs() < pausedUntilMs;
  const noteFailure = (repository: string, message: string): void =>
    onNote("repository-file", `${path} of ${repository} is not looked at: ${message}`);

  /** At most a few seconds; what takes longer counts as failed. */
  const readHead = async (repository: string, etag?: string): Promise<FileReading> => {
    const done = new AbortController();
    const { signal } = done;
    const message = `no answer within ${mostWaitMs / 1_000} s`;
    const late = clock.sleep(mostWaitMs, signal).then(
      (): FileReading => ({ kind: "failed", cause: { code: "unavailable", message } }),
      () => new Promise<never>(() => undefined),
    );
    const call = { signal, ...(etag === undefined ? {} : { etag }) };
    const place = { repository, path, ref: "HEAD" };
    const reading = await Promise.race([readRepositoryFile(contents, place, call), late]);
    done.abort(new Error("Nobody waits any longer"));
    if (reading.kind === "failed") {
      pausedUntilMs = clock.monotonicMs() + pauseMs;
      noteFailure(repository, reading.cause.message);
    }
    return reading;
  };

  const take = async (
    before: RepositoryRecord | undefined,
    reading: FileReading,
    push?: PushEvent,
  ): Promise<Taken> => {
    const said = await config();
    const nowMs = clock.now();
    return takeRepositoryFile(before, reading, push, {
      nowMs,
      path,
      ...(said === undefined ? {} : { config: said }),
    });
  };

  /** Puts a reading of the head on record, unless somebody has put down a later one meanwhile. Nobody waits for it. */
  const putDown = (
    repository: string,
    reading: FileReading,
    before: RepositoryRecord | undefined,
  ): Promise<void> =>
    turns.run(async (lease) => {
      const loaded = await records.load(repository, ours);
      if (!isDeepStrictEqual(loaded.record, before)) {
        if (loaded.record) keep(repository, loaded.record);
        return;
      }
      const { record } = await take(before, reading);
      await records.save(lease, repository, record, loaded, ours);
      keep(repository, record);
    }, ours);

  /** One after the other for each repository; what fails is tried again when the next job comes. */
  const inBackground = (repository: string, task: () => Promise<void>): void => {
    const key = repository.toLowerCase();
    if (looking.has(key) || over.signal.aborted) return;
    const running = task()
      .catch((error: unknown) => {
        if (over.signal.aborted) return;
        noteFailure(repository, error instanceof Error ? error.message : String(error));
      })
      .finally(() => looking.delete(key));
    looking.set(key, running);
  };

  const lookAgainIfDue = (repository: string, record: RepositoryRecord): void => {
    const isThere = record.seen?.version !== undefined;
    const dueMs = record.lookedAtMs + (isThere ? lookAgainMs : lookAgainForNoneMs);
    if (clock.now() < dueMs || isPaused()) return;
    inBackground(repository, async () => {
      const reading = await readHead(repository, record.etag);
      if (reading.kind !== "failed") await putDown(repository, reading, record);
    });
  };

  const ask = async (repository: string): Promise<Narrowing | undefined> => {
    const { record } = await records.load(repository);
    if (record !== undefined) {
      keep(repository, record);
      lookAgainIfDue(repository, record);
      return record.narrowing;
    }
    // Never looked at: its first job waits for it, if GitHub answers at all.
    if (isPaused()) return undefined;
    const reading = await readHead(repository);
    if (reading.kind === "failed") return undefined;
    const taken = await take(undefined, reading);
    keep(repository, taken.record);
    inBackground(repository, () => putDown(repository, reading, undefined));
    return taken.record.narrowing;
  };

  const takePush = async (lease: Lease, event: PushEvent, call?: CallOptions): Promise<Finding> => {
    const { repository } = event;
    const loaded = await records.load(repository, call);
    const reading = await readPushedFile(contents, path, event, loaded.record?.seen, call);
    if (reading === undefined) {
      const version = loaded.record?.narrowing?.version ?? "";
      return { outcome: { kind: "superseded", version }, issues: [] };
    }
    const { record, finding } = await take(loaded.record, reading, event);
    await records.save(lease, repository, record, loaded, call);
    keep(repository, record);
    return finding;
  };

  return {
    narrowing: async (repository) => {
      const key = repository.toLowerCase();
      const known = kept.get(key);
      if (known && clock.monotonicMs() - known.readAtMs < freshMs) {
        lookAgainIfDue(repository, known.record);
        return known.record.narrowing;
      }
      const running = asking.get(key) ?? ask(repository).finally(() => asking.delete(key));
      asking.set(key, running);
      return running;
    },
    handlePush: async (event, call) => {
      const { touched, repository } = event;
      if (touched !== undefined && !touched.includes(path)) return undefined;
      // Where nobody has jobs, only what says that it concerns the file is worth a call.
      const isWorthIt =
        touched !== undefined || (await records.load(repository, call)).record !== undefined;
      if (!isWorthIt) return undefined;
      const finding = await turns.run((lease) => takePush(lease, event, call), call);
      // There was no file, and there is none: nobody wants to hear of that.
      const { outcome } = finding;
      return outcome.kind === "unchanged" && outcome.version === "" ? undefined : finding;
    },
    standing: () => {
      const all = [...kept.values()];
      if (all.length === 0) return undefined;
      const refused = all.flatMap(({ repository, record: { rejected } }) =>
        rejected ? [{ repository, problem: rejected.problems[0] ?? "" }] : [],
      );
      return {
        narrowed: all.filter(({ record }) => record.narrowing !== undefined).length,
        refused: refused.slice(0, mostTold),
        more: Math.max(0, refused.length - mostTold),
      };
    },
    end: async () => {
      over.abort(new FleetError({ kind: "unavailable", message: "The watcher is closed" }));
      await Promise.allSettled([...asking.values(), ...looking.values()]);
    },
  };
}

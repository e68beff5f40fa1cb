import type { Clock } from "../../ports/clock.ts";
import type { ConfigurationSource } from "../../ports/configuration-source.ts";
import { FleetError } from "../../ports/failure.ts";
import type { Narrowing } from "../../routing/index.ts";
import type { FakeGitHub } from "../github/index.ts";
import { createDice, createStream } from "./dice.ts";
import type { FileText, PlannedFile } from "./plan-gradual.ts";
import type { Trace } from "./trace.ts";
import type { Trouble } from "./trouble.ts";

const minutes = 60_000;
/** What was looked at so long ago is looked at again, with the next job. */
const staleMs = 60 * minutes;
/** What cannot be found out within it is as it was known last. */
const patienceMs = 5_000;
/** How long it takes to look at the record, and at GitHub; shortest and longest. */
const recordMs = [2, 25] as const;
const lookMs = [60, 900] as const;
const path = ".github/runs-fleet.yml";

/** What a process was told that a repository allows itself. */
export interface NarrowingAnswer {
  readonly atMs: number;
  /** Absent: all that the configuration allows. */
  readonly narrowing: Narrowing | undefined;
}

/** The files of repositories that narrow what they are allowed, and what the fleet knows of them. */
export interface RepositoryFiles {
  /** As a process of this name is told. */
  source(who: string): ConfigurationSource;
}

/** What the files need. */
export interface RepositoryFilesOptions {
  readonly seed: number;
  readonly files: readonly PlannedFile[];
  readonly clock: Clock;
  readonly github: FakeGitHub;
  readonly trouble: Trouble;
  readonly trace: Trace;
  /** Told of every answer as it is given. */
  answered(who: string, repository: string, answer: NarrowingAnswer): void;
}

/**
 * Lets the files change at their times, each by a commit of which GitHub tells. A source knows what the last look at a repository
 * saw, looks when it is told of a push and when that was an hour ago, and keeps what it knows of a file that cannot be read.
 */
export function createRepositoryFiles(options: RepositoryFilesOptions): RepositoryFiles {
  const { seed, files, clock, github, trouble, trace } = options;
  const now = new Map<string, { readonly version: string; readonly says: FileText }>();
  const known = new Map<string, { readonly atMs: number; readonly narrowing?: Narrowing }>();
  for (const [index, { atMs, repository, says }] of files.entries()) {
    void clock.sleep(atMs).then(() => {
      now.set(repository, { version: `v${index + 1}`, says });
      const text =
        says === "gone" ? {} : { text: says === "broken" ? "narrow: [" : JSON.stringify(says) };
      trace.add("people", `${repository} says v${index + 1}: ${text.text ?? says}`);
      github.commitFile({ repository, path, push: true, ...text });
    });
  }

  const look = (repository: string): void => {
    const { version = "", says = "gone" } = now.get(repository) ?? {};
    const before = known.get(repository)?.narrowing;
    const narrowing =
      says === "broken" ? before : says === "gone" ? undefined : { version, ...says };
    known.set(repository, { atMs: clock.now(), ...(narrowing ? { narrowing } : {}) });
  };

  const source = (who: string): ConfigurationSource => {
    const dice = createDice(createStream(seed, `files by ${who}`));
    const reach = async (signal: AbortSignal | undefined): Promise<void> => {
      await clock.sleep(dice.whole(...recordMs), signal);
      const [lost] = trouble.active("files-unknown");
      if (!lost?.dice.chance(lost.rate)) return;
      trace.add(who, "cannot reach what is known of files");
      throw new FleetError({ kind: "unavailable", message: "The record is out of reach" });
    };
    const isReadable = (): boolean => trouble.active("files-unreadable").length === 0;
    const answer = (repository: string): Narrowing | undefined => {
      const narrowing = known.get(repository)?.narrowing;
      options.answered(who, repository, { atMs: clock.now(), narrowing });
      return narrowing;
    };
    return {
      handlePush: async ({ repository }, call) => {
        await reach(call?.signal);
        await clock.sleep(dice.whole(...lookMs), call?.signal);
        if (!isReadable()) throw new FleetError({ kind: "unavailable", message: "GitHub is down" });
        look(repository);
      },
      narrowing: async (repository, call) => {
        await reach(call?.signal);
        const { atMs = Number.NEGATIVE_INFINITY } = known.get(repository) ?? {};
        if (clock.now() - atMs < staleMs) return answer(repository);
        if (!isReadable()) {
          await clock.sleep(patienceMs, call?.signal);
          return answer(repository);
        }
        await clock.sleep(dice.whole(...lookMs), call?.signal);
        look(repository);
        return answer(repository);
      },
      poll: async () => undefined,
      standing: async () => undefined,
    };
  };
  return { source };
}

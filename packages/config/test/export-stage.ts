import { setImmediate } from "node:timers/promises";
import type { Clock } from "@runs-fleet/core";
import {
  createFakeGitHub,
  createSeededEntropy,
  createVirtualClock,
  type FakeGitHub,
  type FakeGitHubLimits,
  type VirtualClock,
} from "@runs-fleet/core/testing";
import type { ExportFiles } from "../src/jobs-export/export-files.ts";
import { type ExportOptions, exportJobs } from "../src/jobs-export/export-jobs.ts";
import type { ExportedJob } from "../src/jobs-export/exported-job.ts";
import type { ExportSummary } from "../src/jobs-export/summary.ts";
import { createMemoryFiles, type MemoryFiles } from "./memory-files.ts";

/** When exports of tests run, epoch milliseconds: 2026-11-01 in UTC. */
export const exportNowMs = 1_793_491_200_000;
export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** An organisation on record, and exports of it. */
export interface ExportStage {
  readonly clock: VirtualClock;
  readonly github: FakeGitHub;
  readonly memory: MemoryFiles;
  readonly token: string;
  /** Runs an export to its end, however long it waits. */
  run(options?: Partial<ExportOptions>, files?: ExportFiles): Promise<ExportSummary>;
  /** The lines of the output. */
  lines(): readonly ExportedJob[];
}

/** The week before {@link exportNowMs}, everything taken in. */
export const wholeWeek = {
  fromMs: exportNowMs - 7 * dayMs,
  toMs: exportNowMs,
  hosted: false,
  firstAttempts: false,
  labels: [],
  repositories: [],
} as const;

/** A clock that knows whether somebody sleeps a countdown's second on it, and not only until an answer is overdue. */
export function watchWaits(clock: VirtualClock) {
  let waits = 0;
  const watched: Clock = {
    now: clock.now,
    monotonicMs: clock.monotonicMs,
    sleep: async (delayMs, signal) => {
      const counts = delayMs <= 1_000;
      if (counts) waits += 1;
      try {
        await clock.sleep(delayMs, signal);
      } finally {
        if (counts) waits -= 1;
      }
    },
  };
  return { clock: watched, isWaiting: () => waits > 0 };
}

/** Lets virtual time pass until `work` has settled: a step whenever nothing else happens and `may` says so. */
export async function passTime<T>(
  clock: VirtualClock,
  work: Promise<T>,
  may: () => boolean = () => true,
): Promise<T> {
  let settled = false;
  const end = (): void => {
    settled = true;
  };
  work.then(end, end);
  for (let turn = 1; !settled; turn += 1) {
    await setImmediate();
    // An answer takes some turns of the event loop, and no time.
    if (turn % 8 === 0 && may()) await clock.advance(1_000);
  }
  return work;
}

/** A stage with the organisation `acme`. */
export function createExportStage(limits: FakeGitHubLimits = { corePerHour: false }): ExportStage {
  const clock = createVirtualClock(exportNowMs);
  const github = createFakeGitHub({ clock, entropy: createSeededEntropy(7), limits });
  const memory = createMemoryFiles();
  const token = github.readToken("acme");
  return {
    clock,
    github,
    memory,
    token,
    run: (options = {}, files = memory.process()) =>
      passTime(
        clock,
        exportJobs({
          organisation: "acme",
          token,
          baseUrl: "https://github.fake",
          rules: wholeWeek,
          rangeWords: "7d..now",
          lookBackMs: 35 * dayMs,
          fetch: github.fetch,
          clock,
          files,
          ...options,
        }),
      ),
    lines: () =>
      (memory.contents.get("output") ?? "")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as ExportedJob),
  };
}

import type { GitHubClient, PushEvent, StateStore } from "@runs-fleet/core";
import { createMemoryStore } from "@runs-fleet/core/embedded";
import {
  createFakeGitHub,
  createSeededEntropy,
  createVirtualClock,
} from "@runs-fleet/core/testing";
import {
  type ConfigWatcherOptions,
  createConfigWatcher,
} from "../src/watch/create-config-watcher.ts";

/** Where the configuration under test lies. */
export const repository = "acme/.github-private";
/** Its file. */
const path = ".github/runs-fleet.yml";

/** A configuration with pools of these hot machines. */
export function fileOf(pools: Readonly<Record<string, number>>, more = ""): string {
  const lines = Object.entries(pools).map(
    ([name, hot]) => `  ${name}: { default: { hot: ${hot} }, limits: { machines: 200 } }`,
  );
  return `version: 1
environments: { ci: { regions: [us-east-1] } }
pools:${lines.length === 0 ? " {}" : `\n${lines.join("\n")}`}
policies: [{ name: all, repositories: ["acme/*"], allow: {} }]
${more}`;
}

/** Around which call a process dies: before it has its effect, or after. */
export interface Death {
  /** Number of the call, from 0. */
  readonly call: number;
  readonly when: "before" | "after";
}

/** A GitHub with the file's repository, a store, and processes that watch. */
export function watchedFile() {
  const clock = createVirtualClock(Date.UTC(2026, 10, 28));
  const entropy = createSeededEntropy(1);
  const github = createFakeGitHub({ clock, entropy });
  const store = createMemoryStore({ clock });
  const latest = new Map<string, string>();
  let pushes = 0;

  /** Commits files, and answers the push that GitHub would tell of. */
  const push = (
    files: Readonly<Record<string, string | undefined>>,
    where: string = repository,
  ): PushEvent => {
    const before = latest.get(where) ?? "0".repeat(40);
    let after = before;
    for (const [name, text] of Object.entries(files)) {
      after = github.commitFile({
        repository: where,
        path: name === "" ? path : `.github/${name}`,
        ...(text === undefined ? {} : { text }),
      });
    }
    latest.set(where, after);
    pushes += 1;
    return {
      kind: "push",
      repository: where,
      ref: "refs/heads/main",
      defaultBranch: "main",
      before,
      after,
      deleted: false,
      deliveryId: `push-${pushes}`,
      receivedAtMs: clock.now(),
    };
  };

  /** A process of its own, which may die. */
  const watcher = (options: Partial<ConfigWatcherOptions> = {}, death?: Death) => {
    const calls: string[] = [];
    let isDead = false;
    const doomed = <A extends readonly unknown[], R>(
      name: string,
      call: (...args: A) => Promise<R>,
    ) => {
      return async (...args: A): Promise<R> => {
        const number = calls.push(name) - 1;
        const isLast = number === death?.call;
        if (isLast && death?.when === "before") isDead = true;
        if (isDead) throw new Error("dead");
        const result = await call(...args);
        if (isLast) isDead = true;
        if (isDead) throw new Error("dead");
        return result;
      };
    };
    const { leases } = store;
    const own: StateStore = {
      ...store,
      leases: {
        acquire: doomed("acquire", leases.acquire),
        renew: doomed("renew", leases.renew),
        release: doomed("release", leases.release),
      },
      commit: doomed("commit", store.commit),
      get: doomed("get", store.get),
    };
    const client: Pick<GitHubClient, "contents" | "checks"> = {
      contents: { read: doomed("read", github.client.contents.read) },
      checks: { report: doomed("report", github.client.checks.report) },
    };
    const made = createConfigWatcher({
      github: client,
      store: own,
      repository,
      pollIntervalMs: 0,
      clock,
      entropy,
      ...options,
    });
    return { ...made, calls, isDead: () => isDead };
  };

  /** Lets time pass until something is over. */
  const settled = async <T>(running: Promise<T>): Promise<T> => {
    let isOver = false;
    running.then(
      () => {
        isOver = true;
      },
      () => {
        isOver = true;
      },
    );
    for (let passed = 0; !isOver && passed < 200_000; passed += 100) await clock.advance(100);
    return running;
  };

  return { clock, github, store, push, watcher, settled };
}

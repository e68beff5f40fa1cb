import { basename } from "node:path";
import process from "node:process";
import { type ConfigWatcher, createConfigWatcher, type FleetConfig } from "@runs-fleet/config";
import {
  type Catalog,
  type ConfigurationSource,
  FleetError,
  type GitHubClient,
  type PushEvent,
  type StateStore,
  systemClock,
} from "@runs-fleet/core";
import { readCatalog, unsafePolicy } from "./catalog.ts";
import { type GitDirectory, openGitDirectory } from "./git-directory.ts";
import type { Settings } from "./settings.ts";

/** Where the host's configuration comes from. */
export interface Configuration extends AsyncDisposable {
  /** What is in force. */
  readonly catalog: () => Promise<Catalog>;
  /** What keeps it up to date. Absent: a file that is read now and then. */
  readonly source?: ConfigurationSource;
  /** Resolves when a configuration is in force, however long that takes. */
  ready(): Promise<void>;
  /** Begins to tell of commits to a clone on this machine. */
  watch(told: (push: PushEvent) => Promise<void>): void;
}

const lookMs = 2_000;

const say = (line: string): void => void process.stdout.write(`config: ${line}\n`);

/** Opens the configuration that the settings name: a catalog file, a repository at GitHub, or a clone on this machine. */
export function openConfiguration(
  settings: Pick<Settings, "catalogFile" | "config">,
  parts: { readonly github: GitHubClient; readonly store: StateStore },
): Configuration {
  const { catalogFile, config } = settings;
  if (config === undefined) {
    return {
      catalog: () => readCatalog(catalogFile),
      ready: () => Promise.resolve(),
      watch: () => undefined,
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
  const { directory } = config;
  const repository =
    config.repository ?? `local/${basename(directory ?? "").replace(/[^\w.-]/g, "-")}`;
  const clone =
    directory === undefined
      ? undefined
      : openGitDirectory(directory, repository, parts.github, say);
  const watcher = createConfigWatcher({
    github: clone?.github ?? parts.github,
    store: parts.store,
    repository,
    path: config.path,
    pollIntervalMs: config.pollMs,
    accept,
    onNote: (code, message) => say(`${code}: ${message}`),
  });
  const over = new AbortController();
  let watching: Promise<void> | undefined;
  return {
    catalog: async () => {
      const current = await watcher.current();
      if (current) return current.config.catalog;
      const message = `No configuration is in force: ${config.path} was never sound, or never there`;
      throw new FleetError({ kind: "config", message });
    },
    source: watcher,
    ready: () => untilApplied(watcher, clone, config.path),
    watch: (told) => {
      watching = clone?.watch(told, over.signal);
    },
    [Symbol.asyncDispose]: async () => {
      over.abort(new Error("The host ends"));
      await watching;
      await watcher[Symbol.asyncDispose]();
    },
  };
}

/** Looks until something is in force. Without it every job would be refused, and refusals are for good. */
async function untilApplied(
  watcher: ConfigWatcher,
  clone: GitDirectory | undefined,
  path: string,
): Promise<void> {
  const where = clone === undefined ? "the repository" : "the clone";
  for (let looks = 0; (await watcher.current()) === undefined; looks += 1) {
    if (looks > 0) await systemClock.sleep(lookMs);
    const outcome = await watcher.poll();
    if (looks > 0 || outcome.kind === "applied") continue;
    say(`waiting for a sound ${path} in ${where}`);
    if (outcome.kind === "kept-last-good") say(outcome.cause.message);
    if (outcome.kind === "rejected") {
      for (const { file, start, message } of outcome.issues)
        say(`${file}:${start.line}: ${message}`);
    }
  }
}

/** Why this host cannot serve a configuration. */
function accept({ catalog }: FleetConfig): string | undefined {
  const unsafe = unsafePolicy(catalog);
  if (unsafe !== undefined) return unsafe;
  const own = catalog.environments.find(({ name }) => name === "local");
  return own?.regions.includes("local")
    ? undefined
    : "This host serves the environment local in the region local, and the file has none";
}

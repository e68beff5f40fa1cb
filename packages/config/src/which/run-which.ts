import type { RoutedJob, Visibility } from "@runs-fleet/core";
import { openConfig } from "../check/open-config.ts";
import { paintFor } from "../cli/paint.ts";
import type { VerbContext } from "../cli/verb.ts";
import { openRepositoryFile } from "../repository/open-repository-file.ts";
import { formatWhich, formatWhichByPolicy } from "./format-which.ts";
import { whichByPolicy, whichMachine } from "./which-machine.ts";

/** What the command line asked for. */
export interface WhichOptions {
  readonly config: string;
  readonly format: "text" | "json";
  readonly repository?: string;
  readonly visibility: Visibility;
  readonly fork?: boolean;
  /** Custom properties of the repository. */
  readonly property: ReadonlyMap<string, string>;
  /** The repository's own file. */
  readonly narrow?: string;
}

/** Tells what a job with these labels would get. */
export async function runWhich(
  written: readonly string[],
  options: WhichOptions,
  context: VerbContext,
): Promise<0 | 1 | 2> {
  const { host, report } = context;
  // A single argument may be a list, as GitHub shows it.
  const labels = (written.length === 1 ? (written[0] ?? "").split(",") : written)
    .map((label) => label.trim())
    .filter((label) => label !== "");
  if (labels.length === 0) {
    report([{ code: "wrong-option", message: "Name at least one label" }]);
    return 2;
  }
  const { repository, visibility, fork = false, property, narrow, format } = options;
  if (repository === undefined && (fork || property.size > 0 || narrow !== undefined)) {
    const message =
      "--fork, --property and --narrow say something of a repository; name it with --repository";
    report([{ code: "wrong-option", message }]);
    return 2;
  }
  const opened = await openConfig(context, options.config);
  if (!opened.ok) return opened.exitCode;
  const { config } = opened;
  const atMs = host.clock.now();
  const told = { labels, config, paint: paintFor(host.out, host.env) };

  if (repository === undefined) {
    const answers = whichByPolicy(config, labels, atMs);
    host.out.write(
      format === "json"
        ? `${JSON.stringify({ labels, policies: answers }, undefined, 2)}\n`
        : formatWhichByPolicy(answers, told),
    );
    return answers.some(({ which }) => which.kind === "served") ? 0 : 1;
  }
  const own = narrow === undefined ? undefined : await openRepositoryFile(context, narrow, config);
  if (own?.ok === false) return own.exitCode;
  const job: RoutedJob = {
    repository,
    visibility,
    fork,
    ...(own === undefined ? {} : { narrowing: own.narrowing }),
    ...(property.size > 0 ? { properties: Object.fromEntries(property) } : {}),
  };
  const which = whichMachine(config, labels, job, atMs);
  host.out.write(
    format === "json"
      ? `${JSON.stringify({ labels, job, ...which }, undefined, 2)}\n`
      : formatWhich(which, job, told),
  );
  return which.kind === "served" ? 0 : 1;
}

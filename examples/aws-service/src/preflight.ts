import { FleetError, type GitHubClient, systemClock } from "@runs-fleet/core";
import type { ControllerAdapters, SharedAdapters } from "./adapters.ts";
import { unservable } from "./catalog.ts";
import type { CommonSettings } from "./settings.ts";

/** What one look at the outside showed. */
export interface Finding {
  /** What was looked at. */
  readonly what: string;
  /** How it is: `wrong` needs a person, `away` may pass by itself. */
  readonly verdict: "ok" | "wrong" | "away";
  /** What an operator has to know: what failed, and what helps. Empty when it is well. */
  readonly words: string;
}

/** What is looked at. */
export interface PreflightSubjects {
  readonly settings: CommonSettings;
  readonly shared: Pick<SharedAdapters, "catalog" | "store" | "lookAtDemand">;
  readonly controller?: Pick<ControllerAdapters, "provider" | "lookAtReports" | "lookAtNotices">;
  readonly github?: Pick<GitHubClient, "deliveries">;
}

/** Kinds of failure that do not pass by themselves. */
const needsPerson: ReadonlySet<string> = new Set(["auth", "config", "not-found", "quota"]);

const advice: Readonly<Record<string, string>> = {
  auth: "Look at the credentials and the policy of this process; runs-fleet-aws doctor names the action that is missing.",
  config: "runs-fleet-aws stack status shows what is missing, runs-fleet-aws stack apply makes it.",
  "not-found":
    "runs-fleet-aws stack status shows what is missing, runs-fleet-aws stack apply makes it.",
};

/** Looks at everything the process needs, without changing anything. All looks are taken, whatever fails. */
export async function preflight(subjects: PreflightSubjects): Promise<readonly Finding[]> {
  const { settings, shared, controller, github } = subjects;
  const { environment, region, tablePrefix } = settings;
  const looks: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["catalog", () => readCatalog(subjects)],
    ["queue of jobs", () => shared.lookAtDemand()],
    ...(controller === undefined
      ? []
      : ([
          [`tables ${tablePrefix}*`, () => firstOf(shared.store.load(`${environment}/${region}`))],
          ["queue of reports", () => controller.lookAtReports()],
          ["queue of notices", () => controller.lookAtNotices()],
          ["machines", () => controller.provider.list({ environment, region })],
        ] as const)),
    ...(github === undefined
      ? []
      : [["GitHub App", () => firstOf(github.deliveries.listFailed(systemClock.now()))] as const]),
  ];
  return Promise.all(looks.map(([what, look]) => finding(what, look)));
}

async function readCatalog({ settings, shared }: PreflightSubjects): Promise<void> {
  const { configuration } = settings;
  const problem = unservable(await shared.catalog(), settings);
  if (problem !== undefined) {
    const what =
      "catalog" in configuration
        ? `The catalog ${configuration.catalog}`
        : `${configuration.path} of ${configuration.repository}`;
    throw new FleetError({ kind: "unknown", message: `${what} ${problem}` });
  }
}

async function firstOf(all: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of all) return;
}

async function finding(what: string, look: () => Promise<unknown>): Promise<Finding> {
  try {
    await look();
    return { what, verdict: "ok", words: "" };
  } catch (error) {
    if (!FleetError.isInstance(error)) throw error;
    const { kind, message } = error;
    const isCatalog = what === "catalog" && kind !== "auth";
    const wrong = isCatalog || needsPerson.has(kind);
    const help = isCatalog || what === "GitHub App" ? undefined : advice[kind];
    return {
      what,
      verdict: wrong ? "wrong" : "away",
      words: help === undefined ? message : `${message.replace(/\.?$/, ".")} ${help}`,
    };
  }
}

import { suggest } from "../cli/suggest.ts";
import type { FieldIssue } from "../issues/issue.ts";
import type { Fields } from "./fields.ts";
import { quoted, type TellLoss } from "./losses.ts";
import { mapNames } from "./names.ts";
import type { RunsOnFile } from "./read-file.ts";
import { topKeys } from "./runs-on-form.ts";
import { type ImportedImage, translateImages } from "./translate-images.ts";
import { type ImportedPool, translatePools } from "./translate-pools.ts";
import { translateRunner } from "./translate-runner.ts";

/** What RunsOn's file does not say. */
export interface ImportChoices {
  /** Region of the environments. Absent: `us-east-1`, and that it is a guess is told. */
  readonly region?: string;
  /** Globs of the repositories that are served. Absent: all. */
  readonly repositories?: readonly string[];
}

/** A configuration of ours before it is written. */
export interface ImportedFile {
  readonly environments: readonly string[];
  readonly defaultEnvironment: string;
  readonly region: string;
  readonly repositories: readonly string[];
  readonly images: readonly ImportedImage[];
  readonly runners: readonly {
    readonly name: string;
    readonly fields: Fields;
    readonly path: readonly (string | number)[];
  }[];
  readonly pools: readonly ImportedPool[];
  /** How often jobs are run again, when it is not the usual. */
  readonly reruns?: number;
  /** Whether jobs of Dependabot, which have its label alone, go to the pool of its name. */
  readonly servesDependabot: boolean;
}

const usualRegion = "us-east-1";
const usualEnvironment = "production";

/** Translates a file of RunsOn. */
export function translateFile(
  file: RunsOnFile,
  { region, repositories }: ImportChoices,
  tell: TellLoss,
  problem: (issue: FieldIssue) => void,
): ImportedFile {
  tellTop(file, tell);
  const images = translateImages(file, tell);
  const names = mapNames(file.runners.keys(), "runner");
  const translated = [...file.runners].map(([theirs, runner]) => {
    const name = names.get(theirs) ?? theirs;
    const path = ["runners", theirs];
    if (name !== theirs) {
      tell(
        "changed",
        path,
        `Is called ${name} here: jobs that say runner=${theirs.slice(0, 63)} have to say that`,
      );
    }
    return { theirs, name, path, ...translateRunner(runner, theirs, images, tell) };
  });
  const onDemand = new Set(
    translated.filter(({ fields }) => fields["spot"] === false).map(({ theirs }) => theirs),
  );
  const { pools, environments } = translatePools(file, { runners: names, onDemand, tell, problem });
  tellPools(pools, environments, tell);
  const reruns = rerunsOf(translated, tell);
  if (region === undefined) {
    const message = `RunsOn's region is that of its stack, which its file does not say: ${usualRegion} is a guess`;
    tell("changed", [], message, "environments");
  }
  tell(
    "changed",
    [],
    "Images that only the labels of jobs name, such as image=ubuntu22-full-x64, have to stand under images; without image, a job has the usual one of its system",
  );
  const message =
    "RunsOn serves every repository in which its App is installed; here a policy allows it, and private and internal ones only, unless visibility says more";
  tell("changed", [], message, "policies");
  return {
    environments,
    defaultEnvironment: environments.includes(usualEnvironment)
      ? usualEnvironment
      : (environments[0] ?? usualEnvironment),
    region: region ?? usualRegion,
    repositories: repositories ?? ["*"],
    images: [...images.values()],
    runners: translated,
    pools,
    servesDependabot: pools.some(({ name }) => name === "dependabot"),
    ...(reruns === undefined ? {} : { reruns }),
  };
}

function tellTop({ extended, admins, otherKeys }: RunsOnFile, tell: TellLoss): void {
  if (extended !== undefined) {
    const message = `Files of repositories do not extend another: import the one of ${quoted(extended)} as well, and put the two together`;
    tell("dropped", ["_extends"], message);
  }
  if (admins.length > 0) {
    tell("dropped", ["admins"], "Nobody logs in to machines by SSH");
  }
  for (const key of otherKeys) {
    const near = suggest(key, topKeys);
    const message =
      near === undefined
        ? "Means nothing to RunsOn; what its anchors hold is written out where it is used"
        : `Means nothing to RunsOn; was ${near} meant?`;
    tell("dropped", [key], message);
  }
}

function tellPools(
  pools: readonly ImportedPool[],
  environments: readonly string[],
  tell: TellLoss,
): void {
  if (pools.length === 0) return;
  const message =
    "hot and stopped are machines that are ready and unclaimed, in total: those with jobs, and those that are booting or being replaced, come on top";
  tell("changed", ["pools"], message);
  if (pools.some(({ schedule }) => schedule.entries.some(({ fields }) => "time" in fields))) {
    const message =
      "RunsOn does not say whether hours include their end, nor what they are when the clocks change: here the end is not in them, and they follow the local clock";
    tell("ambiguous", ["pools"], message);
  }
  if (environments.length > 1) {
    const message =
      "An environment is a stack of its own with RunsOn; here all are of one configuration, in one region until you say others";
    tell("changed", ["pools"], message, "environments");
  }
}

function rerunsOf(
  runners: readonly {
    readonly theirs: string;
    readonly isNeverRetried: boolean;
  }[],
  tell: TellLoss,
): number | undefined {
  const never = runners.filter(({ isNeverRetried }) => isNeverRetried);
  if (never.length === 0) return undefined;
  const isAll = never.length === runners.length;
  for (const { theirs } of never) {
    const message = isAll
      ? "Is said for all jobs here, those that name no runner included: attempts is 0"
      : "Is said for all jobs here: those of this runner are run again once as well when their machine is taken away; a policy can say rerun for its repositories";
    tell("changed", ["runners", theirs, "retry"], message);
  }
  return isAll ? 0 : undefined;
}

import type { Catalog, Narrowing } from "../../routing/index.ts";
import { createDice, createStream, type Dice } from "./dice.ts";
import type { Fault } from "./faults.ts";
import type { Scenario } from "./plan-scenario.ts";

const minutes = 60_000;
const hours = 60 * minutes;

/** What a repository says in its own file: bounds, what nobody can read, or nothing any more. */
export type FileText = Omit<Narrowing, "version"> | "broken" | "gone";

/** A file of a repository changes. */
export interface PlannedFile {
  /** Milliseconds after the start. */
  readonly atMs: number;
  readonly repository: string;
  readonly says: FileText;
}

/** Whose jobs are served, and whose are only observed while a fleet is tried out. */
const claimed = ["acme/app", "acme/web", "acme/api"] as const;
const observed = ["acme/docs", "acme/infra"] as const;
/** Several ways to name the claimed. */
const claims: readonly [readonly string[], ...(readonly string[])[]] = [
  claimed,
  ["acme/a*", "acme/web"],
  ["acme/ap?", "ACME/w*"],
];

/**
 * Some repositories are only observed. Those that are claimed have a runner group of their own at GitHub, as the documents ask for:
 * it hands a runner to whoever its group lets in, and asks no rollout.
 */
export function withRollout(scenario: Scenario, claim: readonly string[] = claimed): Scenario {
  const { runnerGroup: _, ...rest } = scenario;
  const { catalog, groups } = scenario;
  const rollout = { claim, else: "observe" } as const;
  // These worlds keep the two apart already.
  const isApart = groups.length > 0;
  const policies = isApart
    ? catalog.policies
    : catalog.policies.flatMap((policy) => [
        { ...policy, name: "core", repositories: claimed, runnerGroup: "core" },
        { ...policy, name: "others", repositories: observed, runnerGroup: "others" },
      ]);
  return {
    ...rest,
    observed,
    groups: isApart
      ? groups
      : [
          { name: "core", repositories: claimed },
          { name: "others", repositories: observed },
        ],
    catalog: { ...catalog, policies, rollout },
  };
}

/** Developers are told of jobs that wait for longer. */
export function withUnserved(scenario: Scenario, afterMs: number): Scenario {
  const unserved: Catalog["unserved"] = { afterMs, outcome: "check-run" };
  return { ...scenario, catalog: { ...scenario.catalog, unserved } };
}

/** Repositories narrow what they are allowed. */
export function withFiles(scenario: Scenario, files: readonly PlannedFile[]): Scenario {
  return { ...scenario, files: [...files].sort((left, right) => left.atMs - right.atMs) };
}

/** Bounds as a team may set them. A machine of two vCPUs without a pool is never forbidden: every repository goes on being met. */
function drawBounds(dice: Dice, pools: readonly string[]): Omit<Narrowing, "version"> {
  const some: readonly [readonly string[], ...(readonly string[])[]] = [
    pools.slice(0, 1),
    pools.slice(1),
    ["*-b", "POOL-A"],
    ["pool-?"],
    [],
  ];
  const listed = dice.pick(some);
  const maxCpu = dice.pick([2, 3, 4, 8]);
  const maxJobs = dice.whole(1, 5);
  const maxReruns = dice.whole(0, 1);
  const bounds = {
    ...(dice.chance(0.5) ? { pools: listed } : {}),
    ...(dice.chance(0.3) ? { maxCpu } : {}),
    ...(dice.chance(0.4) ? { maxJobs } : {}),
    ...(dice.chance(0.3) ? { maxReruns } : {}),
    ...(dice.chance(0.3) ? { environments: ["c*"] } : {}),
  };
  return bounds;
}

const repositories = [...claimed, ...observed] as const;
/** The first jobs of all are over by then: whoever refuses them is never met, and not looked for. */
const firstMs = 14 * minutes;
/** From one change of a repository's file to the next, on average. */
const meanMs = 3 * hours;

/** Two or three repositories whose files come, change, break, are mended and go. */
function drawFiles(dice: Dice, pools: readonly string[], lastMs: number): readonly PlannedFile[] {
  const files: PlannedFile[] = [];
  const first = dice.whole(0, repositories.length - 1);
  const count = dice.whole(2, 3);
  for (let index = 0; index < count; index += 1) {
    const repository = repositories[(first + index) % repositories.length] ?? repositories[0];
    for (let atMs = firstMs + dice.wait(meanMs / 3); atMs < lastMs; ) {
      const lot = dice.whole(0, 9);
      const bounds = drawBounds(dice, pools);
      const says = lot < 2 ? "broken" : lot < 4 ? "gone" : bounds;
      files.push({ atMs, repository, says });
      // Now and then the next push follows at once.
      atMs += dice.chance(0.2) ? dice.whole(1, 5_000) : 5 * minutes + dice.wait(meanMs);
    }
  }
  return files;
}

/** What some worlds have and others not; drawn apart, so that all else is the same with and without. */
export function withGradual(scenario: Scenario, seed: number): Scenario {
  const dice = createDice(createStream(seed, "gradual"));
  const isRolledOut = dice.chance(0.25);
  const claim = dice.pick(claims);
  const isTold = dice.chance(0.35);
  const afterMs = dice.whole(3, 15) * minutes;
  const isNarrowed = dice.chance(0.35);
  const own = scenario.catalog.pools.filter(({ environment }) => environment === "ci");
  const files = drawFiles(
    dice,
    own.map(({ name }) => name),
    scenario.hours * hours,
  );
  const widens = dice.chance(0.4);
  let world = scenario;
  if (isRolledOut) world = { ...withRollout(world, claim), widens };
  if (isTold) world = withUnserved(world, afterMs);
  return isNarrowed ? withFiles(world, files) : world;
}

/** Where repositories narrow what they are allowed, every few hours that cannot be found out, or not in time. */
export function planFileFaults(seed: number, { hours: length, files }: Scenario): readonly Fault[] {
  if (files.length === 0) return [];
  const faults: Fault[] = [];
  const dice = createDice(createStream(seed, "faults of files"));
  for (let atMs = 20 * minutes + dice.wait(hours); atMs < length * hours; ) {
    const forMs = dice.whole(1, 8) * minutes;
    const rate = dice.pick([0.3, 1]);
    const id = `n${faults.length + 1}`;
    faults.push(
      dice.chance(0.5)
        ? { id, atMs, kind: "files-unreadable", forMs }
        : { id, atMs, kind: "files-unknown", rate, forMs },
    );
    atMs += 30 * minutes + dice.wait(5 * hours);
  }
  return faults;
}

import * as v from "valibot";
import { isFamilyName } from "./family.ts";
import { isRepositoryGlob } from "./glob.ts";
import {
  maxCpu,
  maxDiskGib,
  maxGeneration,
  maxLabelLength,
  maxLabels,
  maxRamGib,
  minDiskGib,
} from "./limits.ts";
import type { LabelAlias } from "./request.ts";
import { isName } from "./scan.ts";
import { longestTagValue, mostTags, tagKeyProblem } from "./tags.ts";

/** Most items of one kind in a catalog: pools, policies, aliases, images, runners, globs of a list. */
const maxItems = 1_000;
/** Most environments, and most regions of one. */
const maxPlaces = 64;
const yearMs = 366 * 86_400_000;
/** Most re-runs of one job: on demand, a second loss is rare, and a fifth is a machine that the job itself ends. */
const mostReruns = 5;

const text = (longest: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(longest));
const integer = (min: number, max: number) =>
  v.pipe(v.number(), v.safeInteger(), v.minValue(min), v.maxValue(max));
/** Counted before its items are looked at, so that a huge list costs nothing. */
const list = <const TItem extends v.GenericSchema>(item: TItem, longest = maxItems) =>
  v.pipe(v.array(v.unknown()), v.maxLength(longest), v.array(item));

const name = v.pipe(
  v.string(),
  v.check(
    (value) => isName(value, 0, value.length),
    "A name is lower-case letters, digits, _ and -, at most 63, and starts with a letter or digit",
  ),
);
const repositoryGlob = v.pipe(
  text(256),
  v.check(
    isRepositoryGlob,
    "A glob of repositories is owner/name with * and ?, or * alone for all",
  ),
);
const family = v.pipe(
  v.string(),
  v.check(
    (value) => isFamilyName(value, 0, value.length) && value === value.toLowerCase(),
    "A family is lower-case, such as c7g, c7* for all that begin so, or c7g.large for one type",
  ),
);
const milliseconds = integer(0, yearMs);
const machines = integer(0, 1_000_000);

const cpuCount = integer(1, maxCpu);
const memory = v.pipe(v.number(), v.finite(), v.gtValue(0), v.maxValue(maxRamGib));
const notInverted = <T extends { min: number; max?: number }>() =>
  v.check<T, string>(
    ({ min, max }) => max === undefined || min <= max,
    "The range ends below its start",
  );

const imageSource = v.pipe(
  v.strictObject({
    id: v.exactOptional(text(128)),
    owner: v.exactOptional(text(128)),
    name: v.exactOptional(text(256)),
    maxAgeMs: v.exactOptional(integer(1, 100 * yearMs)),
  }),
  v.check(
    ({ id, owner, name }) =>
      (id === undefined) !== (name === undefined) && (id === undefined || owner === undefined),
    "An image is told either by its id, or by a name and its owner",
  ),
);

const shape = v.pipe(
  v.strictObject({
    os: v.picklist(["linux", "windows"]),
    arch: v.exactOptional(v.picklist(["arm64", "x64"])),
    cpu: v.pipe(v.strictObject({ min: cpuCount, max: cpuCount }), notInverted()),
    ramGib: v.exactOptional(
      v.pipe(v.strictObject({ min: memory, max: v.exactOptional(memory) }), notInverted()),
    ),
    families: v.exactOptional(list(family, maxLabels)),
    generation: v.exactOptional(integer(1, maxGeneration)),
    diskGib: v.exactOptional(integer(minDiskGib, maxDiskGib)),
    image: v.exactOptional(name),
    imageSource: v.exactOptional(imageSource),
    spot: v.exactOptional(v.boolean()),
  }),
  v.check(({ os, arch }) => os !== "windows" || arch !== "arm64", "Windows machines are x64"),
);

const tags = v.pipe(
  v.record(v.string(), v.pipe(v.string(), v.maxLength(longestTagValue))),
  v.check((value) => Object.keys(value).length <= mostTags, `At most ${mostTags} tags`),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    for (const [key, value] of Object.entries(dataset.value)) {
      const message = tagKeyProblem(key);
      if (message === undefined) continue;
      const input = dataset.value;
      addIssue({ message, path: [{ type: "object", origin: "key", input, key, value }] });
    }
  }),
);

const ramp = v.strictObject({ step: integer(1, 1_000_000), everyMs: integer(1, yearMs) });
const repositories = list(repositoryGlob);

const pool = v.strictObject({
  name,
  environment: name,
  regions: v.pipe(
    list(
      v.strictObject({
        name,
        weight: v.exactOptional(
          v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1_000_000)),
        ),
      }),
      maxPlaces,
    ),
    v.minLength(1),
  ),
  shape,
  /** Read by scheduling, which alone knows what a schedule is. */
  schedule: v.unknown(),
  leadMs: v.exactOptional(v.union([milliseconds, v.literal("auto")])),
  holdMs: v.exactOptional(milliseconds),
  rampUp: v.exactOptional(ramp),
  rampDown: v.exactOptional(ramp),
  drainDeadlineMs: v.exactOptional(milliseconds),
  idleTimeoutMs: v.exactOptional(milliseconds),
  reuseHorizonMs: v.exactOptional(milliseconds),
  minUptimeMs: v.exactOptional(milliseconds),
  tags: v.exactOptional(tags),
  repositories: v.exactOptional(repositories),
  limits: v.strictObject({
    machines,
    createPerPass: v.exactOptional(machines),
    maxSurge: v.exactOptional(machines),
    maxUnavailable: v.exactOptional(machines),
  }),
});

const policy = v.strictObject({
  name: text(128),
  repositories,
  visibility: v.exactOptional(list(v.picklist(["public", "private", "internal"]), 3)),
  forks: v.exactOptional(v.boolean()),
  properties: v.exactOptional(v.record(text(128), v.pipe(v.string(), v.maxLength(256)))),
  runnerGroup: v.exactOptional(text(128)),
  allow: v.strictObject({
    environments: v.exactOptional(list(text(128), maxPlaces)),
    pools: v.exactOptional(list(text(128))),
    maxCpu: v.exactOptional(cpuCount),
  }),
  rerun: v.exactOptional(v.strictObject({ attempts: integer(0, mostReruns) })),
  limits: v.exactOptional(v.strictObject({ perRepository: v.exactOptional(machines) })),
});

const use = v.pipe(v.string(), v.maxLength(maxLabelLength));
const alias = v.pipe(
  v.strictObject({
    match: v.exactOptional(text(maxLabelLength)),
    labels: v.exactOptional(v.pipe(list(text(maxLabelLength), maxLabels), v.minLength(1))),
    use,
  }),
  v.check(
    ({ match, labels }) => (match === undefined) !== (labels === undefined),
    "An alias has either match or labels",
  ),
  v.transform(
    ({ match, labels, use }): LabelAlias =>
      match === undefined ? { labels: labels ?? [], use } : { match, use },
  ),
);

/** A catalog as plain data: forms and sizes of its parts, not how they fit together. */
export const catalogSchema = v.strictObject({
  version: text(256),
  defaultEnvironment: name,
  environments: v.pipe(
    list(
      v.strictObject({
        name,
        regions: v.pipe(list(name, maxPlaces), v.minLength(1)),
        machines: v.exactOptional(machines),
        tags: v.exactOptional(tags),
      }),
      maxPlaces,
    ),
    v.minLength(1),
  ),
  pools: list(pool),
  images: list(name),
  imageSources: v.exactOptional(
    v.pipe(
      v.record(name, imageSource),
      v.check((sources) => Object.keys(sources).length <= maxItems, `At most ${maxItems} images`),
    ),
  ),
  policies: list(policy),
  aliases: v.exactOptional(list(alias)),
  runners: v.exactOptional(
    v.pipe(
      v.record(name, shape),
      v.check((runners) => Object.keys(runners).length <= maxItems, `At most ${maxItems} runners`),
    ),
  ),
  unserved: v.exactOptional(
    v.strictObject({ afterMs: milliseconds, outcome: v.literal("check-run") }),
  ),
  rollout: v.exactOptional(v.strictObject({ claim: repositories, else: v.literal("observe") })),
  dialects: v.exactOptional(list(v.picklist(["runs-on"]), 1)),
});

import * as v from "valibot";
import * as is from "./scalars.ts";

const optional = v.exactOptional;

/** What a machine is, in the keys and values of labels. */
export const shapeForm = v.strictObject({
  os: optional(v.picklist(["linux", "windows"], "An os is linux or windows")),
  arch: optional(v.picklist(["arm64", "x64"], "An arch is arm64 or x64")),
  cpu: optional(is.cpu),
  ram: optional(is.ram),
  family: optional(is.oneOrMore(is.text)),
  generation: optional(is.integer),
  disk: optional(is.size),
  image: optional(is.nameText),
  spot: optional(v.boolean("spot is true or false")),
});

const capacityKeys = { hot: optional(is.machines), stopped: optional(is.machines) };

/** One line of a schedule. Its kind follows from its keys: days and time, dates, or cron. */
export const entryForm = v.strictObject({
  name: is.text,
  ...capacityKeys,
  days: optional(is.days),
  time: optional(is.time),
  /** RunsOn's form. */
  match: optional(v.strictObject({ day: optional(is.days), time: optional(is.time) })),
  dates: optional(is.oneOrMore(is.text)),
  cron: optional(is.text),
  for: optional(is.duration),
  until: optional(is.text),
  during: optional(is.text),
  spanDays: optional(is.integer),
  mode: optional(v.picklist(["set", "atLeast", "atMost"], "A mode is set, atLeast or atMost")),
  priority: optional(is.integer),
  timezone: optional(is.text),
  validFrom: optional(is.text),
  validUntil: optional(is.text),
  enabled: optional(v.boolean("enabled is true or false")),
  idleTimeout: optional(is.duration),
});

/** Days on which some entries do not happen, or differ. */
export const exceptionForm = v.strictObject({
  name: optional(is.text),
  dates: is.oneOrMore(is.text),
  entries: optional(is.oneOrMore(is.text)),
  action: optional(
    v.literal("skip", 'The one action is skip; write "as: sun" or "hot: 40" for others'),
  ),
  as: optional(is.day),
  ...capacityKeys,
});

const globs = v.array(is.glob, "Repositories are a list of owner/name, with * and ?");
const lead = v.union(
  [v.literal("auto"), is.duration],
  'A lead is auto, or a duration such as "5m"',
);

/** A pool of warm machines. */
export const poolForm = v.strictObject({
  environment: optional(is.nameText),
  regions: optional(
    v.array(
      v.union([is.nameText, v.strictObject({ name: is.nameText, weight: optional(v.number()) })]),
    ),
  ),
  runner: optional(v.union([is.nameText, shapeForm], "A runner is the name of one, or its shape")),
  timezone: optional(is.text),
  default: optional(v.strictObject(capacityKeys)),
  schedule: optional(v.array(entryForm, "A schedule is a list of entries")),
  exceptions: optional(v.array(exceptionForm, "Exceptions are a list")),
  min: optional(v.strictObject(capacityKeys)),
  max: optional(v.strictObject(capacityKeys)),
  lead: optional(lead),
  hold: optional(is.duration),
  ramp: optional(v.strictObject({ up: optional(is.ramp), down: optional(is.ramp) })),
  drainDeadline: optional(is.duration),
  idleTimeout: optional(is.duration),
  reuseHorizon: optional(is.duration),
  minUptime: optional(is.duration),
  repositories: optional(globs),
  limits: v.strictObject({
    machines: is.machines,
    createPerPass: optional(is.machines),
    maxSurge: optional(is.machines),
    maxUnavailable: optional(is.machines),
  }),
});

/** Who may use what; the first rule that allows wins. */
const policyForm = v.strictObject({
  name: is.text,
  repositories: globs,
  visibility: optional(
    v.array(
      v.picklist(["public", "private", "internal"], "A visibility is public, private or internal"),
    ),
  ),
  forks: optional(v.boolean("forks is true or false")),
  properties: optional(v.record(is.text, is.text)),
  runnerGroup: optional(is.text),
  allow: v.strictObject({
    environments: optional(v.array(is.text)),
    pools: optional(v.array(is.text)),
    maxCpu: optional(is.integer),
  }),
  rerun: optional(v.strictObject({ attempts: is.integer })),
  limits: optional(v.strictObject({ perRepository: optional(is.machines) })),
});

const aliasForm = v.union(
  [
    v.strictObject({ match: is.text, use: is.text }),
    v.strictObject({ labels: v.array(is.text), use: is.text }),
    v.strictObject({ dialect: v.literal("runs-on") }),
  ],
  "An alias is match and use, labels and use, or dialect: runs-on",
);

/** The file `runs-fleet.yml`, version 1, as people write it; what comes out has its units resolved. */
export const fileForm = v.strictObject({
  version: v.literal(1, "The version of the file's form is 1"),
  include: optional(is.includes),
  defaults: optional(
    v.strictObject({
      environment: optional(is.nameText),
      timezone: optional(is.text),
      spot: optional(v.boolean("spot is true or false")),
      idleTimeout: optional(is.duration),
      lead: optional(lead),
    }),
  ),
  calendars: optional(v.record(is.nameText, is.oneOrMore(is.text))),
  environments: v.record(
    is.nameText,
    v.strictObject({
      regions: v.array(is.nameText, "Regions are a list of their names"),
      limits: optional(v.strictObject({ machines: optional(is.machines) })),
    }),
  ),
  images: optional(
    v.record(
      is.nameText,
      v.strictObject({
        os: optional(v.picklist(["linux", "windows"], "An os is linux or windows")),
        arch: optional(v.picklist(["arm64", "x64"], "An arch is arm64 or x64")),
        owner: optional(is.text),
        name: optional(is.text),
        ami: optional(is.text),
        maxAge: optional(is.duration),
      }),
    ),
  ),
  runners: optional(v.record(is.nameText, shapeForm)),
  pools: optional(v.record(is.nameText, poolForm)),
  policies: v.array(policyForm, "Policies are a list of rules"),
  aliases: optional(v.array(aliasForm, "Aliases are a list")),
  unserved: optional(
    v.strictObject({
      after: is.duration,
      // biome-ignore lint/suspicious/noThenProperty: the file's word; nobody awaits this schema.
      then: v.literal("check-run", "What happens is check-run"),
    }),
  ),
  interruption: optional(
    v.strictObject({ rerun: optional(v.strictObject({ attempts: is.integer })) }),
  ),
  rollout: optional(
    v.strictObject({
      claim: globs,
      else: v.literal("observe", "The others are only observed: else is observe"),
    }),
  ),
});

/** The file with its units resolved. */
export type FileForm = v.InferOutput<typeof fileForm>;
/** A pool of it. */
export type PoolForm = v.InferOutput<typeof poolForm>;
/** A shape of it. */
export type ShapeForm = v.InferOutput<typeof shapeForm>;
/** A line of a schedule. */
export type EntryForm = v.InferOutput<typeof entryForm>;
/** An exception of a schedule. */
export type ExceptionForm = v.InferOutput<typeof exceptionForm>;

import * as v from "valibot";
import * as hours from "./hours.ts";
import { mapping, mappingOf } from "./mapping.ts";
import { noted, optional, required } from "./notes.ts";
import { aliasForm, policyForm, rerun } from "./policy-form.ts";
import { lead, poolForm } from "./pool-form.ts";
import { arch, os, shapeForm } from "./shape-form.ts";
import * as text from "./texts.ts";
import * as unit from "./units.ts";

export type { PoolForm } from "./pool-form.ts";
export type { EntryForm, ExceptionForm } from "./schedule-form.ts";
export type { ShapeForm } from "./shape-form.ts";

const defaultsForm = mapping({
  environment: optional(text.nameText, "Environment of pools and jobs that name none.", {
    otherwise: "the first of the file",
    examples: ["ci"],
  }),
  timezone: optional(text.text, "Time zone of schedules that name none, by its IANA name.", {
    type: "a time zone",
    default: "UTC",
    examples: ["Europe/Berlin"],
  }),
  spot: optional(
    text.truth("spot"),
    "Whether spot capacity may be bought where a runner does not say it.",
    { default: true, examples: [false] },
  ),
  idleTimeout: optional(
    unit.duration,
    "How long a machine too many waits for a job before it goes.",
    { default: "10m", examples: ["20m"] },
  ),
  lead: optional(
    lead,
    "How long before a rise of a schedule its machines are bought; auto learns it from the pool's own boots.",
    { otherwise: "none" },
  ),
});

const environmentForm = noted(
  mapping({
    regions: required(
      noted(v.array(text.name, "Regions are a list of their names"), { type: "a list of names" }),
      "Where machines are bought, in order of preference.",
      { examples: [["eu-central-1", "eu-west-1"]] },
    ),
    limits: optional(
      mapping({
        machines: optional(unit.machines, "Most machines of the environment at once.", {
          otherwise: "no bound",
          examples: [700],
        }),
      }),
      "What the environment never exceeds.",
      { examples: [{ machines: 700 }] },
    ),
    tags: optional(text.tags, "Tags of all its machines and their volumes, for cost reports.", {
      examples: [{ "cost-center": "4711" }],
    }),
  }),
  { type: "an environment" },
);

const imageForm = noted(
  mapping({
    os: optional(os, "Operating system of the image.", {
      otherwise: "as the runner says, else `linux`",
    }),
    arch: optional(arch, "Architecture of the image.", { otherwise: "as the runner says" }),
    owner: optional(
      text.imageOwner,
      "Account that owns the image: self, amazon, aws-marketplace, or its number.",
      {
        otherwise: "`self`",
        examples: ["self", "099720109477"],
      },
    ),
    name: optional(text.text, "Name of the image, with * and ?; of several the newest is meant.", {
      examples: ["acme-ubuntu24-*"],
    }),
    ami: optional(text.imageId, "The image itself, by its id, in place of owner and name.", {
      examples: ["ami-0123456789abcdef0"],
    }),
    maxAge: optional(unit.duration, "Age from which on nothing is launched from the image.", {
      otherwise: "no bound",
      examples: ["25d"],
    }),
  }),
  { type: "an image" },
);

/** The file `runs-fleet.yml`, version 1, as people write it; what comes out has its units resolved. */
export const fileForm = mapping({
  version: required(
    v.literal(1, "The version of the file's form is 1"),
    "Version of the file's form.",
  ),
  include: optional(
    text.includes,
    "Further files of the same directory with calendars, images, runners and pools of their own: teams own theirs.",
  ),
  defaults: optional(defaultsForm, "What holds where nothing else is said.", {
    examples: [{ timezone: "Europe/Berlin", spot: true }],
  }),
  calendars: optional(
    mappingOf(
      text.nameText,
      noted(text.oneOrMore(hours.dates), { type: "a date, a range, or a list of such" }),
    ),
    "Lists of dates by name: holidays are written down once.",
    { examples: [{ de: ["2026-12-24..2026-12-26", "2027-01-01"] }] },
  ),
  environments: required(
    mappingOf(text.name, environmentForm),
    "Where machines may be bought, by name; at least one.",
    { examples: [{ ci: { regions: ["eu-central-1"] } }] },
  ),
  images: optional(
    mappingOf(text.name, imageForm),
    "What machines boot, by the name that labels and runners say. Of one without ami and name the host alone knows which image it is.",
    { examples: [{ ubuntu: { os: "linux", owner: "self", name: "acme-ubuntu24-*" } }] },
  ),
  runners: optional(
    mappingOf(text.name, shapeForm),
    "Machines by name, as pools and labels refer to them.",
    { examples: [{ std: { cpu: 4, ram: 16, arch: "arm64" } }] },
  ),
  pools: optional(
    mappingOf(text.name, poolForm),
    "Machines that are kept warm, by the name that labels say: runs-on: runs-fleet/pool=linux.",
    { examples: [{ linux: { runner: "std", default: { hot: 2 }, limits: { machines: 40 } } }] },
  ),
  policies: required(
    v.array(policyForm, "Policies are a list of rules"),
    "Who may use what: the first rule that allows wins; a repository that no rule allows is refused.",
    {
      examples: [[{ name: "everyone", repositories: ["acme/*"], allow: {} }]],
    },
  ),
  aliases: optional(
    v.array(aliasForm, "Aliases are a list"),
    "Other labels that are understood; the first that matches counts.",
    {
      examples: [[{ labels: ["self-hosted", "linux"], use: "pool=linux" }, { dialect: "runs-on" }]],
    },
  ),
  unserved: optional(
    mapping({
      after: required(unit.duration, "How long such a job waits before its developer is told.", {
        examples: ["20m"],
      }),
      // biome-ignore lint/suspicious/noThenProperty: the file's word; nobody awaits this schema.
      then: required(
        v.literal("check-run", "What happens is check-run"),
        "How the developer is told: by a check run on the commit.",
      ),
    }),
    "What happens to a job that cannot be served.",
    // biome-ignore lint/suspicious/noThenProperty: as above.
    { otherwise: "it waits", examples: [{ after: "20m", then: "check-run" }] },
  ),
  interruption: optional(
    mapping({
      rerun: optional(rerun, "How often the job is run again, where its rule does not say it.", {
        otherwise: "once",
        examples: [{ attempts: 1 }],
      }),
    }),
    "What happens to a job whose machine was taken away while it ran.",
    { examples: [{ rerun: { attempts: 1 } }] },
  ),
  rollout: optional(
    mapping({
      claim: required(text.globs, "Repositories whose jobs are served.", {
        examples: [["acme/sandbox-*"]],
      }),
      else: required(
        v.literal("observe", "The others are only observed: else is observe"),
        "What happens to the jobs of all others: they are routed, planned and recorded, and get no machine.",
      ),
    }),
    "For whom jobs are served, while you try it out.",
    { otherwise: "for everybody", examples: [{ claim: ["acme/sandbox-*"], else: "observe" }] },
  ),
});

/** The file with its units resolved. */
export type FileForm = v.InferOutput<typeof fileForm>;

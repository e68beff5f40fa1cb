import * as v from "valibot";
import { mapping } from "./mapping.ts";
import { noted, optional, required } from "./notes.ts";
import { capacity, entryForm, exceptionForm, hotText, stoppedText } from "./schedule-form.ts";
import { shapeForm } from "./shape-form.ts";
import * as text from "./texts.ts";
import * as unit from "./units.ts";

/** How long before a rise its machines are bought. */
export const lead = noted(
  v.union([v.literal("auto"), unit.duration], 'A lead is auto, or a duration such as "5m"'),
  { type: "`auto`, or a duration", examples: ["auto", "5m"] },
);

const region = v.union(
  [
    text.nameText,
    mapping({
      name: required(text.nameText, "Name of a region of the environment.", {
        examples: ["eu-central-1"],
      }),
      weight: optional(
        noted(
          v.pipe(
            v.number("A weight is a number"),
            v.minValue(0, "A weight is at least 0"),
            v.maxValue(1_000_000, "A weight is at most 1,000,000"),
          ),
          { type: "a number, 0 to 1,000,000" },
        ),
        "Share of the region, in proportion to the weights of the others.",
        { default: 1, examples: [2] },
      ),
    }),
  ],
  "A region is its name, or name and weight",
);

/** A pool of warm machines. */
export const poolForm = noted(
  mapping({
    environment: optional(text.nameText, "Name of the environment that its machines belong to.", {
      otherwise: "`environment` of `defaults`, else the first of the file",
      examples: ["ci"],
    }),
    regions: optional(
      v.array(region, "Regions are a list"),
      "Where its machines are bought, each with its share of the pool's totals.",
      {
        type: "a list of regions",
        otherwise: "those of the environment, in equal shares",
        examples: [["eu-central-1"], [{ name: "eu-central-1", weight: 2 }, "eu-west-1"]],
      },
    ),
    runner: optional(
      v.union([text.nameText, shapeForm], "A runner is the name of one, or its shape"),
      "What its machines are: the name of one of the runners of this file, or its keys.",
      { otherwise: "2 vCPUs, linux", examples: ["std", { cpu: 4, ram: 16, arch: "arm64" }] },
    ),
    timezone: optional(text.text, "Time zone of its schedule, by its IANA name.", {
      type: "a time zone",
      otherwise: "`timezone` of `defaults`, else `UTC`",
      examples: ["Europe/Berlin"],
    }),
    default: optional(
      mapping(capacity(hotText, stoppedText)),
      "Machines outside of every window of the schedule; a number that is left out is 0.",
      { examples: [{ hot: 2, stopped: 20 }] },
    ),
    schedule: optional(
      v.array(entryForm, "A schedule is a list of entries"),
      "When it wants how many machines. Where several entries hold, the later one wins, or the one of higher priority.",
      {
        examples: [[{ name: "office", days: "mon-fri", time: "08:00-18:00", hot: 5 }]],
      },
    ),
    exceptions: optional(
      v.array(exceptionForm, "Exceptions are a list"),
      "Dates on which entries do not happen, or differ: holidays, a release week.",
      { examples: [[{ dates: "de", entries: ["office"] }]] },
    ),
    min: optional(
      mapping(capacity("Least hot machines.", "Least stopped machines.")),
      "Least machines, whatever the schedule says.",
      {
        otherwise: "0",
        examples: [{ hot: 1 }],
      },
    ),
    max: optional(
      mapping(capacity("Most hot machines.", "Most stopped machines.")),
      "Most machines that are ready and unclaimed, whatever the schedule says. What jobs may bring on top is bounded by limits.",
      { otherwise: "no bound", examples: [{ hot: 30 }] },
    ),
    lead: optional(
      lead,
      "How long before a rise its machines are bought, so that they are ready in time. auto learns it from the pool's own boots: 2 minutes until five were seen.",
      { otherwise: "`lead` of `defaults`, else none" },
    ),
    hold: optional(unit.duration, "How long a level is kept after its end.", {
      default: "0s",
      examples: ["10m"],
    }),
    ramp: optional(
      mapping({
        up: optional(
          unit.ramp,
          "Most machines by which it grows, and in which time. A climb begins early enough to be there in time.",
          { otherwise: "no bound" },
        ),
        down: optional(unit.ramp, "Most machines by which it shrinks, and in which time.", {
          otherwise: "no bound",
          examples: ["5/5m"],
        }),
      }),
      "How fast it grows and shrinks.",
      { examples: [{ up: "10/1m", down: "5/5m" }] },
    ),
    drainDeadline: optional(
      unit.duration,
      "When a fall leaves busy machines too many, their jobs have this long to finish; then they are ended.",
      { otherwise: "for ever", examples: ["2h"] },
    ),
    idleTimeout: optional(
      unit.duration,
      "How long a machine too many waits for a job before it goes.",
      { otherwise: "`idleTimeout` of `defaults`, else `10m`", examples: ["20m"] },
    ),
    reuseHorizon: optional(
      unit.duration,
      "A machine too many that will be needed again within this time is kept.",
      { default: "0s", examples: ["15m"] },
    ),
    minUptime: optional(unit.duration, "Youngest age at which a machine too many goes.", {
      default: "60s",
      examples: ["5m"],
    }),
    repositories: optional(
      text.globs,
      "Which repositories may use it; a policy has to allow it as well.",
      { otherwise: "as the policies say" },
    ),
    tags: optional(
      text.tags,
      "Tags of its machines and their volumes, for cost reports; they win over those of the environment.",
      { examples: [{ team: "web" }] },
    ),
    limits: required(
      mapping({
        machines: required(
          unit.machines,
          "Most machines of the pool in any state, those with jobs included. Leave room for the jobs: hot: 10 and 30 jobs at once are 40 machines.",
          { examples: [40] },
        ),
        createPerPass: optional(
          unit.machines,
          "Most machines that one pass of the controller buys.",
          { default: 100 },
        ),
        maxSurge: optional(
          unit.machines,
          "Most machines above the target while old ones are replaced.",
          { otherwise: "a tenth of the target, at least 1", examples: [2] },
        ),
        maxUnavailable: optional(
          unit.machines,
          "Most machines below the target while old ones are replaced.",
          { default: 0, examples: [1] },
        ),
      }),
      "What the pool never exceeds, whatever its schedule and its jobs want.",
      { examples: [{ machines: 40 }] },
    ),
  }),
  { type: "a pool" },
);

/** A pool of the file. */
export type PoolForm = v.InferOutput<typeof poolForm>;

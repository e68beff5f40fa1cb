import * as v from "valibot";

const optional = v.exactOptional;

const text = v.string("This is a text; quotes make one of a number");
const textOrNumber = v.union([v.string(), v.number()], "This is a text or a number");
const texts = v.union([v.string(), v.array(v.string())], "This is a text, or a list of texts");
const numbers = v.union(
  [v.number(), v.string(), v.array(v.union([v.number(), v.string()]))],
  "This is a number, or a list of numbers",
);
const truth = v.union([v.boolean(), v.picklist(["true", "false"])], "This is true or false");
const machines = v.pipe(
  v.number("A number of machines is a whole number"),
  v.safeInteger("A number of machines is a whole number"),
  v.minValue(0, "A number of machines is at least 0"),
);
const name = v.pipe(text, v.minLength(1, "A name is not empty"));

/** A runner of RunsOn. All keys may be left out. */
export const runnerForm = v.strictObject({
  id: optional(textOrNumber),
  cpu: optional(numbers),
  ram: optional(numbers),
  disk: optional(textOrNumber),
  volume: optional(textOrNumber),
  sticky: optional(v.union([v.boolean(), v.string(), v.number()], "This is a text")),
  retry: optional(v.union([v.boolean(), v.string(), v.array(v.string())], "This is a text")),
  extras: optional(texts),
  ssh: optional(truth),
  "nested-virt": optional(truth),
  private: optional(truth),
  spot: optional(v.union([v.boolean(), v.string()], "spot is true, false, or a strategy")),
  family: optional(texts),
  image: optional(text),
  preinstall: optional(text),
  prerun: optional(text),
  tags: optional(texts),
  debug: optional(truth),
});

/** An image of RunsOn. */
export const imageForm = v.strictObject({
  id: optional(textOrNumber),
  platform: optional(text),
  arch: optional(text),
  name: optional(text),
  owner: optional(text),
  preinstall: optional(text),
  prerun: optional(text),
  ami: optional(text),
  main_disk_size: optional(machines),
  root_device_name: optional(text),
  tags: optional(v.record(v.string(), textOrNumber, "Tags are a mapping")),
});

const entryForm = v.strictObject({
  name,
  hot: machines,
  stopped: machines,
  match: optional(
    v.nullable(
      v.strictObject({
        day: optional(v.nullable(v.array(v.string(), "Days are a list of their names"))),
        time: optional(
          v.nullable(v.array(v.string(), 'Hours are a list of two, such as ["22:00", "06:00"]')),
        ),
      }),
    ),
  ),
});

/** A pool of RunsOn. */
export const poolForm = v.strictObject({
  runner: name,
  version: optional(textOrNumber),
  env: optional(name),
  environment: optional(name),
  timezone: optional(text),
  schedule: optional(v.array(entryForm, "A schedule is a list of entries")),
});

/** What stands at the top of the file besides runners, images and pools; keys for anchors may have any name. */
export const restForm = v.object({
  _extends: optional(text),
  admins: optional(v.array(v.string(), "Admins are a list of logins")),
});

/** The keys that mean something at the top of the file. */
export const topKeys = ["_extends", "runners", "images", "pools", "admins"] as const;

/** A runner of RunsOn, as written. */
export type RunsOnRunner = v.InferOutput<typeof runnerForm>;
/** An image of RunsOn, as written. */
export type RunsOnImage = v.InferOutput<typeof imageForm>;
/** A pool of RunsOn, as written. */
export type RunsOnPool = v.InferOutput<typeof poolForm>;
/** A line of a pool's schedule, as written. */
export type RunsOnEntry = v.InferOutput<typeof entryForm>;

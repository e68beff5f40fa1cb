import * as v from "valibot";
import { mapping, mappingOf } from "./mapping.ts";
import { noted, optional, required } from "./notes.ts";
import * as text from "./texts.ts";
import * as unit from "./units.ts";

/** How often a job that lost its machine is run again. */
export const rerun = mapping({
  attempts: required(
    unit.wholeNumber("A number of re-runs", 0, 5),
    "How often GitHub is asked to run the job again, on a machine that is bought on demand; 0 is never.",
    { examples: [1] },
  ),
});

/** Who may use what; the first rule that allows wins. */
export const policyForm = noted(
  mapping({
    name: required(text.shortText, "Name of the rule, unique in the file: answers repeat it.", {
      examples: ["everyone"],
    }),
    repositories: required(
      text.globs,
      "Which repositories it covers, in either case: * is any run of characters but a slash, ? is one, * alone is all.",
    ),
    visibility: optional(
      v.array(
        v.picklist(
          ["public", "private", "internal"],
          "A visibility is public, private or internal",
        ),
        "Visibilities are a list",
      ),
      "Who sees the repositories that it covers.",
      { default: ["private", "internal"], examples: [["private"]] },
    ),
    forks: optional(text.truth("forks"), "Whether it covers repositories that are forks.", {
      default: false,
      examples: [true],
    }),
    properties: optional(
      mappingOf(text.shortText, text.text),
      "Custom properties that a repository must have, with these values, as GitHub tells them; true and false are texts, and of those with several values none counts.",
      {
        type: "a mapping of names to texts",
        otherwise: "any",
        examples: [{ team: "browser" }],
      },
    ),
    runnerGroup: optional(
      text.shortText,
      "Name of GitHub's runner group in which the runners register.",
      { otherwise: "the default group", examples: ["fleet"] },
    ),
    allow: required(
      mapping({
        environments: optional(
          v.array(text.shortText, "Environments are a list of their names"),
          "Environments that may be used: their names, or patterns with * and ?.",
          { type: "a list of names", otherwise: "all", examples: [["ci"]] },
        ),
        pools: optional(
          v.array(text.shortText, "Pools are a list of their names"),
          "Pools that may be used: their names, or patterns with * and ?.",
          { type: "a list of names", otherwise: "all", examples: [["linux"]] },
        ),
        maxCpu: optional(
          unit.maxCpu,
          "Most vCPUs that a job may ask for: the upper end of its range, or of the pool's.",
          { otherwise: "no bound", examples: [32] },
        ),
      }),
      "What they may use; {} is everything.",
      { examples: [{ environments: ["ci"], pools: ["linux"] }, {}] },
    ),
    rerun: optional(rerun, "What happens to a job whose machine was taken away while it ran.", {
      otherwise: "`rerun` of `interruption`, else once",
      examples: [{ attempts: 0 }],
    }),
    limits: optional(
      mapping({
        perRepository: optional(
          unit.machines,
          "Most jobs of one repository that are given machines at once.",
          { otherwise: "no bound", examples: [120] },
        ),
      }),
      "How much of it they may use at once.",
      { examples: [{ perRepository: 120 }] },
    ),
  }),
  { type: "a rule" },
);

const use = required(
  noted(
    v.pipe(v.string("This is a text"), v.maxCodePoints(256, "Labels have at most 256 characters")),
    { type: "a text" },
  ),
  "What they mean, as in a label of ours, without its first part; $1 is the first capture of match. Empty: a machine of all defaults.",
  { examples: ["pool=linux", "cpu=$1/arch=arm64"] },
);

/** Other labels that are understood. */
export const aliasForm = noted(
  v.union(
    [
      mapping({
        match: required(
          text.text,
          "A whole label, with captures: (\\d+), ([a-z]+) or ([a-z0-9-]+). Put it in single quotes, in which a backslash is one.",
          { examples: ["ci-(\\d+)x-arm64"] },
        ),
        use,
      }),
      mapping({
        labels: required(
          noted(
            v.pipe(
              v.array(text.text, "Labels are a list"),
              v.minLength(1, "Labels are at least one"),
              v.maxLength(100, "Labels are at most 100"),
            ),
            { type: "a list of labels" },
          ),
          "All labels of the job, in any order.",
          { examples: [["self-hosted", "linux", "arm64"]] },
        ),
        use,
      }),
      mapping({
        dialect: required(
          v.literal("runs-on", "The one dialect is runs-on"),
          "Labels of RunsOn are understood as they are.",
        ),
      }),
    ],
    "An alias is match and use, labels and use, or dialect: runs-on",
  ),
  { type: "an alias" },
);

import * as v from "valibot";
import { mapping } from "./mapping.ts";
import { noted, optional, required } from "./notes.ts";
import * as text from "./texts.ts";
import * as unit from "./units.ts";

const names = (what: string) =>
  noted(
    v.pipe(
      v.array(text.shortText, `${what} are a list of their names`),
      v.maxLength(100, `${what} are at most 100`),
    ),
    { type: "a list of names" },
  );

/** The file `runs-fleet.yml` of one repository, version 1: it takes away from what the organisation's file allows. */
export const repositoryForm = mapping({
  version: required(
    v.literal(1, "The version of the file's form is 1"),
    "Version of the file's form.",
  ),
  narrow: required(
    mapping({
      environments: optional(
        names("Environments"),
        "The only environments that its jobs may use: their names, or patterns with * and ?.",
        { otherwise: "as the organisation says", examples: [["ci"]] },
      ),
      pools: optional(
        names("Pools"),
        "The only pools that its jobs may name: their names, or patterns with * and ?. A job that names no pool needs none.",
        { otherwise: "as the organisation says", examples: [["linux", "arm-*"]] },
      ),
      maxCpu: optional(
        unit.maxCpu,
        "Most vCPUs that one of its jobs may ask for: the upper end of its range, or of the pool's.",
        { otherwise: "as the organisation says", examples: [16] },
      ),
      maxJobs: optional(
        unit.wholeNumber("A number of jobs", 0, 1_000_000),
        "Most of its jobs that are given machines at once; the others wait.",
        { otherwise: "as the organisation says", examples: [20] },
      ),
      maxReruns: optional(
        unit.wholeNumber("A number of re-runs", 0, 5),
        "How often one of its jobs is run again that lost its machine; 0 is never, for jobs that must not run twice.",
        { otherwise: "as the organisation says", examples: [0] },
      ),
    }),
    "What its own jobs may use at most. Nothing here adds to what the organisation allows.",
    { examples: [{ pools: ["linux"], maxCpu: 16, maxReruns: 0 }] },
  ),
});

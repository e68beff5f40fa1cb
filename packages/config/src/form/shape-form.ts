import * as v from "valibot";
import { mapping } from "./mapping.ts";
import { noted, optional } from "./notes.ts";
import * as text from "./texts.ts";
import * as unit from "./units.ts";

/** Operating system of a machine or image. */
export const os = v.picklist(["linux", "windows"], "An os is linux or windows");
/** Architecture of a machine or image. */
export const arch = v.picklist(["arm64", "x64"], "An arch is arm64 or x64");

/** What a machine is, in the keys and values of labels. */
export const shapeForm = noted(
  mapping({
    os: optional(os, "Operating system of the machine.", {
      otherwise: "that of the image, else `linux`",
      examples: ["windows"],
    }),
    arch: optional(arch, "Processor architecture. Windows machines are x64.", {
      otherwise: "that of the image, else either",
      examples: ["arm64"],
    }),
    cpu: optional(unit.cpu, "Number of vCPUs, or the least and the most of a range.", {
      default: 2,
    }),
    ram: optional(
      unit.ram,
      "Memory in GiB, as in labels: so much or more, or the least and the most of a range; `16+16` is exactly 16.",
      { otherwise: "any" },
    ),
    family: optional(
      text.oneOrMore(text.families),
      "Family of instances, or several of them, of which any will do; `c7*` is all that begin so, those to come as well. With a size it is a type, such as `c7g.2xlarge`, and needs no `cpu`.",
      {
        otherwise: "any",
        type: "a family or type, several with `+` between them, or a list of them",
        examples: ["c7g", "c7*+m7*", ["c7g", "m7g"], "c7g.2xlarge"],
      },
    ),
    generation: optional(
      unit.wholeNumber("A generation", 1, 12),
      "Generation of instances: the number in the name of their family.",
      { otherwise: "any", examples: [7] },
    ),
    disk: optional(unit.size, "Size of the root volume, 30 GiB to 16 TiB, in whole GiB.", {
      otherwise: "as the image says",
    }),
    image: optional(text.nameText, "Name of one of the images of this file.", {
      otherwise: "the host's choice for the system",
      examples: ["ubuntu"],
    }),
    spot: optional(
      text.truth("spot"),
      "Whether spot capacity may be bought: cheaper, and may be taken away while a job runs.",
      { otherwise: "`spot` of `defaults`, else `true`", examples: [false] },
    ),
  }),
  { type: "a machine" },
);

/** A shape with its units resolved. */
export type ShapeForm = v.InferOutput<typeof shapeForm>;

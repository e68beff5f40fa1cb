import * as v from "valibot";
import { mappingOf } from "./mapping.ts";
import { noted } from "./notes.ts";

/** Letters are counted as people, and editors, count them. */
const texts = (what: string, most: number) =>
  noted(
    v.pipe(
      v.string(`${what} is a text`),
      v.minLength(1, `${what} is not empty`),
      v.maxCodePoints(most, `${what} has at most ${most} characters`),
    ),
    { type: "a text" },
  );

/** Any short text. */
export const text = texts("This", 256);
/** A name of something that others made, or a pattern of such. */
export const shortText = texts("This", 128);
/** What refers to an environment, image or runner by its name; and the name of a calendar. */
export const nameText = noted(texts("A name", 63), { type: "a name" });

const nameMessage =
  "A name is lower-case letters, digits, _ and -, at most 63, and starts with a letter or digit";

/** Name of a pool, environment, image, runner or region: labels can say it. */
export const name = noted(
  v.pipe(v.string(nameMessage), v.regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, nameMessage)),
  { type: "a name" },
);

const familyMessage =
  "A family is written like c7g, c7* for all that begin so, or c7g.large for one type; several like c7g+m7g";
/** As labels have it: at most 32 characters of a family, 31 before a star, and 16 of a size. */
const familyName = String.raw`[a-zA-Z](?:[a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?|[a-zA-Z](?:[a-zA-Z0-9-]{0,29}[a-zA-Z0-9])?-?\*`;
const sizeName = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,14}[a-zA-Z0-9])?";
const oneFamily = String.raw`(?:${familyName})(?:\.${sizeName})?`;
const familiesPattern = new RegExp(String.raw`^${oneFamily}(?:\+${oneFamily})*$`);

/** Families or types of instances with `+` between them. */
export const families = noted(
  v.pipe(v.string(familyMessage), v.regex(familiesPattern, familyMessage)),
  { type: "families and types, with `+` between them" },
);

const globMessage = "A glob of repositories is owner/name with * and ?, or * alone for all";

const glob = v.pipe(
  v.string(globMessage),
  v.maxCodePoints(256, "A glob of repositories has at most 256 characters"),
  v.regex(/^(?:\*{1,2}|[^/\s]+\/[^/\s]+)$/, globMessage),
);

/** `owner/name` with `*` and `?`. */
export const globs = noted(v.array(glob, "Repositories are a list of owner/name, with * and ?"), {
  type: "a list of `owner/name` with `*` and `?`",
  examples: [["acme/*"]],
});

const fileMessage = "A file is a name in the same directory, ending in .yml or .yaml";

/** Further files of the same directory. */
export const includes = noted(
  v.pipe(
    v.array(
      v.pipe(
        v.string(fileMessage),
        v.maxCodePoints(128, "The name of a file has at most 128 characters"),
        v.regex(/^[\w.-]+\.ya?ml$/, fileMessage),
      ),
      "include is a list of file names",
    ),
    v.maxLength(20, "At most 20 files are included"),
  ),
  { type: "a list of file names, at most 20", examples: [["pools.yml", "policies.yml"]] },
);

/** True or false. */
export const truth = (key: string) => v.boolean(`${key} is true or false`);

/** One, or several. */
export const oneOrMore = <const T extends v.GenericSchema<unknown, string>>(item: T) =>
  v.union(
    [
      v.pipe(
        item,
        v.transform((value) => [value]),
      ),
      v.array(item),
    ],
    "This is a text, or a list of texts",
  );

/** An id of an image. Source: EC2 API, lengths of resource ids, read 2026-11-28. */
export const imageIdPattern = /^ami-[0-9a-f]{8,17}$/;
const imageIdMessage = "An image's id is ami- and 8 to 17 digits and letters a to f";

/** The id of an image. */
export const imageId = noted(
  v.pipe(v.string(imageIdMessage), v.regex(imageIdPattern, imageIdMessage)),
  { type: "an id of an image" },
);

/** Whose images may be meant. Source: EC2 API, DescribeImages, owners, read 2026-11-28. */
export const imageOwnerPattern = /^(?:self|amazon|aws-marketplace|[0-9]{12})$/;
const ownerMessage =
  'An owner is self, amazon, aws-marketplace or an account such as "099720109477"';

/** Owner of images. */
export const imageOwner = noted(
  v.pipe(v.string(ownerMessage), v.regex(imageOwnerPattern, ownerMessage)),
  { type: "`self`, `amazon`, `aws-marketplace`, or an account of 12 digits" },
);

const tagKeyMessage =
  "A tag's key is 1 to 127 letters, digits and - _ + = , . @ :, and does not begin with aws: or runs-fleet:";
/** Key of a tag. Source: core, `tagKeyProblem`. */
const tagKey = noted(
  v.pipe(
    v.string(tagKeyMessage),
    v.regex(
      /^(?![aA][wW][sS]:|runs-fleet:)(?!\.{1,2}$|_index$)[0-9a-zA-Z\-_+=,.@:]{1,127}$/,
      tagKeyMessage,
    ),
  ),
  { type: "a key of a tag" },
);
const tagValueMessage = "A tag's value is a text of at most 256 characters; numbers go in quotes";

/** Tags of machines. */
export const tags = noted(
  mappingOf(
    tagKey,
    noted(v.pipe(v.string(tagValueMessage), v.maxCodePoints(256, tagValueMessage)), {
      type: "a text",
    }),
  ),
  { type: "texts by name, at most 15" },
);

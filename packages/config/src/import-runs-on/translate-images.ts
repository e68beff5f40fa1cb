import { imageIdPattern, imageOwnerPattern } from "../form/texts.ts";
import { given } from "../resolve/given.ts";
import type { Fields } from "./fields.ts";
import { quoted, type TellLoss } from "./losses.ts";
import { mapNames } from "./names.ts";
import type { RunsOnFile } from "./read-file.ts";
import type { RunsOnImage } from "./runs-on-form.ts";

/** An image of ours, and whence it comes. */
export interface ImportedImage {
  readonly name: string;
  readonly fields: Fields;
  readonly path: readonly (string | number)[];
  readonly arch?: "x64" | "arm64";
}

const arches: Readonly<Record<string, "x64" | "arm64">> = {
  x64: "x64",
  amd64: "x64",
  x86_64: "x64",
  arm64: "arm64",
  aarch64: "arm64",
};
const systems: Readonly<Record<string, "linux" | "windows">> = {
  linux: "linux",
  windows: "windows",
};
const longestText = 256;

/** What their keys that ours lack come to, wherever they stand. */
export const scriptLosses = {
  preinstall: "Bake it into the image: a machine starts with what its image holds",
  prerun:
    "Make it a step of the workflow, or a hook in the image (ACTIONS_RUNNER_HOOK_JOB_STARTED)",
  tags: "Tags are said in pools and environments: tags: { team: web }",
} as const;

/** The images of a file, and those that its runners name without saying what they are, by their names there. */
export function translateImages(
  { images, runners, extended }: RunsOnFile,
  tell: TellLoss,
): ReadonlyMap<string, ImportedImage> {
  const wanted = new Map<string, readonly (string | number)[]>();
  for (const [runner, { image = "" }] of runners) {
    if (image !== "" && !images.has(image) && !wanted.has(image)) {
      wanted.set(image, ["runners", runner, "image"]);
    }
  }
  const names = mapNames([...images.keys(), ...wanted.keys()], "image");
  const nameOf = (theirs: string, path: readonly (string | number)[]): string => {
    const name = names.get(theirs) ?? theirs;
    if (name !== theirs) {
      const message = `Is called ${name} here: jobs that say image=${theirs.slice(0, 63)} have to say that`;
      tell("changed", path, message);
    }
    return name;
  };
  const found = new Map<string, ImportedImage>();
  for (const [theirs, image] of images) {
    const path = ["images", theirs];
    found.set(theirs, {
      name: nameOf(theirs, path),
      path,
      ...translateImage(image, path, theirs, tell),
    });
  }
  for (const [theirs, path] of wanted) {
    const own = ownImage(theirs);
    const name = nameOf(theirs, path);
    const message = own
      ? "Is RunsOn's own image, without our agent: name one of yours with owner and name, or ami"
      : `Is not said in this file${extended === undefined ? "" : ", maybe in the one that it extends"}: name it with owner and name, or ami`;
    tell(own ? "changed" : "ambiguous", path, message);
    found.set(theirs, {
      name,
      path,
      fields: given({ os: own?.os, arch: own?.arch }) as Fields,
      ...given({ arch: own?.arch }),
    });
  }
  if (images.size > 0) {
    const message =
      "RunsOn brings its agent to a machine when it boots; ours is part of the image: bake it in before the image is used";
    tell("changed", ["images"], message);
  }
  return found;
}

/** What the names of RunsOn's own images say: `ubuntu24-full-arm64`, `windows22-base-x64`. */
function ownImage(name: string): Pick<RunsOnOwn, "os" | "arch"> | undefined {
  const [, system, arch] = /^(ubuntu|windows)\d\d-[a-z0-9-]{1,40}-(x64|arm64)$/.exec(name) ?? [];
  if (system === undefined || arch === undefined) return undefined;
  const os = system === "ubuntu" ? "linux" : "windows";
  return { os, arch: os === "windows" ? "x64" : (arches[arch] ?? "x64") };
}

interface RunsOnOwn {
  readonly os: "linux" | "windows";
  readonly arch: "x64" | "arm64";
}

function translateImage(
  image: RunsOnImage,
  path: readonly (string | number)[],
  theirs: string,
  tell: TellLoss,
): Pick<ImportedImage, "fields" | "arch"> {
  const dropped = (key: keyof RunsOnImage, message: string): void =>
    tell("dropped", [...path, key], message);
  if (image.id !== undefined && String(image.id) !== theirs) {
    dropped("id", "The key is the name");
  }
  const os = lookUp(systems, image.platform);
  if (os === undefined && image.platform) {
    dropped("platform", `${quoted(image.platform)} is not served: an os is linux or windows`);
  }
  let arch = lookUp(arches, image.arch);
  if (arch === undefined && image.arch) {
    dropped("arch", `${quoted(image.arch)} is not known: an arch is arm64 or x64`);
  }
  if (os === "windows" && arch === "arm64") {
    arch = undefined;
    dropped("arch", "Windows machines are x64");
  }
  const text = (key: "owner" | "name" | "ami"): string | undefined => {
    const value = image[key] || undefined;
    if (value === undefined || value.length <= longestText) return value;
    dropped(key, `It has more than ${longestText} characters`);
    return undefined;
  };
  const which = whichImage({ owner: text("owner"), name: text("name"), ami: text("ami") }, dropped);
  for (const key of ["preinstall", "prerun", "tags"] as const) {
    if (image[key] !== undefined) dropped(key, scriptLosses[key]);
  }
  if (image.main_disk_size !== undefined) {
    dropped("main_disk_size", "Say disk in the runners that need more than the image has");
  }
  if (image.root_device_name !== undefined) {
    dropped("root_device_name", "The root device is said once, in the stack");
  }
  return {
    fields: given({ os, arch, ...which }) as Fields,
    ...given({ arch }),
  };
}

type Which = Partial<Record<"owner" | "name" | "ami", string | undefined>>;

/** Either an id, or a name and its owner: what says neither, or says it a second time, is told. */
function whichImage(
  { owner, name, ami }: Which,
  dropped: (key: keyof Which, message: string) => void,
): Which {
  if (ami !== undefined && imageIdPattern.test(ami)) {
    if (owner !== undefined) dropped("owner", "The ami says already which image it is");
    if (name !== undefined) dropped("name", "The ami says already which image it is");
    return { ami };
  }
  if (ami !== undefined) dropped("ami", `${quoted(ami)} is no id of an image`);
  if (owner === undefined) return { name };
  if (name === undefined) {
    dropped("owner", "Without a name it does not say which image");
    return {};
  }
  if (imageOwnerPattern.test(owner)) return { owner, name };
  dropped("owner", `${quoted(owner)} is no account of 12 digits, self, amazon or aws-marketplace`);
  return { name };
}

function lookUp<T>(words: Readonly<Record<string, T>>, word = ""): T | undefined {
  const key = word.trim().toLowerCase();
  return Object.hasOwn(words, key) ? words[key] : undefined;
}

import { given } from "../resolve/given.ts";
import { areAllArm, readFamilies } from "./families.ts";
import type { Fields } from "./fields.ts";
import { quoted, type TellLoss } from "./losses.ts";
import type { RunsOnRunner } from "./runs-on-form.ts";
import { readCpu, readDisk, readRam } from "./sizes.ts";
import { type ImportedImage, scriptLosses } from "./translate-images.ts";

/** A runner in our words, and what of it is not said in a shape. */
export interface TranslatedRunner {
  readonly fields: Fields;
  /** Whether its jobs are not run again when their machine is taken away. */
  readonly isNeverRetried: boolean;
}

type Path = readonly (string | number)[];

/** Most families of a shape. */
const mostFamilies = 100;

/** What RunsOn's extras come to. */
const extraLosses: Readonly<Record<string, string>> = {
  "s3-cache": "actions/cache works as it is, with GitHub's storage",
  "ecr-cache": "let BuildKit's cache name the registry",
  "ecr-pull-through": "name the pull-through cache in the images that jobs pull",
  efs: "mount the file system in a step",
  tmpfs: "mount it in the image or in a step",
  otel: "telemetry comes from the host",
};

/** Translates a runner. */
export function translateRunner(
  runner: RunsOnRunner,
  name: string,
  images: ReadonlyMap<string, ImportedImage>,
  tell: TellLoss,
): TranslatedRunner {
  const path = ["runners", name];
  const image = runner.image ? images.get(runner.image) : undefined;
  const hasUsualImage = image === undefined;
  const families = familiesOf(runner, path, tell);
  if (hasUsualImage) {
    tell(
      "changed",
      path,
      "It names no image, and RunsOn's usual one, of Ubuntu for x64, is not here: name one of yours",
    );
  }
  const cpu = cpuOf(runner, path, tell);
  const [only] = families;
  const fields = given({
    // Nothing said is either architecture here.
    arch: hasUsualImage && !areAllArm(families) ? "x64" : undefined,
    cpu,
    ram: ramOf(runner, path, tell),
    family: families.length > 1 ? families : only,
    image: image?.name,
    disk: diskOf(runner, path, tell),
    spot: spotOf(runner, path, tell),
  });
  tellOthers(runner, name, path, tell);
  return { fields: fields as Fields, isNeverRetried: isNeverRetried(runner, path, tell) };
}

const unreadable = "cannot be read as a number above 0";

function cpuOf({ cpu }: RunsOnRunner, path: Path, tell: TellLoss): number | string | undefined {
  if (cpu === undefined || isEmpty(cpu)) return undefined;
  const read = readCpu(cpu);
  if (read === undefined)
    tell("dropped", [...path, "cpu"], `This ${unreadable}: say how many vCPUs`);
  else if (read.isChanged) {
    tell("changed", [...path, "cpu"], "vCPUs are whole, 1 to 896: the nearest that is enough");
  }
  return read?.value;
}

function ramOf({ ram }: RunsOnRunner, path: Path, tell: TellLoss): number | string | undefined {
  if (ram === undefined || isEmpty(ram)) return undefined;
  const read = readRam(ram);
  if (read === undefined) tell("dropped", [...path, "ram"], `This ${unreadable}: say how many GiB`);
  else if (read.isChanged)
    tell("changed", [...path, "ram"], "Memory is rounded up to what can be said");
  return read?.value;
}

function familiesOf({ family }: RunsOnRunner, path: Path, tell: TellLoss): readonly string[] {
  if (family === undefined || isEmpty(family)) return [];
  const at = [...path, "family"];
  const read = readFamilies([family].flat());
  if (read.unreadable.length > 0) {
    tell(
      "dropped",
      at,
      `${quoted(read.unreadable.join(", "))} names no family: without one, any ordinary family serves`,
    );
  }
  if (read.families.length > mostFamilies) {
    tell("dropped", at, `At most ${mostFamilies} families are kept`);
  }
  if (read.metal.length > 0) {
    tell("changed", at, "Bare metal is never bought: an ordinary machine of the family is");
  }
  return read.families.slice(0, mostFamilies);
}

function diskOf(runner: RunsOnRunner, path: Path, tell: TellLoss): string | undefined {
  const volume = runner.volume === undefined ? undefined : readDisk(runner.volume);
  const disk = runner.disk === undefined ? undefined : readDisk(runner.disk);
  const tellOne = (key: "volume" | "disk", read: typeof volume, isUsed: boolean): void => {
    const at = [...path, key];
    if (read === undefined) {
      tell("dropped", at, 'There is no size in it: say, for example, "disk: 80 GiB"');
    } else if (!isUsed) tell("dropped", at, "volume says the size");
    else if (read.isChanged) tell("changed", at, "A disk has 30 to 16,384 GiB");
    if (read !== undefined && read.others.length > 0) {
      tell(
        "dropped",
        at,
        "Type, throughput and operations are said once, in the stack: gp3 with 125 MiB/s and 3,000 a second",
      );
    }
  };
  if (runner.volume !== undefined) tellOne("volume", volume, true);
  if (runner.disk !== undefined) tellOne("disk", disk, volume === undefined);
  return (volume ?? disk)?.value;
}

const strategies: Readonly<Record<string, string>> = {
  lp: "lowest-price",
  "lowest-price": "lowest-price",
  co: "capacity-optimized",
  "capacity-optimized": "capacity-optimized",
};

function spotOf({ spot }: RunsOnRunner, path: Path, tell: TellLoss): boolean | undefined {
  if (spot === undefined || typeof spot === "boolean") return spot;
  const word = spot.trim().toLowerCase();
  if (word === "") return undefined;
  if (word === "false" || word === "never") return false;
  if (word === "true" || word === "pco" || word === "price-capacity-optimized") return true;
  const strategy = Object.hasOwn(strategies, word) ? strategies[word] : undefined;
  const at = [...path, "spot"];
  if (strategy !== undefined) {
    tell("changed", at, `Spot is always bought as price-capacity-optimized, not as ${strategy}`);
    return true;
  }
  tell(
    "ambiguous",
    at,
    `${quoted(spot)} is no strategy of RunsOn's documentation; as here nothing is said, spot may be bought`,
  );
  return undefined;
}

function isNeverRetried({ retry }: RunsOnRunner, path: Path, tell: TellLoss): boolean {
  if (retry === undefined || isEmpty(retry)) return false;
  const words = [retry].flat().map((word) => String(word).trim().toLowerCase());
  const unknown = words.filter((word) => !/^(?:when-interrupted|true|false|never|)$/.test(word));
  if (unknown.length > 0) {
    const message = `${quoted(unknown.join(", "))}: a job is run again when its machine was taken away, not when it failed`;
    tell("dropped", [...path, "retry"], message);
  }
  return words.every((word) => word === "false" || word === "never");
}

/** What shapes have no words for. */
function tellOthers(runner: RunsOnRunner, name: string, path: Path, tell: TellLoss): void {
  const dropped = (key: keyof RunsOnRunner, message: string): void =>
    tell("dropped", [...path, key], message);
  if (runner.id !== undefined && String(runner.id) !== name) dropped("id", "The key is the name");
  if (isSaid(runner.sticky)) {
    dropped(
      "sticky",
      "Disks do not outlive their machines: bake into the image what is slow to fetch, or cache it",
    );
  }
  if (runner.extras !== undefined) {
    for (const extra of [runner.extras].flat().flatMap((text) => text.split("+"))) {
      const key = extra.trim().toLowerCase();
      const instead = Object.hasOwn(extraLosses, key) ? extraLosses[key] : undefined;
      if (key !== "")
        dropped("extras", `There is no ${quoted(extra.trim())}${instead ? `: ${instead}` : ""}`);
    }
  }
  if (isSaid(runner.ssh)) {
    dropped("ssh", "Nobody logs in to machines by SSH: use SSM where the image has its agent");
  }
  if (isSaid(runner["nested-virt"])) {
    dropped("nested-virt", "It is not switched on: a job that needs KVM cannot run here yet");
  }
  if (isSaid(runner.private)) {
    dropped(
      "private",
      "The stack says subnets, for all machines of an environment: give it private ones",
    );
  }
  for (const key of ["preinstall", "prerun", "tags"] as const) {
    if (runner[key] !== undefined) dropped(key, scriptLosses[key]);
  }
  if (isSaid(runner.debug)) {
    dropped("debug", "There is no such mode: the status page tells why a job has which machine");
  }
}

const isEmpty = (value: unknown): boolean =>
  (Array.isArray(value) && value.length === 0) || value === "";

/** Whether something is asked for; what is said to be off is off here as well. */
const isSaid = (value: string | number | boolean | undefined): boolean =>
  value !== undefined && value !== false && value !== "false" && value !== "";

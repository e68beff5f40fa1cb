import type { Market } from "../../routing/shape.ts";
import type { Ec2Tag, Ec2TemplateReference } from "./api.ts";
import { boot } from "./boot.ts";
import { ec2Error } from "./ec2-error.ts";
import type { Ec2Image } from "./images.ts";
import type { Machine } from "./instance.ts";
import type { Ec2InstanceType } from "./instance-types.ts";
import { assertRoom, assertTags } from "./tag-rules.ts";
import { type Ec2LaunchTemplate, type Ec2World, subnetOf, zoneOfSubnet } from "./world.ts";

/** The largest user data, bytes before they are encoded. */
export const mostUserDataBytes = 16_384;

/** What every instance of one launch has in common. */
export interface LaunchPlan {
  readonly image: Ec2Image;
  readonly type: Ec2InstanceType;
  readonly zone: string;
  readonly market: Market;
  readonly tags: readonly Ec2Tag[];
  readonly clientToken: string;
  readonly tagsInMetadata: boolean;
  readonly onShutdown: "stop" | "terminate";
}

/** Templates of the model never change: the first version is the default and the latest. */
const versions: ReadonlySet<string> = new Set(["1", "$Default", "$Latest"]);

/** @throws An {@link Ec2Error} when there is no such template or version, or it is named in no way or in two. */
export function resolveTemplate(
  world: Ec2World,
  { LaunchTemplateId, LaunchTemplateName, Version = "$Default" }: Ec2TemplateReference,
): Ec2LaunchTemplate {
  if ((LaunchTemplateId === undefined) === (LaunchTemplateName === undefined)) {
    throw ec2Error("InvalidParameterCombination", "Either a launch template id or a name");
  }
  const template = world.templates.get(LaunchTemplateId ?? LaunchTemplateName ?? "");
  if (template === undefined) {
    throw LaunchTemplateId === undefined
      ? ec2Error("InvalidLaunchTemplateName.NotFoundException", `No ${LaunchTemplateName}`)
      : ec2Error("InvalidLaunchTemplateId.NotFound", `No launch template ${LaunchTemplateId}`);
  }
  if (versions.has(Version)) return template;
  throw ec2Error(
    "InvalidLaunchTemplateId.VersionNotFound",
    `The launch template ${template.id} has no version ${Version}`,
  );
}

/**
 * The image of a launch: the one that it names, else that of its template.
 *
 * @throws An {@link Ec2Error} when there is no such image, or when the type cannot boot it.
 */
export function resolveImage(
  world: Ec2World,
  template: Ec2LaunchTemplate,
  type: Ec2InstanceType,
  imageId: string = template.imageId,
): Ec2Image {
  const image = world.images.resolve(imageId);
  if (image.arch === undefined || image.arch === type.arch) return image;
  throw ec2Error(
    "InvalidParameterValue",
    `The architecture '${type.arch}' of ${type.name} does not match '${image.arch}' of ${imageId}`,
  );
}

/** @throws An {@link Ec2Error} `InvalidParameterValue` when no such type exists. */
export function resolveType(world: Ec2World, name: string | undefined): Ec2InstanceType {
  const type = world.types.get(name ?? "");
  if (type !== undefined) return type;
  if (name === undefined) throw ec2Error("MissingParameter", "No instance type is given");
  throw ec2Error("InvalidParameterValue", `Invalid value '${name}' for InstanceType`);
}

/**
 * The zone that a subnet or a zone names; `undefined` when neither is given.
 *
 * @throws An {@link Ec2Error} when there is none, or when the two do not belong together.
 */
export function resolveZone(
  world: Ec2World,
  subnetId: string | undefined,
  zoneName: string | undefined,
): string | undefined {
  const ofSubnet = subnetId === undefined ? undefined : zoneOfSubnet(world, subnetId);
  if (subnetId !== undefined && ofSubnet === undefined) {
    throw ec2Error("InvalidSubnetID.NotFound", `The subnet ID '${subnetId}' does not exist`);
  }
  if (zoneName !== undefined && !world.zones.includes(zoneName)) {
    throw ec2Error("InvalidParameterValue", `Invalid availability zone: [${zoneName}]`);
  }
  if (ofSubnet !== undefined && zoneName !== undefined && ofSubnet !== zoneName) {
    throw ec2Error("InvalidParameterCombination", `${subnetId} is not in ${zoneName}`);
  }
  return ofSubnet ?? zoneName;
}

/** The code that names a full quota. */
export const quotaCodes: Readonly<Record<Market, string>> = {
  "on-demand": "VcpuLimitExceeded",
  spot: "MaxSpotInstanceCountExceeded",
};

/**
 * How many more of an offering can be launched now, and the code of what ends it.
 *
 * @param taken - vCPUs of the same call that are decided upon and not launched yet.
 */
export function roomFor(
  world: Ec2World,
  type: Ec2InstanceType,
  zone: string,
  market: Market,
  taken = 0,
): { readonly count: number; readonly code: string } {
  const { offerings, machines, quotas, clock } = world;
  const offering = { type, zone, market };
  if (!offerings.isSold(offering)) return { count: 0, code: "Unsupported" };
  const capacity = offerings.capacityOf(offering);
  const left =
    capacity === Number.POSITIVE_INFINITY
      ? capacity
      : Math.max(0, capacity - machines.used(type.name, zone, market, clock.now()));
  const quota = quotas[market];
  const allowed =
    quota === Number.POSITIVE_INFINITY
      ? quota
      : Math.max(0, Math.floor((quota - taken - machines.vcpus(market, clock.now())) / type.vcpus));
  return allowed < left
    ? { count: allowed, code: quotaCodes[market] }
    : { count: left, code: "InsufficientInstanceCapacity" };
}

/** @throws An {@link Ec2Error} when the tags cannot be given to what is launched. */
export function assertLaunchTags(tags: readonly Ec2Tag[], inMetadata: boolean): void {
  assertTags(tags, inMetadata);
  assertRoom(new Map(), tags);
}

/** Launches so many, of one reservation; there is room for them. */
export function launch(
  world: Ec2World,
  plan: LaunchPlan,
  count: number,
  ownTags: readonly Ec2Tag[] = [],
): readonly Machine[] {
  const { image, type, zone, market, clientToken, tagsInMetadata, onShutdown } = plan;
  const reservationId = `r-${hex(world.next())}`;
  const tags = new Map([...plan.tags, ...ownTags].map(({ Key, Value }) => [Key, Value]));
  const made = Array.from({ length: count }, () => {
    const nowMs = world.clock.now();
    const machine: Machine = {
      id: `i-${hex(world.next())}`,
      reservationId,
      type,
      zone,
      subnetId: subnetOf(zone),
      imageId: image.id,
      market,
      os: image.os,
      clientToken,
      boughtAtMs: nowMs,
      tagsInMetadata,
      onShutdown,
      tags: new Map(tags),
      steps: [],
      fate: drawFate(world),
      launchedAtMs: nowMs,
      noticeAtMs: undefined,
    };
    return machine;
  });
  // In the book before anybody hears of them.
  for (const machine of made) world.machines.add(machine);
  for (const machine of made) {
    boot(world, machine, world.times.bootMs[machine.os]);
    world.machines.touch(machine);
  }
  return made;
}

function drawFate(world: Ec2World): Machine["fate"] {
  const { failsToLaunch, neverBoots, hangs } = world.conditions().fates;
  if (failsToLaunch + neverBoots + hangs === 0) return "sound";
  const drawn = world.dice.whole(0, 999_999) / 1_000_000;
  if (drawn < failsToLaunch) return "fails-to-launch";
  if (drawn < failsToLaunch + neverBoots) return "never-boots";
  return drawn < failsToLaunch + neverBoots + hangs ? "hangs" : "sound";
}

function hex(number: number): string {
  return number.toString(16).padStart(17, "0");
}

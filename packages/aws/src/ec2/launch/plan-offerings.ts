import {
  type Arch,
  FleetError,
  type LaunchAttempt,
  type Market,
  type Shape,
} from "@runs-fleet/core";
import type { Ec2Image } from "../images/choose-images.ts";
import { fitsShape } from "../types/fit-shape.ts";
import type { Ec2InstanceType } from "../types/instance-type.ts";
import { type Ec2Prices, rankTypes, selectTypes } from "../types/rank-types.ts";
import type { Ec2TypeList } from "../types/type-source.ts";
import { type Ec2TemplateReference, templateKey } from "./launch-templates.ts";
import { type Ec2RootMapping, type Ec2RootVolume, rootMapping } from "./root-volume.ts";
import { type Ec2Subnet, subnetsFor } from "./subnets.ts";

/** One way to launch: a type in a subnet. */
export interface Ec2Offering {
  /** Such as `c7g.large`. */
  readonly type: string;
  /** Where: a subnet, and so a zone. */
  readonly subnet: Ec2Subnet;
  /** What it is launched from. */
  readonly template: Ec2TemplateReference;
  /** The image, where it is not the template's. */
  readonly image?: string;
  /** The root volume, where it is not the template's. */
  readonly root?: Ec2RootMapping;
}

/** What offerings are made of. */
export interface OfferingMeans {
  /** What the region sells. */
  readonly list: Ec2TypeList;
  /** All subnets. */
  readonly subnets: readonly Ec2Subnet[];
  /** By {@link templateKey}. */
  readonly templates: ReadonlyMap<string, Ec2TemplateReference>;
  /** By the same keys: the volume that a shape with a disk of its own gets. */
  readonly rootVolumes: ReadonlyMap<string, Ec2RootVolume>;
  /** Image of each architecture, where the shape says which it is; all others are what templates name. */
  readonly images?: ReadonlyMap<Arch, Ec2Image>;
  /** What ranks the types. */
  readonly prices?: Ec2Prices;
  /** Most types of one call. */
  readonly mostTypes: number;
}

/** At least one way to launch, the best type first. */
export type Ec2Offerings = readonly [Ec2Offering, ...Ec2Offering[]];

/** The ways to launch an attempt, by market in order of preference. A market in which nothing is sold is not there. */
export type OfferingPlan = ReadonlyMap<Market, Ec2Offerings>;

/**
 * Every way in which an attempt may be launched: each type that its shape allows, of either architecture where it allows both
 * and there is a template for both, in each zone that sells it and has a subnet of ours.
 *
 * @throws A {@link FleetError} `config` that says what is missing, when there is none.
 */
export function planOfferings(attempt: LaunchAttempt, means: OfferingMeans): OfferingPlan {
  const { shape, zone, token } = attempt;
  const { list, prices, mostTypes, images } = means;
  const subnets = subnetsFor(means.subnets, token, zone);
  const fitting = list.types.filter(
    (type) => fitsShape(type, shape) && (images === undefined || images.has(type.arch)),
  );
  const templated = fitting.filter(({ arch }) => keyFor(shape, arch, means) !== undefined);
  const sold = templated.filter(({ name }) =>
    subnets.some((subnet) => list.zones.get(name)?.includes(subnet.zone)),
  );
  const ranked = rankTypes(sold, prices);
  const plan = new Map<Market, Ec2Offerings>();
  for (const market of attempt.markets) {
    const types = selectTypes(
      ranked.filter(({ markets }) => markets.includes(market)),
      mostTypes,
    );
    const [best, ...rest] = types.flatMap((type) => offeringsOf(type, attempt, subnets, means));
    if (best !== undefined) plan.set(market, [best, ...rest]);
  }
  if (plan.size > 0) return plan;
  const reason =
    subnets.length === 0
      ? `no subnet is in ${zone}`
      : fitting.length === 0
        ? "no instance type has what its shape asks for"
        : templated.length === 0
          ? `launchTemplates has no ${[...new Set(fitting.map(({ arch }) => templateKey(shape, arch)))].join(" or ")}`
          : sold.length === 0
            ? `none of ${namesOf(templated)} is sold in ${subnets.map((own) => own.zone).join(", ")}`
            : `none of ${namesOf(sold)} is sold as ${attempt.markets.join(" or ")}`;
  throw misfit(attempt, reason);
}

function offeringsOf(
  { name, arch }: Ec2InstanceType,
  attempt: LaunchAttempt,
  subnets: readonly Ec2Subnet[],
  means: OfferingMeans,
): readonly Ec2Offering[] {
  const { shape } = attempt;
  const { list, templates, rootVolumes, images } = means;
  const key = keyFor(shape, arch, means);
  const template = key === undefined ? undefined : templates.get(key);
  if (key === undefined || template === undefined) return [];
  const volume = rootVolumes.get(key);
  if (shape.diskGib !== undefined && volume === undefined) {
    throw misfit(attempt, `rootVolumes has no ${key}, and it asks for ${shape.diskGib} GiB`);
  }
  const image = images?.get(arch);
  // The template maps its own root device: beside another image's that would be a second volume, and the root not as asked.
  if (image !== undefined && volume !== undefined && image.rootDevice !== volume.deviceName) {
    throw misfit(
      attempt,
      `the root device of image ${image.id} is ${image.rootDevice}, that of template ${key} is ${volume.deviceName}`,
    );
  }
  const imageGib = image?.sizeGib ?? 0;
  const { diskGib = 0 } = shape;
  const isOwnSize = volume !== undefined && (diskGib > 0 || imageGib > volume.sizeGib);
  const own = {
    template,
    ...(image === undefined ? {} : { image: image.id }),
    ...(isOwnSize ? { root: rootMapping(volume, Math.max(diskGib, imageGib)) } : {}),
  };
  return subnets
    .filter(({ zone }) => list.zones.get(name)?.includes(zone))
    .map((subnet) => ({ type: name, subnet, ...own }));
}

/** The key of the template: that of the image's name, else, where the shape says which image that is, that of the system. */
function keyFor(shape: Shape, arch: Arch, { templates }: OfferingMeans): string | undefined {
  const { image: _name, ...unnamed } = shape;
  const keys = [
    templateKey(shape, arch),
    ...(shape.imageSource === undefined ? [] : [templateKey(unnamed, arch)]),
  ];
  return keys.find((key) => templates.has(key));
}

function namesOf(types: readonly Ec2InstanceType[]): string {
  const named = types.slice(0, 3).map(({ name }) => name);
  return `${named.join(", ")}${types.length > named.length ? ` and ${types.length - named.length} more` : ""}`;
}

/** The error of an attempt that no way of launching fits. */
export function misfit({ id }: LaunchAttempt, reason: string): FleetError {
  return new FleetError({
    kind: "config",
    message: `Launch attempt ${id} fits nothing: ${reason}`,
  });
}

import type { Ec2Api, Ec2Paging } from "./api.ts";
import { ec2Error } from "./ec2-error.ts";
import { compileFilters } from "./filters.ts";
import type { Ec2Offering } from "./offerings.ts";
import { pageOf } from "./paging.ts";
import type { Ec2World } from "./world.ts";

/** Every type in every zone, sorted, that is sold in one market. */
function offeringsOf(world: Ec2World, market: "spot" | "on-demand"): readonly Ec2Offering[] {
  const types = [...world.types.values()].sort(({ name: left }, { name: right }) =>
    left < right ? -1 : 1,
  );
  return types
    .flatMap((type) => world.zones.map((zone) => ({ type, zone, market })))
    .filter((offering) => world.offerings.isSold(offering));
}

/** What is sold where; what there is room for, nobody tells. */
export function describeOfferings(
  world: Ec2World,
  input: Ec2Paging & { readonly LocationType?: string },
): Awaited<ReturnType<Ec2Api["describeInstanceTypeOfferings"]>> {
  const { LocationType = "region", Filters = [] } = input;
  if (LocationType !== "region" && LocationType !== "availability-zone") {
    throw ec2Error("InvalidParameterValue", `Invalid value '${LocationType}' for LocationType`);
  }
  const all = offeringsOf(world, "on-demand").map(({ type, zone }) => ({
    InstanceType: type.name,
    LocationType,
    Location: LocationType === "region" ? world.region : zone,
  }));
  type Row = (typeof all)[number];
  const keyOf = ({ InstanceType, Location }: Row): string => `${InstanceType} ${Location}`;
  const distinct = [...new Map(all.map((row) => [keyOf(row), row])).values()];
  const passes = compileFilters<Row>(Filters, (name) => {
    if (name === "instance-type") return ({ InstanceType }) => [InstanceType];
    return name === "location" ? ({ Location }) => [Location] : undefined;
  });
  const sorted = distinct.filter(passes).sort((one, two) => (keyOf(one) < keyOf(two) ? -1 : 1));
  const { items, ...rest } = pageOf(sorted, keyOf, input);
  return { InstanceTypeOfferings: items, ...rest };
}

/** What spot costs now: one line for each type and zone. */
export function describeSpotPrices(
  world: Ec2World,
  input: Ec2Paging & { readonly InstanceTypes?: readonly string[] },
): Awaited<ReturnType<Ec2Api["describeSpotPriceHistory"]>> {
  const nowMs = world.clock.now();
  const rows = offeringsOf(world, "spot")
    .filter(({ type }) => input.InstanceTypes?.includes(type.name) ?? true)
    .map((offering) => ({
      InstanceType: offering.type.name,
      AvailabilityZone: offering.zone,
      ProductDescription: "Linux/UNIX",
      SpotPrice: world.offerings.priceOf(offering, nowMs).toFixed(6),
      Timestamp: nowMs,
    }));
  const keyOf = (row: (typeof rows)[number]): string =>
    `${row.InstanceType} ${row.AvailabilityZone}`;
  const sorted = rows.sort((one, two) => (keyOf(one) < keyOf(two) ? -1 : 1));
  const { items, ...rest } = pageOf(sorted, keyOf, input);
  return { SpotPriceHistory: items, ...rest };
}

import type { Market } from "../../routing/shape.ts";
import { allocateFleet, countOf } from "./allocate-fleet.ts";
import type {
  CreateFleetInput,
  CreateFleetOutput,
  Ec2Tag,
  Ec2TemplateAndOverrides,
} from "./api.ts";
import type { ClientTokens } from "./client-tokens.ts";
import { ec2Error } from "./ec2-error.ts";
import { assertFleet, type FleetPool, fleetPools } from "./fleet-rules.ts";
import { assertLaunchTags, launch } from "./launch.ts";
import { instanceTags } from "./tag-rules.ts";
import type { Ec2World } from "./world.ts";

type Launched = CreateFleetOutput["Instances"][number];
type Refused = CreateFleetOutput["Errors"][number];

function described(pool: FleetPool): Ec2TemplateAndOverrides {
  return {
    LaunchTemplateSpecification: { LaunchTemplateId: pool.template.id, Version: "1" },
    Overrides: pool.override,
  };
}

/** Launches one market's share of a fleet: what it got, and why not all. */
function launchMarket(
  world: Ec2World,
  input: CreateFleetInput,
  { all, tags }: { readonly all: readonly FleetPool[]; readonly tags: readonly Ec2Tag[] },
  market: Market,
  target: number,
): { readonly launched: readonly Launched[]; readonly refused: readonly Refused[] } {
  const options = (market === "spot" ? input.SpotOptions : input.OnDemandOptions) ?? {};
  const allocation = allocateFleet(world, all, market, target, options);
  const { takes, short } = allocation;
  const refused = short.map((pool) => ({
    LaunchTemplateAndOverrides: described(pool),
    Lifecycle: market,
    ErrorCode: pool.code,
    ErrorMessage: `${pool.code}: ${pool.type.name} in ${pool.zone} (${market})`,
  }));
  if (countOf(allocation) < (options.MinTargetCapacity ?? 0)) return { launched: [], refused };
  const launched = takes.map(({ pool, count }) => {
    const { template, image, type, zone } = pool;
    const plan = {
      image,
      type,
      zone,
      market,
      tags,
      clientToken: "",
      tagsInMetadata: template.tagsInMetadata ?? true,
      onShutdown: market === "spot" ? "terminate" : (template.onShutdown ?? "terminate"),
    } as const;
    const made = launch(world, plan, count);
    return {
      LaunchTemplateAndOverrides: described(pool),
      Lifecycle: market,
      InstanceIds: made.map(({ id }) => id),
      InstanceType: type.name,
    };
  });
  return { launched, refused };
}

const fleetTaggable = ["fleet", "instance", "volume", "network-interface"] as const;

/** Launches what it can of a target, and says of each pool it tried in vain why. A replayed token launches nothing. */
export function createFleet(
  world: Ec2World,
  tokens: ClientTokens<string>,
  input: CreateFleetInput,
): CreateFleetOutput {
  assertFleet(input);
  const { ClientToken, ...parameters } = input;
  const tags = instanceTags(input.TagSpecifications ?? [], fleetTaggable);
  const all = fleetPools(world, input);
  for (const { template } of all) assertLaunchTags(tags, template.tagsInMetadata ?? true);
  return tokens.once(
    ClientToken,
    "region",
    parameters,
    () => {
      const FleetId = `fleet-${world.next().toString(16).padStart(8, "0")}`;
      const { TotalTargetCapacity, ...rest } = input.TargetCapacitySpecification;
      const usual = rest.DefaultTargetCapacityType ?? "on-demand";
      const spot =
        rest.SpotTargetCapacity ??
        (usual === "spot" ? TotalTargetCapacity - (rest.OnDemandTargetCapacity ?? 0) : 0);
      const parts = [
        ["spot", spot],
        ["on-demand", TotalTargetCapacity - spot],
      ] as const;
      const done = parts
        .filter(([, target]) => target > 0)
        .map(([market, target]) => launchMarket(world, input, { all, tags }, market, target));
      const Instances = done.flatMap(({ launched }) => launched);
      const Errors = done.flatMap(({ refused }) => refused);
      if (Instances.length === 0 && Errors.length === 0) {
        throw ec2Error("InternalError", "A fleet came to nothing without a reason");
      }
      return { answer: { FleetId, Instances, Errors }, kept: FleetId };
    },
    (FleetId) => ({ FleetId, Instances: [], Errors: [] }),
  );
}

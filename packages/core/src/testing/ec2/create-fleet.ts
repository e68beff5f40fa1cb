import type { Market } from "../../routing/shape.ts";
import type {
  CreateFleetInput,
  CreateFleetOutput,
  Ec2Tag,
  Ec2TemplateAndOverrides,
} from "./api.ts";
import type { ClientTokens } from "./client-tokens.ts";
import { ec2Error } from "./ec2-error.ts";
import { assertFleet, type FleetPool, fleetPools } from "./fleet-rules.ts";
import { assertLaunchTags, launch, roomFor } from "./launch.ts";
import { instanceTags } from "./tag-rules.ts";
import type { Ec2World } from "./world.ts";

type Launched = CreateFleetOutput["Instances"][number];
type Refused = CreateFleetOutput["Errors"][number];

interface Take {
  readonly pool: FleetPool;
  readonly count: number;
}

/** How many of each pool, in the order of the strategy, and what could not be had. */
function allocate(
  world: Ec2World,
  pools: readonly FleetPool[],
  market: Market,
  target: number,
  strategy: string,
): { readonly takes: readonly Take[]; readonly short: readonly (FleetPool & { code: string })[] } {
  const takes = new Map<FleetPool, number>();
  const short: (FleetPool & { code: string })[] = [];
  const lid = world.lid();
  const reach = Math.min(target, lid?.count ?? target);
  let left = reach;
  let vcpus = 0;
  // `diversified` takes one of each in turn, all others what they can of the best first.
  const most = strategy === "diversified" ? Math.ceil(target / Math.max(1, pools.length)) : target;
  for (const pool of sorted(world, pools, market, strategy)) {
    if (left === 0) break;
    const wanted = Math.min(left, most);
    const { count, code } = roomFor(world, pool.type, pool.zone, market, vcpus);
    const taken = Math.min(wanted, count);
    if (taken < wanted) short.push({ ...pool, code });
    if (taken > 0) takes.set(pool, taken);
    left -= taken;
    vcpus += taken * pool.type.vcpus;
  }
  const [first] = pools;
  if (lid !== undefined && reach < target && left === 0 && first !== undefined) {
    short.push({ ...first, code: lid.code });
  }
  return { takes: [...takes].map(([pool, count]) => ({ pool, count })), short };
}

function sorted(
  world: Ec2World,
  pools: readonly FleetPool[],
  market: Market,
  strategy: string,
): readonly FleetPool[] {
  const nowMs = world.clock.now();
  const priced = pools.map((pool) => ({
    pool,
    price: world.offerings.priceOf({ ...pool, market }, nowMs),
    room: roomFor(world, pool.type, pool.zone, market).count,
    priority: pool.priority ?? Number.POSITIVE_INFINITY,
  }));
  const compare = (left: number, right: number): number =>
    left === right ? 0 : left < right ? -1 : 1;
  return priced
    .sort((one, two) => {
      const byRoom = compare(two.room, one.room);
      const byPriority = compare(one.priority, two.priority);
      const byPrice = compare(one.price, two.price);
      if (strategy === "prioritized") return byPriority || byPrice;
      if (strategy === "capacity-optimized-prioritized") return byRoom || byPriority;
      if (strategy.includes("capacity-optimized")) return byRoom || byPrice;
      return byPrice;
    })
    .map(({ pool }) => pool);
}

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
  const strategy = options.AllocationStrategy ?? "";
  const { takes, short } = allocate(world, all, market, target, strategy);
  const refused = short.map((pool) => ({
    LaunchTemplateAndOverrides: described(pool),
    Lifecycle: market,
    ErrorCode: pool.code,
    ErrorMessage: `${pool.code}: ${pool.type.name} in ${pool.zone} (${market})`,
  }));
  const sum = takes.reduce((total, { count }) => total + count, 0);
  if (sum < (options.MinTargetCapacity ?? 0)) return { launched: [], refused };
  const launched = takes.map(({ pool, count }) => {
    const { template, type, zone } = pool;
    const plan = {
      template,
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

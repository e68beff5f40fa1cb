import type { EC2Client } from "@aws-sdk/client-ec2";
import {
  type CallOptions,
  type Clock,
  FleetError,
  type LaunchAttempt,
  type MachineProvider,
  type ProviderPace,
  systemClock,
} from "@runs-fleet/core";
import { chooseImages } from "./images/choose-images.ts";
import { createImageLookup } from "./images/image-lookup.ts";
import { findSuperseded } from "./images/superseded.ts";
import { assertAttempt } from "./launch/assert-attempt.ts";
import { launchMachines } from "./launch/launch-machines.ts";
import { parseTemplates } from "./launch/launch-templates.ts";
import { misfit, planOfferings } from "./launch/plan-offerings.ts";
import { createRefusals } from "./launch/refusals.ts";
import { assertRootVolume, type Ec2RootVolume } from "./launch/root-volume.ts";
import { createSubnetSource } from "./launch/subnets.ts";
import { instancesByTags, listByTags } from "./list-machines.ts";
import { observeInstance } from "./observe-instance.ts";
import { createSteering } from "./steer-machines.ts";
import { ec2TagKeys } from "./tag-rules.ts";
import { assertFixedTags, launchTags } from "./tags.ts";
import type { Ec2Prices } from "./types/rank-types.ts";
import { createEc2TypeSource, type Ec2TypeSource } from "./types/type-source.ts";

/** Options of {@link createEc2MachineProvider}. */
export interface Ec2MachineProviderOptions {
  /** Client of the region for all but purchases; see {@link createEc2Clients}. Never closed by the provider. */
  readonly client: EC2Client;
  /** Client for purchases and starts, with one attempt a call. @defaultValue `client`, which then tries in vain where there is no capacity */
  readonly launchClient?: EC2Client;
  /** The region, such as `eu-west-1`; that of the clients. */
  readonly region: string;
  /**
   * What machines are launched from, by system and architecture: `linux-arm64`, `linux-x64`, `windows-x64`; for an image of the
   * catalog with its name behind: `linux-arm64-ubuntu24`. An image of which the catalog says which it is needs no template of
   * its own: it replaces that of its system and architecture, whose root device it must have. A value is the id or the name of a launch template, with `:` and a
   * version behind it unless the default version is meant. {@link launchTemplateData} makes what such a template has to say.
   */
  readonly launchTemplates: Readonly<Record<string, string>>;
  /** Where machines are launched: at least one subnet. Of several in one zone, each launch uses one. */
  readonly subnetIds: readonly string[];
  /** Knows what the region sells; several providers may share one. @defaultValue one of its own: {@link createEc2TypeSource} */
  readonly instanceTypes?: Ec2TypeSource;
  /** What types cost; the cheapest are offered first. @defaultValue the smallest are offered first */
  readonly prices?: Ec2Prices;
  /** Most types of one call, 1 to 100. @defaultValue 30 */
  readonly mostTypes?: number;
  /**
   * Root volumes of the launch templates, by the same keys: a shape with a disk of its own gets such a volume, only larger.
   * @defaultValue none, and such a shape fits nothing
   */
  readonly rootVolumes?: Readonly<Record<string, Ec2RootVolume>>;
  /** Tags of all machines and their volumes, for cost reports. Keys as instance metadata allows them. @defaultValue none */
  readonly tags?: Readonly<Record<string, string>>;
  /** How fast the account may launch fleets. @defaultValue {@link ec2FleetPace} */
  readonly pace?: ProviderPace;
  /** Source of time. @defaultValue {@link systemClock} */
  readonly clock?: Clock;
}

/**
 * How fast an account may call CreateFleet unless it asked for more. Attempts that name a zone go by RunInstances, of which
 * it may make 5 at once and 2 a second: who makes such attempts says so. Source: EC2 API, Request throttling, read 2026-11-24.
 */
export const ec2FleetPace: ProviderPace = Object.freeze({
  launch: Object.freeze({ burst: 50, perSecond: 5 }),
});

const usualTypes = 30;
const mostTypesEver = 100;

function assertOptions(options: Ec2MachineProviderOptions): void {
  const { region, subnetIds, mostTypes = usualTypes } = options;
  if (region === "") throw new TypeError("region must not be empty");
  const bad = subnetIds.find((id) => !/^subnet-[0-9a-z-]+$/u.test(id));
  if (subnetIds.length === 0 || bad !== undefined) {
    throw new TypeError(`subnetIds must be one or more of subnet-..., has ${bad ?? "none"}`);
  }
  const twice = subnetIds.find((id, index) => subnetIds.indexOf(id) !== index);
  if (twice !== undefined) throw new TypeError(`subnetIds has ${twice} twice`);
  if (!Number.isSafeInteger(mostTypes) || mostTypes < 1 || mostTypes > mostTypesEver) {
    throw new RangeError(`mostTypes must be 1 to ${mostTypesEver}, is ${mostTypes}`);
  }
}

function parseRootVolumes(
  volumes: Readonly<Record<string, Ec2RootVolume>>,
  templates: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, Ec2RootVolume> {
  for (const [key, volume] of Object.entries(volumes)) {
    if (!templates.has(key)) throw new TypeError(`rootVolumes: launchTemplates has no ${key}`);
    assertRootVolume(volume, `rootVolumes.${key}`);
  }
  return new Map(Object.entries(volumes));
}

/**
 * Machines from EC2, in one region. Nothing is called before the first operation.
 *
 * An attempt without a zone is one instant fleet over all types that its shape allows and all zones that have a subnet, with
 * both architectures where the shape leaves that open; an attempt with a zone is RunInstances of the best type there. What
 * the first market of an attempt lacks is bought in the next.
 *
 * @throws A TypeError or a RangeError that names the option.
 */
export function createEc2MachineProvider(options: Ec2MachineProviderOptions): MachineProvider {
  const { client, launchClient = client, region, subnetIds, prices, tags = {} } = options;
  const { clock = systemClock, pace = ec2FleetPace, mostTypes = usualTypes } = options;
  const { instanceTypes = createEc2TypeSource({ client, clock }) } = options;
  assertOptions(options);
  assertFixedTags(tags);
  const templates = parseTemplates(options.launchTemplates);
  const rootVolumes = parseRootVolumes(options.rootVolumes ?? {}, templates);
  const subnetSource = createSubnetSource(client, subnetIds, clock);
  const lookup = createImageLookup(client, clock);
  const refusals = createRefusals(clock);
  const inOwnRegion = regionCheck([client, launchClient], region);
  const steering = createSteering({ client, launchClient });

  async function imagesOf(attempt: LaunchAttempt, call: CallOptions | undefined) {
    const { imageSource } = attempt.shape;
    if (imageSource === undefined) return undefined;
    const found = await lookup.find(imageSource, call);
    const choice = chooseImages(found, imageSource, attempt.shape, clock.now());
    if (!choice.ok) throw misfit(attempt, choice.reason);
    return choice.images;
  }

  async function launch(attempt: LaunchAttempt, call: CallOptions | undefined) {
    const tagged = launchTags(attempt, tags);
    const [list, subnets, images] = await Promise.all([
      instanceTypes.read(call),
      subnetSource.read(call),
      imagesOf(attempt, call),
    ]);
    const plan = planOfferings(attempt, {
      list,
      subnets,
      ...(images === undefined ? {} : { images }),
      templates,
      rootVolumes,
      mostTypes,
      ...(prices === undefined ? {} : { prices }),
    });
    const listAttempt = () =>
      listByTags(
        client,
        { [ec2TagKeys.environment]: attempt.environment, [ec2TagKeys.attempt]: attempt.id },
        call,
      );
    const means = { client: launchClient, clock, refusals, listAttempt };
    return launchMachines(means, attempt, plan, tagged, call);
  }

  return {
    name: "ec2",
    pace,
    async launch(attempt, call) {
      call?.signal?.throwIfAborted();
      assertAttempt(attempt, region);
      await inOwnRegion();
      return launch(attempt, call);
    },
    async start(ids, call) {
      await inOwnRegion();
      return steering.start(ids, call);
    },
    async stop(ids, call) {
      await inOwnRegion();
      return steering.stop(ids, call);
    },
    async terminate(ids, call) {
      await inOwnRegion();
      return steering.terminate(ids, call);
    },
    async ring(ids, nonce, call) {
      await inOwnRegion();
      return steering.ring(ids, nonce, call);
    },
    async list(filter, call) {
      call?.signal?.throwIfAborted();
      if (filter.region !== region) return [];
      await inOwnRegion();
      const { environment, attemptId } = filter;
      const own = { [ec2TagKeys.environment]: environment };
      if (attemptId !== undefined) {
        return listByTags(client, { ...own, [ec2TagKeys.attempt]: attemptId }, call);
      }
      const instances = await instancesByTags(client, own, call);
      const superseded = await findSuperseded(instances, lookup, clock.now(), call);
      return instances
        .map(observeInstance)
        .map((machine) =>
          superseded.has(machine.id) ? { ...machine, isSuperseded: true } : machine,
        );
    },
  };
}

/** A client of another region would buy there, and list nothing of what is here. */
function regionCheck(clients: readonly EC2Client[], region: string): () => Promise<void> {
  let checked = false;
  return async () => {
    if (checked) return;
    for (const client of clients) {
      const own = await client.config.region().catch((cause: unknown) => {
        const message = `The client of the provider for ${region} has no region`;
        throw new FleetError({ kind: "config", message, cause });
      });
      if (own === region) continue;
      const message = `The client is for region ${own}, the provider for ${region}`;
      throw new FleetError({ kind: "config", message });
    }
    checked = true;
  };
}

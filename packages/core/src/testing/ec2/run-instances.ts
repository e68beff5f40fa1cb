import type { Ec2Reservation, RunInstancesInput } from "./api.ts";
import type { ClientTokens } from "./client-tokens.ts";
import { ec2Error } from "./ec2-error.ts";
import { type Machine, showInstance } from "./instance.ts";
import {
  assertLaunchTags,
  launch,
  mostUserDataBytes,
  resolveImage,
  resolveTemplate,
  resolveType,
  resolveZone,
  roomFor,
} from "./launch.ts";
import { instanceTags } from "./tag-rules.ts";
import type { Ec2World } from "./world.ts";

const taggable = ["instance", "volume", "network-interface"] as const;

function assertCounts({ MinCount, MaxCount }: RunInstancesInput): void {
  if (!Number.isSafeInteger(MinCount) || MinCount < 1) {
    throw ec2Error("InvalidParameterValue", `MinCount must be at least 1, is ${MinCount}`);
  }
  if (!Number.isSafeInteger(MaxCount) || MaxCount < MinCount) {
    throw ec2Error("InvalidParameterValue", `MaxCount must be at least MinCount, is ${MaxCount}`);
  }
}

function assertUserData(userData: string | undefined): void {
  if (userData === undefined) return;
  if (!/^[A-Za-z0-9+/]*={0,2}$/u.test(userData) || userData.length % 4 !== 0) {
    throw ec2Error("InvalidUserData.Malformed", "User data must be base64");
  }
  if ((userData.length / 4) * 3 > mostUserDataBytes + 2) {
    throw ec2Error("InvalidParameterValue", "User data is limited to 16384 bytes");
  }
}

/** Launches between the least and the most that are asked for, in one zone. */
export function runInstances(
  world: Ec2World,
  tokens: ClientTokens<readonly Machine[]>,
  input: RunInstancesInput,
): Ec2Reservation {
  assertCounts(input);
  assertUserData(input.UserData);
  const market = input.InstanceMarketOptions?.MarketType ?? "on-demand";
  if (market !== "spot" && market !== "on-demand") {
    throw ec2Error("InvalidParameterValue", `Invalid value '${market}' for MarketType`);
  }
  if (input.LaunchTemplate === undefined) {
    throw ec2Error("MissingParameter", "The model launches from launch templates only");
  }
  const template = resolveTemplate(world, input.LaunchTemplate);
  const type = resolveType(world, input.InstanceType ?? template.instanceType);
  const image = resolveImage(world, template, type, input.ImageId);
  const zone = resolveZone(world, input.SubnetId, input.Placement?.AvailabilityZone);
  const specifications = input.TagSpecifications ?? [];
  const tags = instanceTags(
    specifications,
    market === "spot" ? [...taggable, "spot-instances-request"] : taggable,
  );
  const shown = input.MetadataOptions?.InstanceMetadataTags;
  const tagsInMetadata =
    shown === undefined ? (template.tagsInMetadata ?? true) : shown === "enabled";
  assertLaunchTags(tags, tagsInMetadata);
  const shutdown = input.InstanceInitiatedShutdownBehavior ?? template.onShutdown ?? "terminate";
  if (shutdown !== "stop" && shutdown !== "terminate") {
    throw ec2Error("InvalidParameterValue", `Invalid shutdown behaviour '${shutdown}'`);
  }
  if (market === "spot" && shutdown === "stop") {
    throw ec2Error("InvalidParameterCombination", "One-time spot instances cannot stop");
  }
  const { ClientToken, ...parameters } = input;
  // Without a zone the service chooses one, and the token holds for the region.
  return tokens.once(
    ClientToken,
    zone ?? "region",
    parameters,
    () => {
      const { MinCount, MaxCount } = input;
      const zones = zone === undefined ? world.zones : [zone];
      const lid = world.lid();
      const rooms = zones.map((own) => {
        const room = roomFor(world, type, own, market);
        return { own, ...(lid !== undefined && lid.count < room.count ? lid : room) };
      });
      const chosen = rooms.find(({ count }) => count >= MinCount);
      if (chosen === undefined) {
        const code = rooms[0]?.code ?? "InsufficientInstanceCapacity";
        throw ec2Error(code, `${code}: ${MinCount} ${type.name} in ${zones.join(", ")}`);
      }
      const plan = {
        image,
        type,
        zone: chosen.own,
        market,
        tags,
        clientToken: ClientToken ?? "",
        tagsInMetadata,
        onShutdown: market === "spot" ? "terminate" : shutdown,
      } as const;
      const made = launch(world, plan, Math.min(MaxCount, chosen.count));
      return { answer: reservationOf(world, made), kept: made };
    },
    // The replay tells the instances of the first call as they are now, ended ones too.
    (made) => reservationOf(world, made),
  );
}

function reservationOf(world: Ec2World, made: readonly Machine[]): Ec2Reservation {
  return {
    ReservationId: made[0]?.reservationId ?? "",
    Instances: made.map((machine) => showInstance(machine, world.clock.now(), true)),
  };
}

import {
  DescribeInstanceTypeOfferingsCommand,
  DescribeInstanceTypesCommand,
  type EC2Client,
} from "@aws-sdk/client-ec2";
import { type CallOptions, type Clock, systemClock } from "@runs-fleet/core";
import { callEc2, everyPage } from "../call.ts";
import { createSharedRead } from "../shared-read.ts";
import { type Ec2InstanceType, readInstanceType } from "./instance-type.ts";

/** What a region sells, and where. */
export interface Ec2TypeList {
  /** When it was read, epoch milliseconds. */
  readonly readAtMs: number;
  /** Every type that a runner could use. */
  readonly types: readonly Ec2InstanceType[];
  /** Zones in which a type is sold, such as `us-east-1a`, by type. */
  readonly zones: ReadonlyMap<string, readonly string[]>;
}

/** Knows what a region sells. */
export interface Ec2TypeSource {
  /**
   * The list, at most as old as the source allows. When EC2 does not answer, the last one, however old; without one it rejects
   * with a `FleetError`.
   */
  read(options?: CallOptions): Promise<Ec2TypeList>;
}

/** Options of {@link createEc2TypeSource}. */
export interface Ec2TypeSourceOptions {
  /** Client of the region. */
  readonly client: EC2Client;
  /** Source of time. @defaultValue {@link systemClock} */
  readonly clock?: Clock;
  /** Age at which the list is read again, milliseconds; at least 1. @defaultValue a day */
  readonly maxAgeMs?: number;
}

/** Largest pages that EC2 gives. Source: EC2 API, DescribeInstanceTypes and DescribeInstanceTypeOfferings, read 2026-11-24. */
const typesPerPage = 100;
const offeringsPerPage = 1_000;

const aDayMs = 24 * 60 * 60_000;

/**
 * Asks EC2 what it sells in which zone, at the first use and once a day: some 20 calls. Several providers may share one.
 *
 * @throws A RangeError when `maxAgeMs` is no positive number.
 */
export function createEc2TypeSource(options: Ec2TypeSourceOptions): Ec2TypeSource {
  const { client, clock = systemClock, maxAgeMs = aDayMs } = options;
  if (!(maxAgeMs >= 1)) throw new RangeError(`maxAgeMs must be at least 1, is ${maxAgeMs}`);
  return createSharedRead({ clock, maxAgeMs, load: () => readList(client, clock) });
}

async function readList(client: EC2Client, clock: Clock): Promise<Ec2TypeList> {
  const readAtMs = clock.now();
  const [infos, offerings] = await Promise.all([readTypes(client), readOfferings(client)]);
  const zones = new Map<string, string[]>();
  for (const { InstanceType, Location } of offerings) {
    if (InstanceType === undefined || Location === undefined) continue;
    const own = zones.get(InstanceType) ?? [];
    zones.set(InstanceType, own);
    own.push(Location);
  }
  return { readAtMs, types: infos.flatMap((info) => readInstanceType(info) ?? []), zones };
}

async function readTypes(client: EC2Client) {
  const pages = await everyPage((NextToken) =>
    callEc2("describe the instance types", undefined, () =>
      client.send(new DescribeInstanceTypesCommand({ MaxResults: typesPerPage, NextToken })),
    ),
  );
  return pages.flatMap(({ InstanceTypes = [] }) => InstanceTypes);
}

async function readOfferings(client: EC2Client) {
  const LocationType = "availability-zone";
  const pages = await everyPage((NextToken) =>
    callEc2("describe where instance types are sold", undefined, () =>
      client.send(
        new DescribeInstanceTypeOfferingsCommand({
          LocationType,
          MaxResults: offeringsPerPage,
          NextToken,
        }),
      ),
    ),
  );
  return pages.flatMap(({ InstanceTypeOfferings = [] }) => InstanceTypeOfferings);
}

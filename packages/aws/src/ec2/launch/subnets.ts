import { createHash } from "node:crypto";
import { DescribeSubnetsCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { type Clock, FleetError } from "@runs-fleet/core";
import { callEc2, everyPage } from "../call.ts";
import { createSharedRead, type SharedRead } from "../shared-read.ts";

/** A subnet that machines may be launched in. */
export interface Ec2Subnet {
  /** Such as `subnet-0123456789abcdef0`. */
  readonly id: string;
  /** Its zone, such as `us-east-1a`. A subnet never moves. */
  readonly zone: string;
}

/** Asks EC2 once for the zones of the subnets that were configured. A subnet that is not there fails every launch: `config`. */
export function createSubnetSource(
  client: EC2Client,
  ids: readonly string[],
  clock: Clock,
): SharedRead<readonly Ec2Subnet[]> {
  return createSharedRead({
    clock,
    maxAgeMs: Number.POSITIVE_INFINITY,
    async load() {
      const pages = await everyPage((NextToken) =>
        callEc2("find the subnets that machines are launched in", undefined, () =>
          client.send(new DescribeSubnetsCommand({ SubnetIds: [...ids], NextToken })),
        ),
      );
      const zones = new Map(
        pages
          .flatMap(({ Subnets = [] }) => Subnets)
          .map(({ SubnetId, AvailabilityZone }) => [SubnetId, AvailabilityZone]),
      );
      return ids.map((id) => {
        const zone = zones.get(id);
        if (zone !== undefined) return { id, zone };
        const message = `EC2 does not say in which zone ${id} is`;
        throw new FleetError({ kind: "unknown", message });
      });
    },
  });
}

/**
 * One subnet of each zone, for a fleet must not have two; of several in a zone, the one that the token falls on. The same
 * token chooses the same subnets in every process that has the same ones.
 *
 * @param zone - Only this zone.
 */
export function subnetsFor(
  subnets: readonly Ec2Subnet[],
  token: string,
  zone?: string,
): readonly Ec2Subnet[] {
  const byZone = new Map<string, Ec2Subnet[]>();
  for (const subnet of subnets) {
    if (zone !== undefined && subnet.zone !== zone) continue;
    const own = byZone.get(subnet.zone) ?? [];
    byZone.set(subnet.zone, own);
    own.push(subnet);
  }
  const lot = createHash("sha256").update(token).digest().readUInt32BE(0);
  return [...byZone.values()].flatMap((own) => own[lot % own.length] ?? []);
}

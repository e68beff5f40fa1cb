import type { AwsRequest, Handle } from "./exchange.ts";
import { textsOf } from "./xml.ts";

/** Knows in which zone a launch would be. */
export interface Zones {
  /** The zone that a form of RunInstances names, itself or by a subnet; `any` when it leaves that to EC2. */
  of(request: AwsRequest, form: URLSearchParams): Promise<string>;
}

/** Asks for each subnet once. */
export function createZones(next: Handle): Zones {
  const known = new Map<string, string>();
  return {
    async of(request, form) {
      const zone = form.get("Placement.AvailabilityZone");
      if (zone !== null) return zone;
      const subnet = form.get("SubnetId") ?? form.get("NetworkInterface.1.SubnetId");
      if (subnet === null) return "any";
      const before = known.get(subnet);
      if (before !== undefined) return before;
      const question = new URLSearchParams({
        Action: "DescribeSubnets",
        Version: "2016-11-15",
        "SubnetId.1": subnet,
      });
      const body = Buffer.from(question.toString());
      const answer = await next({ ...request, action: "DescribeSubnets", body });
      const [found] = textsOf(answer.body.toString("utf8"), "availabilityZone");
      // A subnet that is not there: the launch itself will say so.
      if (found === undefined) return subnet;
      known.set(subnet, found);
      return found;
    },
  };
}

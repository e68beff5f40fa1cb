import { DescribeSubnetsCommand, type Subnet } from "@aws-sdk/client-ec2";
import type { DoctorRow, RowAnswer } from "../row.ts";

/** Whether there is room for machines in the network. */
export const addressesRow: DoctorRow = {
  id: "addresses",
  question: "Have the subnets free addresses for all machines?",
  why: "Every machine takes one; a full subnet looks like missing capacity (InsufficientFreeAddressesInSubnet)",
  onlyOnAws: "an emulator's subnets are its own",
  after: ["identity"],
  async run({ clients, options, facts }) {
    const { subnetIds, machines } = options;
    if (subnetIds.length === 0) {
      return {
        verdict: "skipped",
        detail: "because no subnet is named",
        advice: "say --subnet, for each subnet that machines are launched in",
      };
    }
    const { Subnets = [] } = await clients.ec2.send(
      new DescribeSubnetsCommand({ SubnetIds: [...subnetIds] }),
    );
    const vpcs = [...new Set(Subnets.flatMap(({ VpcId }) => VpcId ?? []))];
    const [vpcId] = vpcs;
    if (vpcId === undefined || vpcs.length > 1) {
      const detail = `the subnets are in ${vpcs.length} VPCs: ${vpcs.join(", ")}`;
      return { verdict: "disproven", detail, advice: "name subnets of one VPC" };
    }
    facts.subnets = {
      vpcId,
      subnets: Subnets.map(({ SubnetId: id = "", AvailabilityZone: zone = "" }) => ({ id, zone })),
    };
    return roomFor(Subnets, machines);
  },
};

/** What free addresses come to. */
export function roomFor(
  subnets: readonly Pick<Subnet, "SubnetId" | "AvailabilityZone" | "AvailableIpAddressCount">[],
  machines: number | undefined,
): RowAnswer {
  const free = subnets.map(({ AvailableIpAddressCount = 0 }) => AvailableIpAddressCount);
  const total = free.reduce((sum, count) => sum + count, 0);
  const zones = new Set(subnets.map(({ AvailabilityZone }) => AvailabilityZone)).size;
  const evidence = {
    free: total,
    zones,
    ...Object.fromEntries(
      subnets.map(({ SubnetId = "", AvailableIpAddressCount = 0 }) => [
        SubnetId,
        AvailableIpAddressCount,
      ]),
    ),
  };
  const detail = `${total} free addresses in ${subnets.length} subnets of ${zones} zones`;
  if (machines === undefined) {
    const advice = "say --machines, the most that there may be at once";
    if (total === 0) return { verdict: "disproven", detail, evidence, advice: "add subnets" };
    const open = `${detail}; nobody has said how many are needed`;
    return { verdict: "unproven", holds: true, detail: open, evidence, advice };
  }
  if (total >= machines)
    return { verdict: "proven", detail: `${detail}, for ${machines} machines`, evidence };
  const advice = "add subnets, or lower the environment's limits.machines";
  return {
    verdict: "disproven",
    detail: `${detail}, too few for ${machines} machines`,
    evidence,
    advice,
  };
}

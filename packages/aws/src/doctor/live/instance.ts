import { DescribeInstancesCommand, type Instance } from "@aws-sdk/client-ec2";
import type { ObservedMachine } from "@runs-fleet/core";
import { listByTags } from "../../ec2/list-machines.ts";
import { ec2TagKeys } from "../../ec2/tag-rules.ts";
import { type DoctorContext, known } from "../context.ts";
import { pollFor } from "./poll.ts";

/** The machine, waited for until it is in one of these states; `undefined` when it is not in time. */
export function waitForState(
  context: DoctorContext,
  states: readonly string[],
  forMs: number,
): Promise<Instance | undefined> {
  const InstanceIds = [known(context.probe.machineId, "the machine")];
  return pollFor(context, { everyMs: 3_000, forMs }, async () => {
    const { Reservations = [] } = await context.clients.ec2.send(
      new DescribeInstancesCommand({ InstanceIds }),
    );
    const [instance] = Reservations.flatMap(({ Instances = [] }) => Instances);
    return states.includes(instance?.State?.Name ?? "") ? instance : undefined;
  });
}

/** All machines that the probe's attempt has bought, as the listing shows them. */
export function listBought({
  clients,
  options,
  probe,
}: DoctorContext): Promise<readonly ObservedMachine[]> {
  const { attempt } = known(probe.purchase, "the purchase");
  return listByTags(clients.ec2, {
    [ec2TagKeys.environment]: options.environment,
    [ec2TagKeys.attempt]: attempt.id,
  });
}

import { arnsIn, type PolicyScope } from "./policy/scope.ts";
import type { StackRule } from "./stack.ts";

/** How old a notice may get that cannot be delivered, seconds: what EC2 announces happens within minutes. */
const maxAgeSeconds = 300;

/**
 * What EC2 announces of machines. Its events carry no tags, so those of all machines in the region come; the controller knows its
 * own by their ids. Source: EC2 guide, Spot Instance interruption notices, EC2 instance rebalance recommendations, and State
 * change events, read 2026-11-28.
 */
export function describeRules({ names, place }: PolicyScope): readonly StackRule[] {
  const arns = arnsIn(place);
  const rule = (
    suffix: string,
    description: string,
    detailType: string,
    detail?: Readonly<Record<string, readonly string[]>>,
  ): StackRule => ({
    name: `${names.prefix}${suffix}`,
    arn: arns.rule(`${names.prefix}${suffix}`),
    description,
    pattern: {
      source: ["aws.ec2"],
      "detail-type": [detailType],
      ...(detail === undefined ? {} : { detail }),
    },
    queueArn: arns.queue(names.queues.notices),
    maxAgeSeconds,
  });
  return [
    rule(
      "spot-interruption",
      "Spot machines that are taken away in two minutes",
      "EC2 Spot Instance Interruption Warning",
    ),
    rule(
      "rebalance",
      "Spot machines that may soon be taken away",
      "EC2 Instance Rebalance Recommendation",
    ),
    rule("state-change", "Machines that end", "EC2 Instance State-change Notification", {
      state: ["stopped", "shutting-down", "terminated"],
    }),
  ];
}

import { deadLetterName, type StackQueueKind } from "./names.ts";
import { rulesMaySend } from "./policy/resource-policies.ts";
import { arnsIn, type PolicyScope } from "./policy/scope.ts";
import type { StackQueue, StackRule } from "./stack.ts";

/** Longest that SQS keeps messages, seconds; a dead letter counts from when it was sent first. */
const deadLetterSeconds = 1_209_600;

/** How long messages are kept that nobody takes, seconds. GitHub gives up a queued job after a day. */
const retentionSeconds: Readonly<Record<StackQueueKind, number>> = {
  demand: 345_600,
  reports: 345_600,
  // A machine that is to be taken away is gone two minutes later.
  notices: 3_600,
};

/** More than the 50 after which a controller puts a message aside itself, with the cause on it. */
const maxReceives = 100;

/** The queues of an environment, each behind its dead-letter queue. */
export function describeQueues(
  { names, place }: PolicyScope,
  rules: readonly StackRule[],
): readonly StackQueue[] {
  const arns = arnsIn(place);
  return (Object.entries(names.queues) as [StackQueueKind, string][]).flatMap(([kind, name]) => {
    const arn = arns.queue(name);
    const isFifo = name.endsWith(".fifo");
    const deadName = deadLetterName(name);
    const deadLetterArn = arns.queue(deadName);
    const ruleArns = rules.filter(({ queueArn }) => queueArn === arn).map((rule) => rule.arn);
    return [
      {
        kind,
        name: deadName,
        arn: deadLetterArn,
        isFifo,
        retentionSeconds: deadLetterSeconds,
        sourceArn: arn,
      },
      {
        kind,
        name,
        arn,
        isFifo,
        retentionSeconds: retentionSeconds[kind],
        redrive: { deadLetterArn, maxReceives },
        ...(ruleArns.length === 0 ? {} : { policy: rulesMaySend(arn, ruleArns) }),
      },
    ];
  });
}

import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  type EventBridgeClient,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { FleetError } from "@runs-fleet/core";
import type { StackRule } from "../stack.ts";
import { createCaller } from "./call.ts";
import { absent, compare, parseJson, type StackResource, tagList } from "./resource.ts";

const { call, find } = createCaller("EventBridge");
const gone = ["ResourceNotFoundException"];
const targetId = "notices";

/** A rule with its target. */
export function ruleResource(
  client: EventBridgeClient,
  rule: StackRule,
  tags: Readonly<Record<string, string>>,
): StackResource {
  const { name: Name, description, pattern, queueArn, maxAgeSeconds } = rule;
  const targets = async () => {
    const answer = await find(`look at the targets of rule ${Name}`, gone, () =>
      client.send(new ListTargetsByRuleCommand({ Rule: Name })),
    );
    return answer?.Targets ?? [];
  };
  return {
    kind: "rule",
    name: Name,
    async look() {
      const found = await find(`look at rule ${Name}`, gone, () =>
        client.send(new DescribeRuleCommand({ Name })),
      );
      const has = found === undefined ? [] : await targets();
      // One that broke off while it was made has no target yet.
      if (found === undefined || has.length === 0) return absent;
      return compare(
        { pattern, State: "ENABLED", targets: [queueArn] },
        {
          pattern: parseJson(found.EventPattern),
          State: found.State,
          targets: has.map(({ Arn }) => Arn),
        },
      );
    },
    async create() {
      await call(`make rule ${Name}`, () =>
        client.send(
          new PutRuleCommand({
            Name,
            Description: description,
            EventPattern: JSON.stringify(pattern),
            State: "ENABLED",
            Tags: tagList(tags),
          }),
        ),
      );
      const { FailedEntries = [] } = await call(`give rule ${Name} its target`, () =>
        client.send(
          new PutTargetsCommand({
            Rule: Name,
            Targets: [
              {
                Id: targetId,
                Arn: queueArn,
                RetryPolicy: { MaximumEventAgeInSeconds: maxAgeSeconds },
              },
            ],
          }),
        ),
      );
      const [failed] = FailedEntries;
      if (failed !== undefined) {
        const message = `EventBridge does not take the target of rule ${Name}: ${failed.ErrorCode}`;
        throw new FleetError({ kind: "config", message });
      }
    },
    async remove() {
      const Ids = (await targets()).flatMap(({ Id }) => Id ?? []);
      if (Ids.length > 0) {
        await find(`take the targets from rule ${Name}`, gone, () =>
          client.send(new RemoveTargetsCommand({ Rule: Name, Ids })),
        );
      }
      await find(`delete rule ${Name}`, gone, () => client.send(new DeleteRuleCommand({ Name })));
    },
  };
}

import {
  type CancellationReason,
  PutItemCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import type { CallParts } from "./calls.ts";
import { type CommitVerdict, judgeCancellation } from "./judge-cancellation.ts";
import { type CommitParts, planCommit } from "./plan-commit.ts";
import type { StoreTools } from "./tools.ts";

/** Sends a commit once, and judges the answer. Throws a FleetError when there is none, or none that decides. */
export async function sendCommit(
  { client, calls, entropy }: StoreTools,
  parts: CommitParts,
  isRepeat: boolean,
  call: Pick<CallParts<unknown>, "purpose" | "signal">,
): Promise<CommitVerdict> {
  const { opening, items } = planCommit(parts);
  if (opening) {
    const { table: TableName, item: Item } = opening;
    await calls.call({
      ...call,
      send: (options) => client.send(new PutItemCommand({ TableName, Item }), options),
    });
  }
  return calls.call<CommitVerdict>({
    ...call,
    send: async (options) => {
      // A token for each sending: the SDK's own repetitions are one and the same to DynamoDB.
      const input = { TransactItems: [...items], ClientRequestToken: entropy.uuid() };
      try {
        await client.send(new TransactWriteItemsCommand(input), options);
        return { kind: "done" };
      } catch (error) {
        const reasons = takeReasons(error);
        if (reasons === undefined) throw error;
        const verdict = judgeCancellation(parts, reasons, isRepeat);
        if (verdict.kind === "other") throw error;
        return verdict;
      }
    },
  });
}

/** Why a transaction was cancelled. Takes the items out of the error: errors are logged, and items hold credentials. */
function takeReasons(error: unknown): readonly CancellationReason[] | undefined {
  const reasons = (error as { readonly CancellationReasons?: CancellationReason[] } | null)
    ?.CancellationReasons;
  if (!Array.isArray(reasons)) return undefined;
  const taken = reasons.map((reason) => ({ ...reason }));
  for (const reason of reasons) delete reason.Item;
  return taken;
}

import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { type Clock, type Entropy, FleetError } from "@runs-fleet/core";
import { readAwsError } from "../failures/aws-error.ts";
import { dynamodbFailures } from "../failures/dynamodb.ts";
import { translate } from "../failures/translate.ts";
import type { Item } from "./attribute.ts";

/** Handler options of one call. */
interface HttpOptions {
  readonly abortSignal?: AbortSignal;
}

/** What a call is. */
export interface CallParts<Output> {
  /** What fails if it fails, as in `read the lease of ci/us-east-1`. */
  readonly purpose: string;
  readonly signal: AbortSignal | undefined;
  /** Sends it. */
  readonly send: (options: HttpOptions) => Promise<Output>;
}

/** How a conditional write ended. */
export type Conditional =
  | { readonly ok: true }
  /** Its condition did not hold; this is the item as it was then, if there was one. */
  | { readonly ok: false; readonly item: Item | undefined };

/** Calls to DynamoDB, with errors of the ports. */
export interface Calls {
  /** @throws A {@link FleetError}, or the reason of the signal. */
  call<Output>(parts: CallParts<Output>): Promise<Output>;
  /** A write of one item with a condition. @throws What {@link Calls.call} throws. */
  conditionally(parts: CallParts<unknown>): Promise<Conditional>;
  /**
   * Waits before a call is repeated that met another transaction or was answered in part.
   *
   * @param failures - How many tries there were; 5 are enough.
   * @throws A {@link FleetError} `unavailable` after the last.
   */
  pause(failures: number, parts: Pick<CallParts<unknown>, "purpose" | "signal">): Promise<void>;
}

/** Tries of a call that meets another transaction on its items. */
const mostTries = 5;
const firstPauseMs = 25;

/** What DynamoDB answers when another transaction, or the first sending of this one, is at work on an item. */
const disturbed: ReadonlySet<string> = new Set([
  "ReplicatedWriteConflictException",
  "TransactionConflictException",
  "TransactionInProgressException",
]);

/** Makes calls. How often the SDK repeats one, and how long it waits, is the client's. */
export function createCalls(clock: Clock, entropy: Entropy): Calls {
  const pause: Calls["pause"] = async (failures, { purpose, signal }) => {
    if (failures >= mostTries) {
      throw new FleetError({
        kind: "unavailable",
        message: `DynamoDB has not managed to ${purpose} in ${failures} tries: others are at work on the same items`,
      });
    }
    const longestMs = firstPauseMs * 2 ** failures;
    await clock.sleep(Math.ceil(longestMs * (0.5 + entropy.random() / 2)), signal);
  };
  const call: Calls["call"] = async ({ purpose, signal, send }) => {
    for (let failures = 1; ; failures += 1) {
      signal?.throwIfAborted();
      try {
        return await send(signal === undefined ? {} : { abortSignal: signal });
      } catch (error) {
        if (!disturbed.has(readAwsError(error)?.code ?? "")) {
          throw translate(error, { service: "DynamoDB", table: dynamodbFailures, purpose, signal });
        }
      }
      await pause(failures, { purpose, signal });
    }
  };
  return {
    call,
    pause,
    conditionally: (parts) =>
      call({
        ...parts,
        send: async (options): Promise<Conditional> => {
          try {
            await parts.send(options);
            return { ok: true };
          } catch (error) {
            if (readAwsError(error)?.code !== "ConditionalCheckFailedException") throw error;
            return { ok: false, item: itemOf(error) };
          }
        },
      }),
  };
}

/** The item that the SDK's error carries, out of the error: errors are logged, and items may hold credentials. */
function itemOf(error: unknown): Item | undefined {
  return (error as { readonly Item?: Record<string, AttributeValue> }).Item;
}

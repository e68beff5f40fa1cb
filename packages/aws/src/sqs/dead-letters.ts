import type { CallOptions, Cause, FleetError } from "@runs-fleet/core";
import { failureOf } from "./call.ts";
import { deadLetterEntry } from "./dead-letter-entry.ts";
import type { FindDeadLetterUrl } from "./dead-letter-url.ts";
import { isFifoUrl } from "./queue-url.ts";
import type { RawMessage } from "./read-message.ts";
import { sendEntries } from "./send-entries.ts";
import { deleteReceipts, type SettleTools } from "./settle-receipts.ts";

/** A message that is to be put aside, and why. */
export interface Letter {
  readonly raw: RawMessage;
  readonly cause: Cause;
}

/** Puts messages aside: what is stored there is removed here, in this order. One outcome per letter: put aside, or why not. */
export type PutAside = (
  letters: readonly Letter[],
  options: CallOptions | undefined,
) => Promise<readonly (FleetError | undefined)[]>;

/** Moves messages to the dead-letter queue. */
export function createPutAside(tools: SettleTools, findUrl: FindDeadLetterUrl): PutAside {
  return async (letters, options) => {
    const signal = options?.signal;
    let deadLetterUrl: string;
    try {
      deadLetterUrl = await findUrl(options);
    } catch (error) {
      const failure = failureOf(error);
      return letters.map(() => failure);
    }
    const target = { queueUrl: deadLetterUrl, isFifo: isFifoUrl(deadLetterUrl) };
    const entries = letters.map(({ raw, cause }) =>
      deadLetterEntry(raw, cause, { ...target, entropy: tools.entropy }),
    );
    const outcomes = await sendEntries(tools, target, entries, signal);
    const stored = letters.filter((_, place) => outcomes[place] === undefined);
    const receipts = stored.map(({ raw }) => raw.receipt);
    try {
      await deleteReceipts(tools, receipts, signal);
    } catch (error) {
      // They come again, and are put aside again.
      const failure = failureOf(error);
      return outcomes.map((outcome) => outcome ?? failure);
    }
    return outcomes;
  };
}

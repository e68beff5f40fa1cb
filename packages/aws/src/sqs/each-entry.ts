import type { BatchResultErrorEntry } from "@aws-sdk/client-sqs";
import { type Clock, type Entropy, FleetError } from "@runs-fleet/core";
import { verdictOf } from "../failures/kind-of.ts";
import { sqsFailures } from "../failures/sqs.ts";
import { callSqs, failureOf, type HttpOptions } from "./call.ts";

/** What a batch call answers. */
export interface BatchAnswer {
  readonly Successful?: readonly { readonly Id?: string | undefined }[] | undefined;
  readonly Failed?: readonly BatchResultErrorEntry[] | undefined;
}

/** One batch call. */
export interface BatchCall<E> {
  /** What fails if it fails, as in `send messages`. */
  readonly purpose: string;
  readonly signal: AbortSignal | undefined;
  /** Sends these entries; the id of each is its place, from `0`. */
  readonly send: (entries: readonly E[], http: HttpOptions) => Promise<BatchAnswer>;
}

/** What became of an entry: done, or why not. */
export type EntryOutcome = FleetError | undefined;

/** Tries of entries that SQS did not manage; the SDK repeats only calls that fail as a whole. */
const mostTries = 3;
const firstPauseMs = 50;

/**
 * One outcome per entry, in order, of a batch of at most 10. Entries that SQS fails to do by its own fault are tried again; the
 * others of their batch are not.
 *
 * @throws The reason of the signal, or what is no failure of SQS.
 */
export async function eachEntry<E>(
  entries: readonly E[],
  call: BatchCall<E>,
  tools: { readonly clock: Clock; readonly entropy: Entropy },
): Promise<readonly EntryOutcome[]> {
  const { clock, entropy } = tools;
  const { purpose, signal, send } = call;
  const outcomes: EntryOutcome[] = entries.map(() => undefined);
  let places = entries.map((_, place) => place);
  for (let tries = 1; places.length > 0; tries += 1) {
    const batch = places.flatMap((place) => entries.slice(place, place + 1));
    const failures = await outcomesOf(batch.length, purpose, () =>
      callSqs(purpose, signal === undefined ? undefined : { signal }, (http) => send(batch, http)),
    );
    const again: number[] = [];
    for (const [index, place] of places.entries()) {
      const failure = failures[index];
      outcomes[place] = failure?.error;
      if (failure?.mayRepeat) again.push(place);
    }
    places = tries < mostTries ? again : [];
    if (places.length === 0) break;
    await clock.sleep(firstPauseMs * 2 ** tries * (0.5 + entropy.random() / 2), signal);
  }
  return outcomes;
}

interface EntryFailure {
  readonly error: FleetError;
  /** Whether it was this entry alone, and not its fault: the SDK has repeated calls that failed as a whole. */
  readonly mayRepeat: boolean;
}

async function outcomesOf(
  count: number,
  purpose: string,
  send: () => Promise<BatchAnswer>,
): Promise<readonly (EntryFailure | undefined)[]> {
  let answer: BatchAnswer;
  try {
    answer = await send();
  } catch (error) {
    const failure = { error: failureOf(error), mayRepeat: false };
    return Array.from({ length: count }, () => failure);
  }
  const done = new Set(answer.Successful?.map(({ Id }) => Id));
  const failed = new Map(answer.Failed?.map((entry) => [entry.Id, entry]));
  return Array.from({ length: count }, (_, place) => {
    const id = String(place);
    if (done.has(id)) return undefined;
    return failureOfEntry(failed.get(id), purpose);
  });
}

function failureOfEntry(entry: BatchResultErrorEntry | undefined, purpose: string): EntryFailure {
  const { Code: code = "no answer", SenderFault: isOurs = false, Message: told = "" } = entry ?? {};
  // An entry that is not mentioned was perhaps done: to try again may double it, to forget it would lose it.
  const { kind, retryable } = verdictOf(sqsFailures, code, isOurs ? 400 : 500);
  const error = new FleetError({
    kind,
    message: `SQS refuses to ${purpose}: ${code}${told === "" ? "" : `, ${told.slice(0, 300)}`}`,
    ...(retryable === undefined ? {} : { retryable }),
    details: { code, senderFault: isOurs },
  });
  return { error, mayRepeat: !isOurs && error.retryable };
}

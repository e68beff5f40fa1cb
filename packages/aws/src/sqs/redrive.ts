import {
  ReceiveMessageCommand,
  type SQSClient,
  type Message as SqsMessage,
} from "@aws-sdk/client-sqs";
import {
  type CallOptions,
  type Clock,
  type Entropy,
  type FleetError,
  systemClock,
  systemEntropy,
} from "@runs-fleet/core";
import { assertInteger } from "@runs-fleet/core/embedded/rules";
import type { Attributes } from "./attributes.ts";
import { callSqs, failureOf } from "./call.ts";
import { deadLetterFields, deadLetterPrefix } from "./dead-letter-entry.ts";
import { mostBatchBytes, mostEntries } from "./limits.ts";
import { type MessageEntry, placeEntry } from "./message-entry.ts";
import { assertQueueUrl, isFifoUrl } from "./queue-url.ts";
import { sendEntries } from "./send-entries.ts";
import { deleteReceipts, hideReceipts } from "./settle-receipts.ts";
import { waitOptions } from "./wait-options.ts";

/** Options of {@link redriveSqsDeadLetters}. */
export interface SqsRedriveOptions extends CallOptions {
  /** Speaks to both queues. It is never closed here. */
  readonly client: SQSClient;
  /** From where. */
  readonly deadLetterUrl: string;
  /** To where: the queue that the messages came from. */
  readonly queueUrl: string;
  /** How many messages are looked at at most, 1 to 10,000. */
  readonly max: number;
  /** Which to move. @defaultValue all that were not cut */
  readonly accept?: (letter: SqsDeadLetter) => boolean;
  /** Decides about pauses. @defaultValue `systemClock` */
  readonly clock?: Clock;
  /** Makes jitter. @defaultValue `systemEntropy` */
  readonly entropy?: Entropy;
}

/** A message in a dead-letter queue. */
export interface SqsDeadLetter {
  /** Its body as it was sent, or the beginning of it. */
  readonly text: string;
  /** Code of the cause; `undefined` when SQS has moved it after too many receives. */
  readonly code: string | undefined;
  /** The cause in words; `undefined` as above. */
  readonly message: string | undefined;
  /** Who sent it, as SQS verified it then; nobody verifies that it says so here. `undefined` as above. */
  readonly sender: string | undefined;
  /** When it was put here, or sent when SQS has moved it; epoch milliseconds. */
  readonly sentAtMs: number;
  /** Whether only the beginning of its body is here: it is never moved. */
  readonly isCut: boolean;
}

/** What a redrive did. */
export interface SqsRedriveReport {
  /** Messages that were moved. */
  readonly moved: number;
  /** Messages that were looked at and left: not accepted, cut, or not sent because of a failure. They are back. */
  readonly kept: number;
  /** Whether the end was reached: no more messages were there to be seen. */
  readonly isEmpty: boolean;
  /** What went wrong first, and ended it. When messages were sent and could not be removed, they are counted as moved and may come twice. */
  readonly failure?: FleetError;
}

/** How long messages are hidden that are looked at, seconds. */
const hideSeconds = 600;
/** A wait of one second asks all servers of a queue; none at all asks some. */
const waitSeconds = 1;
const mostLooked = 10_000;

/**
 * Moves messages from a dead-letter queue back, at most `max`, and says what it did. Nothing else ever does.
 *
 * SQS verifies the sender anew, which is whoever calls this: reports of machines will be refused after it. Stopped in the middle, it
 * leaves what it was looking at hidden for 10 minutes; what was sent may come twice.
 *
 * @throws A TypeError or a RangeError for options that cannot work.
 * @example
 * const report = await redriveSqsDeadLetters({ client, deadLetterUrl, queueUrl, max: 100 });
 */
export async function redriveSqsDeadLetters(options: SqsRedriveOptions): Promise<SqsRedriveReport> {
  const { client, deadLetterUrl, queueUrl, max, accept = () => true, signal } = options;
  const { clock = systemClock, entropy = systemEntropy } = options;
  assertQueueUrl(deadLetterUrl, "deadLetterUrl");
  assertQueueUrl(queueUrl, "queueUrl");
  if (deadLetterUrl === queueUrl) throw new TypeError("A redrive needs two queues");
  assertInteger(max, "max", 1);
  if (max > mostLooked) throw new RangeError(`max must be at most ${mostLooked}, is ${max}`);
  const tools = { client, queueUrl: deadLetterUrl, clock, entropy };
  const target = { queueUrl, isFifo: isFifoUrl(queueUrl) };
  const kept: string[] = [];
  let moved = 0;
  let seen = 0;

  /** Moves what is accepted of some messages. */
  async function move(messages: readonly SqsMessage[]): Promise<FleetError | undefined> {
    const wanted = messages.filter((message) => {
      const letter = readLetter(message);
      const isWanted = !letter.isCut && accept(letter);
      if (!isWanted) kept.push(message.ReceiptHandle ?? "");
      return isWanted;
    });
    const entries = wanted.map((message) => entryOf(message, target.isFifo, entropy));
    const outcomes = await sendEntries(tools, target, entries, signal);
    const sent: string[] = [];
    for (const [place, { ReceiptHandle = "" }] of wanted.entries()) {
      (outcomes[place] === undefined ? sent : kept).push(ReceiptHandle);
    }
    moved += sent.length;
    await deleteReceipts(tools, sent, signal);
    return outcomes.find((outcome) => outcome !== undefined);
  }

  let failure: FleetError | undefined;
  let isEmpty = false;
  try {
    while (failure === undefined && !isEmpty && seen < max) {
      const messages = await look(tools, Math.min(mostEntries, max - seen), signal);
      seen += messages.length;
      isEmpty = messages.length === 0;
      failure = await move(messages);
    }
  } catch (error) {
    failure = failureOf(error);
  }
  try {
    await hideReceipts(tools, kept, 0, signal);
  } catch (error) {
    failure ??= failureOf(error);
  }
  const report = { moved, kept: kept.length, isEmpty };
  return failure === undefined ? report : { ...report, failure };
}

async function look(
  tools: { readonly client: SQSClient; readonly queueUrl: string },
  most: number,
  signal: AbortSignal | undefined,
): Promise<readonly SqsMessage[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: tools.queueUrl,
    MaxNumberOfMessages: most,
    WaitTimeSeconds: waitSeconds,
    VisibilityTimeout: hideSeconds,
    MessageSystemAttributeNames: ["MessageGroupId", "SentTimestamp"],
    MessageAttributeNames: ["All"],
  });
  const { Messages = [] } = await callSqs(
    "receive dead letters",
    signal === undefined ? undefined : { signal },
    (http) => tools.client.send(command, { ...http, ...waitOptions(waitSeconds) }),
  );
  return Messages;
}

function readLetter({ Body = "", Attributes, MessageAttributes }: SqsMessage): SqsDeadLetter {
  const field = (name: keyof typeof deadLetterFields) =>
    MessageAttributes?.[deadLetterFields[name]]?.StringValue;
  return Object.freeze({
    text: Body,
    code: field("code"),
    message: field("message"),
    sender: field("sender"),
    sentAtMs: Number(Attributes?.SentTimestamp ?? 0),
    isCut: field("bytes") !== undefined,
  });
}

/** The message as it was before it was put aside, under an id of its own: its first one may still be remembered. */
function entryOf(message: SqsMessage, isFifo: boolean, entropy: Entropy): MessageEntry {
  const { MessageId = "", Body = "", Attributes, MessageAttributes = {} } = message;
  const attributes: Attributes = Object.fromEntries(
    Object.entries(MessageAttributes).filter(([name]) => !name.startsWith(deadLetterPrefix)),
  );
  return placeEntry(
    {
      body: Body,
      attributes,
      group: Attributes?.MessageGroupId,
      deduplicationId: `redrive-${MessageId}`,
    },
    { isFifo, entropy, maxMessageBytes: mostBatchBytes },
  );
}

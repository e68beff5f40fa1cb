import { DeleteMessageCommand, type Message, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { parseAgentEvent } from "@runs-fleet/core/wire";
import { type DoctorContext, known } from "../context.ts";
import { pollFor } from "./poll.ts";
import type { SeenReport } from "./probe.ts";

/** How long a receive waits for messages, seconds; how long reports of others stay hidden from their reader, seconds. */
const waitSeconds = 2;
const hiddenSeconds = 20;
const mostMessages = 10;

/**
 * The first report of the machine that is meant, those that came before included. Reports of the machine are taken from the queue;
 * those of others are left, hidden for some seconds.
 *
 * @returns `undefined` when there is none in time.
 */
export function waitForReport(
  context: DoctorContext,
  forMs: number,
  isMeant: (report: SeenReport) => boolean,
): Promise<SeenReport | undefined> {
  const { probe } = context;
  return pollFor(context, { everyMs: 1_000, forMs }, async () => {
    const before = probe.reports.find(isMeant);
    if (before !== undefined) return before;
    await receive(context);
    return probe.reports.find(isMeant);
  });
}

async function receive(context: DoctorContext): Promise<void> {
  const { clients, facts, probe, clock, signal } = context;
  const QueueUrl = known(facts.reportsUrl, "the queue of reports");
  const { Messages = [] } = await clients.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: mostMessages,
      WaitTimeSeconds: waitSeconds,
      VisibilityTimeout: hiddenSeconds,
      MessageSystemAttributeNames: ["SenderId"],
    }),
    { abortSignal: signal },
  );
  const receivedAtMs = clock.now();
  for (const message of Messages) {
    const event = eventOf(message);
    if (event === undefined || event.machineId !== probe.machineId) continue;
    // Repeated deliveries say nothing new.
    const isNew = probe.reports.every((seen) => seen.event.id !== event.id);
    const sender = message.Attributes?.SenderId ?? "";
    if (isNew) probe.reports.push({ event, sender, receivedAtMs });
    const { ReceiptHandle } = message;
    await clients.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  }
}

function eventOf({ Body = "" }: Message): SeenReport["event"] | undefined {
  try {
    return parseAgentEvent(JSON.parse(Body));
  } catch {
    return undefined;
  }
}

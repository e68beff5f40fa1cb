import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateTagsCommand } from "@aws-sdk/client-ec2";
import { text } from "../../dynamodb/attribute.ts";
import { recordItem } from "../../dynamodb/record-item.ts";
import { createRecordKeys } from "../../dynamodb/record-keys.ts";
import { ec2TagKeys } from "../../ec2/tag-rules.ts";
import { type DoctorContext, known } from "../context.ts";
import type { DoctorRow } from "../row.ts";
import { stackOf } from "../stack-of.ts";
import { waitForState } from "./instance.ts";
import { waitForReport } from "./reports.ts";

/** For how long an agent that has just begun looks every 2 s; after that a look is rare, and a ring is what it hears. */
const eagerMs = 130_000;
/** Longest wait for the machine's answer: above its own looks, 30 s apart. */
const answerMs = 90_000;
/** How long a document of the doctor is good for, milliseconds. */
const documentMs = 300_000;
/** How long the runner may take to fail, and the machine to end, milliseconds. */
const endMs = 420_000;
/** A ring that takes longer may as well have been one of the agent's own looks. */
const mostRingMs = 10_000;
/** Between an agent's own looks, milliseconds. */
const lookMs = 30_000;

const onlyOnAws = "an emulator enforces no policy and shows no tags in metadata";

/** What is not a registration: the runner refuses to start with it, and calls nobody. */
const noRegistration = Buffer.from("runs-fleet doctor: no registration").toString("base64");

/** Where the machine's document is. */
export function documentPlace(context: DoctorContext, machineId: string) {
  const { names } = stackOf(context);
  const keys = createRecordKeys(names.tablePrefix, names.instanceArnPrefix);
  return {
    TableName: keys.tableOf("assignments"),
    Key: { id: text(keys.keyOf("assignments", machineId)) },
    keys,
  };
}

/** Whether a machine can take its own document. */
export const ownDocumentRow: DoctorRow = {
  id: "own-document",
  question: "May the machine read and blank its own document, by ec2:SourceInstanceARN?",
  why: "The policy allows it the item whose key is its own ARN, which EC2 puts into its credentials",
  onlyOnAws,
  isLive: true,
  after: ["restart"],
  unless: ["machine-role"],
  async run(context) {
    const { clients, clock, entropy, probe, options, region, signal } = context;
    const machineId = known(probe.machineId, "the machine");
    const readyAtMs =
      probe.reports.filter(({ event }) => event.kind === "ready").at(-1)?.receivedAtMs ?? 0;
    await clock.sleep(Math.max(0, readyAtMs + eagerMs - clock.now()), signal);
    const { TableName, Key, keys } = documentPlace(context, machineId);
    const id = `doctor-${entropy.uuid()}`;
    const nowMs = clock.now();
    const assignment = {
      id,
      machineId,
      jitConfig: noRegistration,
      runnerName: id.slice(0, 60),
      labels: ["runs-fleet-doctor"],
      deadlineMs: nowMs + documentMs,
    };
    const Item = recordItem(
      {
        table: "assignments",
        id: machineId,
        shard: `${options.environment}/${region}`,
        open: false,
        version: 1,
        json: JSON.stringify(assignment),
        expiresAtMs: nowMs + documentMs,
      },
      0,
      { commit: id, writer: "doctor" },
      keys,
    );
    probe.assignmentId = id;
    await clients.dynamodb.send(
      new PutItemCommand({ TableName, Item, ConditionExpression: "attribute_not_exists(id)" }),
    );
    const rungAtMs = clock.now();
    await clients.ec2.send(
      new CreateTagsCommand({
        Resources: [machineId],
        Tags: [{ Key: ec2TagKeys.ring, Value: id }],
      }),
    );
    const report = await waitForReport(
      context,
      answerMs,
      ({ event }) => event.kind === "acknowledged",
    );
    if (report === undefined) {
      return {
        verdict: "disproven",
        detail: `no acknowledgement in ${answerMs / 1_000} s`,
        advice:
          "the agent's log tells whether it was denied; compare the machines' policy with the stack's",
      };
    }
    probe.ringMs = Math.max(0, report.receivedAtMs - rungAtMs);
    const { Item: after } = await clients.dynamodb.send(
      new GetItemCommand({ TableName, Key, ConsistentRead: true }),
    );
    const isBlank = after?.["value"]?.S?.includes(noRegistration) !== true;
    const evidence = { acknowledgedMs: probe.ringMs, blanked: String(isBlank) };
    if (!isBlank) {
      return { verdict: "disproven", detail: "the credential is still in the document", evidence };
    }
    return {
      verdict: "proven",
      detail: "it has read its document, and its credential is gone from the table",
      evidence,
    };
  },
};

/** How soon a tag is in metadata. */
export const tagLatencyRow: DoctorRow = {
  id: "tag-latency",
  question: "How soon does a running machine see a changed tag in its metadata?",
  why: "A ring is a tag; EC2 documents that it appears without a restart, and not how soon",
  onlyOnAws,
  isLive: true,
  after: ["own-document"],
  async run({ probe }) {
    const ringMs = known(probe.ringMs, "the ring");
    const evidence = { ringMs };
    const share = Math.round((ringMs / lookMs) * 100);
    if (ringMs > mostRingMs) {
      return {
        verdict: "unproven",
        detail: `acknowledged ${ringMs} ms after the ring: that may have been one of the agent's own looks`,
        evidence,
        advice: "run the doctor again; several slow answers mean that rings are not heard",
      };
    }
    return {
      verdict: "proven",
      detail: `acknowledged at most ${ringMs} ms after the ring; with a chance of ${share} in 100 it was one of the agent's own looks`,
      evidence,
    };
  },
};

/** Whether a machine ends itself. */
export const shutdownRow: DoctorRow = {
  id: "shutdown",
  question: "Does the machine end when its agent shuts it down?",
  why: "A machine may not call EC2: the shutdown from inside is what ends it",
  onlyOnAws,
  isLive: true,
  after: ["own-document"],
  async run(context) {
    const report = await waitForReport(context, endMs, ({ event }) => event.kind === "finished");
    const ended = await waitForState(context, ["terminated", "stopped"], endMs);
    const state = ended?.State?.Name;
    const reason = ended?.StateReason?.Code ?? "";
    const evidence = { state: state ?? "", reason, finished: String(report !== undefined) };
    if (state !== "terminated") {
      return {
        verdict: "disproven",
        detail: `the machine is ${state ?? "still there"} after its runner has failed`,
        evidence,
        advice: "its launch template must say that a shutdown terminates",
      };
    }
    if (reason !== "Client.InstanceInitiatedShutdown") {
      return {
        verdict: "unproven",
        detail: `it has ended, by ${reason || "nobody knows whom"}`,
        evidence,
      };
    }
    return { verdict: "proven", detail: "it has ended, by its own shutdown", evidence };
  },
};

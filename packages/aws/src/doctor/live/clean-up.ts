import { DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import { TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { ec2TagKeys } from "../../ec2/tag-rules.ts";
import { type DoctorContext, known } from "../context.ts";
import { type DoctorFailure, explainFailure } from "../explain-failure.ts";
import type { DoctorRow, RowAnswer } from "../row.ts";
import { documentPlace } from "./document-rows.ts";
import { listBought } from "./instance.ts";
import { pollFor } from "./poll.ts";

/** How long machines may take to end, and how long one of which no answer told may take to show, milliseconds. */
const endMs = 300_000;
const appearMs = 60_000;

/** Whether nothing is left. */
export const cleanUpRow: DoctorRow = {
  id: "clean-up",
  question: "Is everything gone that the doctor has bought?",
  why: "It costs money until it is",
  isLive: true,
  isCleanUp: true,
  async run(context) {
    if (context.probe.purchase === undefined) {
      return { verdict: "skipped", detail: "because nothing was bought" };
    }
    // Whoever has stopped the run waits for this.
    const own: DoctorContext = { ...context, signal: new AbortController().signal };
    const cleaning = createCleaning(own);
    await pollFor(own, { everyMs: 3_000, forMs: endMs }, () => cleaning.step());
    return cleaning.answer();
  },
};

/** What is known of the machines that are to go. */
function createCleaning(context: DoctorContext) {
  const { probe, clock, clients, recorder } = context;
  const { attempt } = known(probe.purchase, "the purchase");
  const ended = new Set<string>();
  const left = new Set(probe.machineId === undefined ? [] : [probe.machineId]);
  const startedMs = clock.monotonicMs();
  let failure: DoctorFailure | undefined;
  let isDone = false;

  async function endAll(): Promise<void> {
    const going = new Set<string>();
    for (const { id, state } of await listBought(context)) {
      left.add(id);
      if (state === "shutting-down") going.add(id);
      if (state === "terminated") ended.add(id);
    }
    for (const id of ended) left.delete(id);
    const InstanceIds = [...left].filter((id) => !going.has(id));
    if (InstanceIds.length > 0) {
      await clients.ec2.send(new TerminateInstancesCommand({ InstanceIds }));
    }
    // Of a purchase without an answer nobody knows what it has bought: the listing may be late.
    const isSure = ended.size > 0 || clock.monotonicMs() - startedMs >= appearMs;
    if (left.size > 0 || !isSure) return;
    await forgetDocument(context);
    isDone = true;
  }

  return {
    /** One look at what is left; `undefined` while it is worth to look again. */
    async step(): Promise<true | undefined> {
      try {
        await endAll();
        failure = undefined;
      } catch (error) {
        failure = explainFailure(error, recorder.callOf(error));
        if (failure.isEverywhere || failure.missingAction !== undefined) return true;
      }
      return isDone ? true : undefined;
    },
    /** What it has come to. */
    answer(): RowAnswer {
      const evidence = { attempt: attempt.id, ended: ended.size, left: left.size };
      if (isDone) {
        const who = ended.size === 1 ? "one machine has" : `${ended.size} machines have`;
        return { verdict: "proven", detail: `${who} ended, none is left`, evidence };
      }
      const why = failure === undefined ? "" : ` (${failure.code} to ${failure.call ?? "a call"})`;
      const which = left.size === 0 ? "what the attempt may have bought" : [...left].join(", ");
      const advice =
        left.size === 0
          ? `aws ec2 describe-instances --filters Name=tag:${ec2TagKeys.attempt},Values=${attempt.id}`
          : `aws ec2 terminate-instances --instance-ids ${[...left].join(" ")}`;
      return { verdict: "disproven", detail: `not ended: ${which}${why}`, evidence, advice };
    },
  };
}

async function forgetDocument(context: DoctorContext): Promise<void> {
  const { probe, clients } = context;
  if (probe.assignmentId === undefined || probe.machineId === undefined) return;
  const { TableName, Key } = documentPlace(context, probe.machineId);
  await clients.dynamodb.send(new DeleteItemCommand({ TableName, Key }));
}

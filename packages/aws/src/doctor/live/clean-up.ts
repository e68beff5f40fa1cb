import { DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import { TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import type { DoctorContext } from "../context.ts";
import type { DoctorRow } from "../row.ts";
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
    const { probe } = context;
    if (probe.purchase === undefined)
      return { verdict: "skipped", detail: "because nothing was bought" };
    // Whoever has stopped the run waits for this.
    const own: DoctorContext = { ...context, signal: new AbortController().signal };
    const ended = new Set<string>();
    let left = probe.machineId === undefined ? [] : [probe.machineId];
    const startedMs = context.clock.monotonicMs();
    const isDone = await pollFor(own, { everyMs: 3_000, forMs: endMs }, async () => {
      const machines = await listBought(own);
      const live = machines.filter(({ state }) => state !== "terminated");
      for (const { id, state } of machines) if (state === "terminated") ended.add(id);
      left = [...new Set([...left, ...live.map(({ id }) => id)])].filter((id) => !ended.has(id));
      const going = new Set(
        live.filter(({ state }) => state === "shutting-down").map(({ id }) => id),
      );
      const InstanceIds = left.filter((id) => !going.has(id));
      if (InstanceIds.length > 0) {
        await context.clients.ec2.send(new TerminateInstancesCommand({ InstanceIds }));
      }
      if (left.length > 0) return undefined;
      // Of a purchase without an answer nobody knows what it has bought: the listing may be late.
      const isSure = ended.size > 0 || context.clock.monotonicMs() - startedMs >= appearMs;
      return isSure ? true : undefined;
    });
    await forgetDocument(own);
    const { attempt } = probe.purchase;
    const evidence = { attempt: attempt.id, ended: ended.size, left: left.length };
    if (isDone === true && left.length === 0) {
      return {
        verdict: "proven",
        detail: `${ended.size} machines have ended, none is left`,
        evidence,
      };
    }
    return {
      verdict: "disproven",
      detail: `not ended: ${left.join(", ")}`,
      evidence,
      advice: `aws ec2 terminate-instances --instance-ids ${left.join(" ")}`,
    };
  },
};

async function forgetDocument(context: DoctorContext): Promise<void> {
  const { probe, clients } = context;
  if (probe.assignmentId === undefined || probe.machineId === undefined) return;
  const { TableName, Key } = documentPlace(context, probe.machineId);
  await clients.dynamodb.send(new DeleteItemCommand({ TableName, Key }));
}

import { StartInstancesCommand, StopInstancesCommand } from "@aws-sdk/client-ec2";
import { known } from "../context.ts";
import type { DoctorRow, RowAnswer } from "../row.ts";
import { waitForState } from "./instance.ts";
import { waitForReport } from "./reports.ts";

const onlyOnAws = "an emulator's machines run nothing";

/** How long a machine may take from its purchase to its first report, and from its start, milliseconds. */
const bootMs = 300_000;
/** How long a stop or a start may take, milliseconds. */
const stateMs = 240_000;

/** Whether there is an agent at all. */
export const readyRow: DoctorRow = {
  id: "ready",
  question: "Does the machine's agent report that it is ready?",
  why: "It finds region, queue and environment by metadata alone: there is no user data",
  onlyOnAws,
  isLive: true,
  after: ["bought", "queues"],
  async run(context) {
    const { probe } = context;
    const report = await waitForReport(context, bootMs, ({ event }) => event.kind === "ready");
    if (report === undefined) return unreported(bootMs);
    const readyMs = Math.max(0, report.receivedAtMs - known(probe.boughtAtMs, "the purchase"));
    return {
      verdict: "proven",
      detail: `${Math.round(readyMs / 1_000)} s after the purchase`,
      evidence: { readyMs },
    };
  },
};

/** Whether SQS says who reports. */
export const senderRow: DoctorRow = {
  id: "sender",
  question: "Does SQS's SenderId name the machine that has sent a report?",
  why: "Reports are believed for this alone: what they say of themselves anybody could write",
  onlyOnAws: "the proxy in front of the emulator writes the sender",
  isLive: true,
  after: ["ready"],
  async run({ facts, probe }) {
    const sender = probe.reports[0]?.sender ?? "";
    return senderAnswer(sender, known(probe.machineId, "the machine"), facts.machineRoleId);
  },
};

/** What a sender comes to. @param roleId - Of the machines' role; `undefined` when it could not be read. */
export function senderAnswer(
  sender: string,
  machineId: string,
  roleId: string | undefined,
): RowAnswer {
  const evidence = { senderId: sender };
  const [role = "", session = ""] = sender.split(":");
  if (session !== machineId || !role.startsWith("AROA")) {
    const detail = `SQS says ${sender === "" ? "nobody" : sender}, the machine is ${machineId}`;
    return { verdict: "disproven", detail, evidence };
  }
  if (roleId !== undefined && role !== roleId) {
    return {
      verdict: "disproven",
      detail: `the machine's role is ${role}, and ${roleId} is that of the stack`,
      evidence,
      advice: "the launch template names another instance profile, or the role was made anew",
    };
  }
  const isKnown = roleId === undefined ? ", whose role could not be compared" : "";
  return {
    verdict: "proven",
    detail: `it is the machine's id behind its role's${isKnown}`,
    evidence,
  };
}

/** Whether a machine of a fleet can rest. */
export const restartRow: DoctorRow = {
  id: "restart",
  question: "Can the fleet's machine be stopped and started, and does its agent report again?",
  why: "Pools keep stopped machines; one whose agent ends it when the system goes down could never rest",
  onlyOnAws,
  isLive: true,
  after: ["ready"],
  async run(context) {
    const { clients, clock, probe } = context;
    const InstanceIds = [known(probe.machineId, "the machine")];
    const began = clock.monotonicMs();
    await clients.ec2.send(new StopInstancesCommand({ InstanceIds }));
    const stopped = await waitForState(
      context,
      ["stopped", "terminated", "shutting-down"],
      stateMs,
    );
    const stopMs = clock.monotonicMs() - began;
    if (stopped?.State?.Name !== "stopped") {
      const state = stopped?.State?.Name ?? `not stopped in ${stateMs / 1_000} s`;
      return {
        verdict: "disproven",
        detail: `told to stop, the machine is ${state}`,
        advice: "does a unit of the image end the machine when it is stopped (ExecStopPost)?",
      };
    }
    const startedAtMs = clock.now();
    const restarted = clock.monotonicMs();
    await clients.ec2.send(new StartInstancesCommand({ InstanceIds }));
    const running = await waitForState(context, ["running", "terminated"], stateMs);
    const startMs = clock.monotonicMs() - restarted;
    const evidence = { stopMs, startMs };
    if (running?.State?.Name !== "running") {
      return { verdict: "disproven", detail: "started again, the machine does not run", evidence };
    }
    const report = await waitForReport(
      context,
      bootMs,
      ({ event, receivedAtMs }) => event.kind === "ready" && receivedAtMs >= startedAtMs,
    );
    const seconds = (ms: number) => `${Math.round(ms / 1_000)} s`;
    const detail = `stopped in ${seconds(stopMs)}, running again in ${seconds(startMs)}`;
    if (report === undefined) {
      return { verdict: "disproven", detail: `${detail}, but its agent is silent`, evidence };
    }
    const readyMs = report.receivedAtMs - startedAtMs;
    return {
      verdict: "proven",
      detail: `${detail}, ready ${seconds(readyMs)} after the start`,
      evidence: { ...evidence, readyMs },
    };
  },
};

function unreported(afterMs: number): RowAnswer {
  return {
    verdict: "unproven",
    detail: `no report in ${afterMs / 1_000} s`,
    advice:
      "is the agent in the image and started at boot; has the subnet a way to SQS; may the machine's role send? Its console output tells: aws ec2 get-console-output",
  };
}

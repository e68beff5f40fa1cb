import type { Fault } from "../proxy/fault.ts";
import { codesOf } from "./codes.ts";

/** An operation of a service. */
export interface CallName {
  /** As in the scope of the signature: `dynamodb`. */
  readonly service: string;
  /** `PutItem` */
  readonly action: string;
}

/** A fault of the list. */
export interface NamedFault {
  /** Unique, kebab-case. */
  readonly name: string;
  /**
   * What the service has done of a call that it hits: nothing, all of it, or a part. `late`: all of it, after the client has
   * given the call up and perhaps sent it again.
   */
  readonly effect: "none" | "done" | "part" | "late";
  /** `once`: the next attempt is served, so an SDK that tries again gets through. `always`: every attempt is hit. */
  readonly lasts: "once" | "always";
  /** Whether it can happen to an operation. */
  readonly hits: (call: CallName) => boolean;
  /** What the proxy does. */
  readonly fault: (call: CallName) => Fault;
}

/** How long {@link FAULTS} holds an answer back, milliseconds: longer than clients in a matrix wait for one. */
const lateMs = 1_700;

const any = () => true;
const of =
  (service: string, ...actions: readonly string[]) =>
  (call: CallName) =>
    call.service === service && actions.includes(call.action);
const purchases = of("ec2", "CreateFleet", "RunInstances", "StartInstances");

function error(
  name: string,
  lasts: NamedFault["lasts"],
  code: (call: CallName) => string,
  hits: NamedFault["hits"] = any,
): NamedFault {
  const fault = (call: CallName): Fault => ({ kind: "error", side: "before", code: code(call) });
  return { name, effect: "none", lasts, hits, fault };
}

function plain(
  name: string,
  effect: NamedFault["effect"],
  lasts: NamedFault["lasts"],
  fault: Fault,
  hits: NamedFault["hits"] = any,
): NamedFault {
  return { name, effect, lasts, hits, fault: () => fault };
}

/** Everything that can go wrong with one call of an adapter. Its suite goes through all of it, call by call. */
export const FAULTS: readonly NamedFault[] = [
  error("server-error", "once", (call) => codesOf(call).broken),
  error("server-error-always", "always", (call) => codesOf(call).broken),
  error("unavailable-always", "always", (call) => codesOf(call).unavailable),
  {
    name: "done-but-error",
    effect: "done",
    lasts: "once",
    hits: any,
    fault: (call) => ({ kind: "error", side: "after", code: codesOf(call).broken }),
  },
  error("throttled", "once", (call) => codesOf(call).throttled),
  error("throttled-always", "always", (call) => codesOf(call).throttled),
  plain("reset", "none", "once", { kind: "reset", side: "before" }),
  plain("reset-always", "none", "always", { kind: "reset", side: "before" }),
  plain("reply-lost", "done", "once", { kind: "reset", side: "after" }),
  plain("reply-lost-always", "done", "always", { kind: "reset", side: "after" }),
  plain("reply-cut", "done", "once", { kind: "truncate" }),
  plain("no-answer", "none", "once", { kind: "blackhole", side: "before" }),
  plain("no-answer-always", "none", "always", { kind: "blackhole", side: "before" }),
  plain("done-but-silent", "done", "once", { kind: "blackhole", side: "after" }),
  plain("slow-answer", "done", "once", { kind: "delay", side: "after", delayMs: 100 }),
  plain("late-effect", "late", "once", { kind: "delay", side: "before", delayMs: lateMs }),
  error("denied", "always", (call) => codesOf(call).denied),
  error("credentials-expired", "always", (call) => codesOf(call).expired),
  error(
    "set-up-missing",
    "always",
    (call) => codesOf(call).missing,
    (call) => call.service !== "ec2" || purchases(call),
  ),
  error(
    "machine-gone",
    "always",
    () => "InvalidInstanceID.NotFound",
    of("ec2", "StartInstances", "StopInstances", "TerminateInstances", "CreateTags"),
  ),
  error("no-capacity", "always", () => "InsufficientInstanceCapacity", purchases),
  error("no-quota", "always", () => "VcpuLimitExceeded", purchases),
  error("no-spot-quota", "always", () => "MaxSpotInstanceCountExceeded", purchases),
  error("no-addresses", "always", () => "InsufficientFreeAddressesInSubnet", purchases),
  plain(
    "fleet-in-part",
    "part",
    "once",
    { kind: "fleet-errors", keep: 1, codes: ["InsufficientInstanceCapacity"] },
    of("ec2", "CreateFleet"),
  ),
  plain(
    "fleet-of-none",
    "none",
    "once",
    {
      kind: "fleet-errors",
      keep: 0,
      codes: ["InsufficientInstanceCapacity", "MaxSpotInstanceCountExceeded"],
    },
    of("ec2", "CreateFleet"),
  ),
  error(
    "item-in-transaction",
    "once",
    () => "TransactionConflictException",
    of("dynamodb", "PutItem", "UpdateItem", "DeleteItem", "GetItem", "BatchWriteItem"),
  ),
  {
    name: "transaction-cancelled",
    effect: "none",
    lasts: "once",
    hits: of("dynamodb", "TransactWriteItems"),
    fault: () => ({
      kind: "error",
      side: "before",
      code: "TransactionCanceledException",
      members: { CancellationReasons: [{ Code: "TransactionConflict", Message: "Injected" }] },
    }),
  },
  plain(
    "entry-throttled",
    "part",
    "once",
    { kind: "entry-errors", entries: [0], code: "RequestThrottled", senderFault: false },
    of("sqs", "SendMessageBatch", "DeleteMessageBatch", "ChangeMessageVisibilityBatch"),
  ),
  plain(
    "entry-refused",
    "part",
    "always",
    { kind: "entry-errors", entries: [0], code: "InvalidMessageContents", senderFault: true },
    of("sqs", "SendMessageBatch"),
  ),
  error(
    "object-in-dispute",
    "once",
    () => "ConditionalRequestConflict",
    of("s3", "PutObject", "DeleteObject", "CompleteMultipartUpload"),
  ),
];

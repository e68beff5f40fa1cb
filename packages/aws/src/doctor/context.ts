import type { Clock, Entropy } from "@runs-fleet/core";
import type { Ec2Subnet } from "../ec2/launch/subnets.ts";
import type { Ec2TypeSource } from "../ec2/types/type-source.ts";
import type { Stack, StackImageKey, StackQueue } from "../stack/index.ts";
import type { CallRecorder } from "./call-recorder.ts";
import type { DoctorClients } from "./clients.ts";
import type { Probe } from "./live/probe.ts";
import type { FilledDoctorOptions } from "./options.ts";

/** Everything that rows work with. */
export interface DoctorContext {
  /** What is to be looked at. */
  readonly options: FilledDoctorOptions;
  /** Of the region. */
  readonly region: string;
  /** Watched by the recorder. */
  readonly clients: DoctorClients;
  /** What was called. */
  readonly recorder: CallRecorder;
  /** Time of waits and deadlines. */
  readonly clock: Clock;
  /** Makes tokens. */
  readonly entropy: Entropy;
  /** Aborts when the person has had enough. */
  readonly signal: AbortSignal;
  /** What the region sells; read once. */
  readonly types: Ec2TypeSource;
  /** What earlier rows have learnt. */
  readonly facts: DoctorFacts;
  /** The machine of the live rows. */
  readonly probe: Probe;
}

/** What rows leave for later ones; a row that reads a fact names in `after` the row that learns it. */
export interface DoctorFacts {
  /** Who calls, and where: of `identity`. */
  identity?: CallerIdentity;
  /** Where machines are launched: of `addresses`. */
  subnets?: { readonly vpcId: string; readonly subnets: readonly Ec2Subnet[] };
  /** Systems and architectures that there is a launch template for: of `templates`. */
  templates?: readonly StackImageKey[];
  /** The unique id of the machines' role: of `machine-role`. */
  machineRoleId?: string;
  /** Where the queue of reports is: of `queues`. */
  reportsUrl?: string;
}

/** Who calls. */
export interface CallerIdentity {
  /** 12 digits. */
  readonly accountId: string;
  /** Of the user, the role or the session. */
  readonly arn: string;
}

/** The queue of a kind, without its dead-letter queue. */
export function queueOf(stack: Stack, kind: StackQueue["kind"]): StackQueue {
  const found = stack.queues.find((queue) => queue.kind === kind && queue.redrive !== undefined);
  if (found === undefined) throw new Error(`The stack has no queue of ${kind}`);
  return found;
}

/** A fact that an earlier row must have left. */
export function known<T>(fact: T | undefined, what: string): T {
  if (fact === undefined) throw new Error(`No row has learnt ${what}`);
  return fact;
}

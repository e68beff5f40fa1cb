import type { StackPlace } from "./place.ts";

/** Names of everything that belongs to one environment; all parts of runs-fleet go by them. */
export interface StackNames {
  /** Begins all names: `runs-fleet-ci-`. */
  readonly prefix: string;
  /** Begins the names of the tables, for `createDynamodbStore`. */
  readonly tablePrefix: string;
  /** The queue of jobs, that of machines' reports, and that of EC2's notices. */
  readonly queues: Readonly<Record<StackQueueKind, string>>;
  /** The bucket: runner archives, logs, configuration. */
  readonly bucket: string;
  /** Role, instance profile, policy and security group of machines. */
  readonly machine: string;
  /** Role and policy of the processes that control. */
  readonly orchestrator: string;
  /** Role and policy of processes that only take webhooks. */
  readonly intake: string;
  /** Before a machine's id in its ARN: by that ARN it may read its own assignment and write its own logs. */
  readonly instanceArnPrefix: string;
}

/** What queues there are. */
export type StackQueueKind = "demand" | "reports" | "notices";

/** What a machine can run: keys of launch templates. */
export type StackImageKey = "linux-arm64" | "linux-x64" | "windows-x64";

/** Longest name of an environment: that of its bucket, with an account and the longest region behind it, has 63 characters. */
const longestEnvironment = 24;

/**
 * The names of an environment's stack.
 *
 * @param fifo - Queues that keep the order, whose names say so.
 * @throws A TypeError when the environment's name cannot be part of them all.
 * @example
 * stackNames("ci", placeOf("eu-west-1", "123456789012")).queues.demand; // "runs-fleet-ci-demand"
 */
export function stackNames(
  environment: string,
  place: StackPlace,
  fifo: readonly StackQueueKind[] = [],
): StackNames {
  assertEnvironment(environment);
  const prefix = `runs-fleet-${environment}-`;
  const { partition, region, accountId } = place;
  const queue = (kind: StackQueueKind) => `${prefix}${kind}${fifo.includes(kind) ? ".fifo" : ""}`;
  return {
    prefix,
    tablePrefix: prefix,
    queues: { demand: queue("demand"), reports: queue("reports"), notices: queue("notices") },
    bucket: `${prefix}${accountId}-${region}`,
    machine: `${prefix}machine`,
    orchestrator: `${prefix}orchestrator`,
    intake: `${prefix}intake`,
    instanceArnPrefix: `arn:${partition}:ec2:${region}:${accountId}:instance/`,
  };
}

/** The dead-letter queue of a queue; that of a FIFO queue keeps the order as well. */
export function deadLetterName(queue: string): string {
  return queue.endsWith(".fifo") ? `${queue.slice(0, -".fifo".length)}-dead.fifo` : `${queue}-dead`;
}

function assertEnvironment(environment: unknown): asserts environment is string {
  const form = /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/u;
  if (
    typeof environment !== "string" ||
    environment.length > longestEnvironment ||
    !form.test(environment)
  ) {
    throw new TypeError(
      `environment must be a name of 1 to ${longestEnvironment} letters in lower case, digits and dashes, such as ci, is ${JSON.stringify(environment)}`,
    );
  }
}

import { FleetError, type MachineNotice } from "@runs-fleet/core";
import { parseInstant } from "@runs-fleet/core/embedded/rules";

/** From the warning to the end of a spot machine, milliseconds. Source: EC2 guide, Spot interruption notices, read 2026-11-28. */
const warningMs = 120_000;

const types = {
  interruption: "EC2 Spot Instance Interruption Warning",
  rebalance: "EC2 Instance Rebalance Recommendation",
  state: "EC2 Instance State-change Notification",
} as const;

/** The `detail-type`s of EventBridge's `aws.ec2` events that {@link parseEc2Notice} reads: a rule has to let these through. */
export const ec2NoticeTypes: readonly string[] = Object.freeze(Object.values(types));

/** Whose events are expected. */
export interface Ec2NoticeOrigin {
  /** 12 digits. @defaultValue any account */
  readonly accountId?: string;
  /** Such as `us-east-1`. @defaultValue any region */
  readonly region?: string;
}

const instanceId = /^i-[0-9a-f]{1,32}$/u;

function refused(what: string): FleetError {
  return new FleetError({ kind: "config", message: `Not an event of EC2 for this queue: ${what}` });
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/** States from which something follows; of a machine in any other, its agent and the listing say more. */
function kindOfState(state: unknown): "ended" | "stopped" | "other" {
  if (state === "shutting-down" || state === "terminated") return "ended";
  if (typeof state !== "string" || state.length > 64) throw refused("detail.state is wrong");
  return state === "stopped" ? "stopped" : "other";
}

/**
 * What an event of EventBridge says about an EC2 machine: that spot takes it away, that it may, or that it has ended or stopped. For a
 * queue that is the target of a rule for {@link ec2NoticeTypes}; pass it as `parse`. Events are about every machine of the account;
 * the orchestrator passes over those that are not its own.
 *
 * @param origin - Events of another account or region are refused, as everything that is no such event.
 * @throws A {@link FleetError} `config` for what is refused: the queue puts it aside.
 * @example
 * const notices = createSqsQueue({ client, queueUrl, parse: (body) => parseEc2Notice(body, { region }) });
 */
export function parseEc2Notice(body: unknown, origin: Ec2NoticeOrigin = {}): MachineNotice {
  if (field(body, "source") !== "aws.ec2") throw refused("source is not aws.ec2");
  for (const [name, expected] of [
    ["account", origin.accountId],
    ["region", origin.region],
  ] as const) {
    if (expected !== undefined && field(body, name) !== expected) {
      throw refused(`${name} is another one`);
    }
  }
  const time = field(body, "time");
  const atMs = typeof time === "string" ? parseInstant(time) : undefined;
  if (atMs === undefined || atMs < 0) throw refused("time is wrong");
  const detail = field(body, "detail");
  const machineId = field(detail, "instance-id");
  if (typeof machineId !== "string" || !instanceId.test(machineId)) {
    throw refused("detail.instance-id is wrong");
  }
  switch (field(body, "detail-type")) {
    case types.interruption:
      // A machine that hibernates does so at once.
      return field(detail, "instance-action") === "hibernate"
        ? { kind: "interruption", machineId, atMs, endsAtMs: atMs }
        : { kind: "interruption", machineId, atMs, endsAtMs: atMs + warningMs };
    case types.rebalance:
      return { kind: "rebalance", machineId, atMs };
    case types.state:
      return { kind: kindOfState(field(detail, "state")), machineId, atMs };
    default:
      throw refused("detail-type is another one");
  }
}

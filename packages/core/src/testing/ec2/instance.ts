import type { Market, Os } from "../../routing/shape.ts";
import type { Ec2Instance, Ec2State, Ec2StateName } from "./api.ts";
import type { Ec2InstanceType } from "./instance-types.ts";

/** From `atMs` on the instance is in this state. */
interface Step {
  readonly atMs: number;
  readonly state: Ec2StateName;
  readonly reason?: string;
}

/** What is wrong with a machine; EC2 calls it running all the same, `fails-to-launch` aside. */
export type Ec2Fate = "sound" | "fails-to-launch" | "never-boots" | "hangs";

/** An instance of the model. Its state is a function of time: nothing has to tick. */
export interface Machine {
  readonly id: string;
  readonly reservationId: string;
  readonly type: Ec2InstanceType;
  readonly zone: string;
  readonly subnetId: string;
  readonly imageId: string;
  readonly market: Market;
  readonly os: Os;
  readonly clientToken: string;
  /** When it was bought, epoch milliseconds. */
  readonly boughtAtMs: number;
  readonly tagsInMetadata: boolean;
  /** What the operating system's own shutdown does. */
  readonly onShutdown: "stop" | "terminate";
  readonly tags: Map<string, string>;
  /** Oldest first; later ones may lie in the future. */
  readonly steps: Step[];
  readonly fate: Ec2Fate;
  /** When it was last bought or started. */
  launchedAtMs: number;
  /** When its spot notice came. */
  noticeAtMs: number | undefined;
}

const codes: Readonly<Record<Ec2StateName, number>> = {
  pending: 0,
  running: 16,
  "shutting-down": 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

/** A state as EC2 tells it. */
export function ec2State(name: Ec2StateName): Ec2State {
  return { Code: codes[name], Name: name };
}

function stepAt({ steps }: Machine, atMs: number): Step | undefined {
  for (let index = steps.length - 1; index >= 0; index -= 1) {
    const step = steps[index];
    if (step !== undefined && step.atMs <= atMs) return step;
  }
  return steps[0];
}

/** The state at an instant, which may lie in the past as far back as the last command but one. */
export function stateAt(machine: Machine, atMs: number): Ec2StateName {
  return stepAt(machine, atMs)?.state ?? "pending";
}

/** When the instance comes to rest in the state in which it will then stay. */
export function settlesAtMs({ steps }: Machine): number {
  return steps.at(-1)?.atMs ?? 0;
}

/** Whether it has ended, or is about to. */
export function isEnding(machine: Machine, nowMs: number): boolean {
  const state = stateAt(machine, nowMs);
  return state === "terminated" || state === "shutting-down";
}

/** Whether it takes up hardware and quota. */
export function isOccupying(machine: Machine, nowMs: number): boolean {
  const state = stateAt(machine, nowMs);
  return state === "pending" || state === "running" || state === "stopping";
}

/** Most steps that are remembered: what a lagging read may still show. */
const mostSteps = 6;

/** Sets a course from `nowMs` on; what it had been told for later is void. */
export function command(
  machine: Machine,
  nowMs: number,
  course: readonly { readonly state: Ec2StateName; readonly afterMs: number }[],
  reason?: string,
): void {
  const { steps } = machine;
  while ((steps.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY) > nowMs) steps.pop();
  for (const { state, afterMs } of course) {
    steps.push({ atMs: nowMs + afterMs, state, ...(reason === undefined ? {} : { reason }) });
  }
  if (steps.length > mostSteps) steps.splice(0, steps.length - mostSteps);
}

/** How a listing shows it; `atMs` is the instant of which the listing knows. */
export function showInstance(machine: Machine, atMs: number, withTags: boolean): Ec2Instance {
  const step = stepAt(machine, atMs);
  return {
    InstanceId: machine.id,
    InstanceType: machine.type.name,
    State: ec2State(step?.state ?? "pending"),
    ...(step?.reason === undefined
      ? {}
      : { StateReason: { Code: step.reason, Message: step.reason } }),
    Placement: { AvailabilityZone: machine.zone },
    SubnetId: machine.subnetId,
    ImageId: machine.imageId,
    Architecture: machine.type.arch === "x64" ? "x86_64" : "arm64",
    ...(machine.os === "windows" ? { Platform: "windows" } : {}),
    LaunchTime: machine.launchedAtMs,
    ...(machine.market === "spot"
      ? { InstanceLifecycle: "spot", SpotInstanceRequestId: `sir-${machine.id.slice(-8)}` }
      : {}),
    ClientToken: machine.clientToken,
    Tags: withTags ? [...machine.tags].map(([Key, Value]) => ({ Key, Value })) : [],
  };
}

import { resolve } from "node:path";
import type { Clock } from "../../ports/clock.ts";
import type { FailureKind } from "../../ports/failure.ts";
import type { LaunchAttempt } from "../../ports/machine-provider.ts";
import { systemClock } from "../../ports/system-clock.ts";

/** How one machine is to misbehave. For tests and demonstrations. */
export interface ProcessMachineFault {
  /** The machine is not bought, for this reason. */
  readonly refuse?: FailureKind;
  /** How long the machine stays `pending`, milliseconds; rounded up to tenths of a second. */
  readonly bootDelayMs?: number;
  /** The machine runs and never says anything. */
  readonly hang?: boolean;
}

/** Options of {@link createProcessMachineProvider}. */
export interface ProcessMachineProviderOptions {
  /** Holds everything about the machines. Hosts that share it see and control the same machines. */
  readonly directory: string;
  /** Program and arguments that are a machine, usually `runs-fleet-agent`. It finds its directory in its environment. */
  readonly command: readonly [string, ...string[]];
  /** Region of the machines. @defaultValue `local` */
  readonly region?: string;
  /** How many machines of the region may exist at once, stopped ones aside. @defaultValue no limit */
  readonly capacity?: number;
  /** Source of time. @defaultValue {@link systemClock} */
  readonly clock?: Clock;
  /** Environment variables of the machines, besides a few harmless ones of the host such as `PATH`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Faults of the `index`-th machine of an attempt. Called once per machine that is bought. */
  readonly fault?: (attempt: LaunchAttempt, index: number) => ProcessMachineFault | undefined;
  /** How long a machine may take to end when it is stopped, milliseconds. @defaultValue 5,000 */
  readonly stopGraceMs?: number;
  /** How long a machine may take to end when it is terminated, milliseconds. @defaultValue 3,000 */
  readonly terminateGraceMs?: number;
  /** How long an ended machine stays listed, milliseconds. @defaultValue 300,000 */
  readonly tombstoneMs?: number;
  /** How long past its deadline a machine may live before `list` kills it, milliseconds. @defaultValue 30,000 */
  readonly overdueMs?: number;
}

/** The options with their defaults. */
export interface ProcessMachineSettings
  extends Required<Omit<ProcessMachineProviderOptions, "fault">> {
  readonly fault: NonNullable<ProcessMachineProviderOptions["fault"]>;
}

function requireDuration(name: string, value: number): number {
  if (!Number.isFinite(value) || value < 0) {
    throw new RangeError(`${name} must be a number of milliseconds, 0 or more, got ${value}`);
  }
  return value;
}

/** @throws A `TypeError` or `RangeError` that names the option. */
export function settingsOf(options: ProcessMachineProviderOptions): ProcessMachineSettings {
  const { directory, command, region = "local", capacity = Number.POSITIVE_INFINITY } = options;
  if (typeof directory !== "string" || directory === "") {
    throw new TypeError("directory must be a path");
  }
  if (!Array.isArray(command) || command.length === 0 || command.some((part) => !part)) {
    throw new TypeError("command must name a program and its arguments");
  }
  if (region === "") throw new TypeError("region must not be empty");
  if (!(capacity === Number.POSITIVE_INFINITY || (Number.isInteger(capacity) && capacity >= 0))) {
    throw new RangeError(`capacity must be an integer, 0 or more, got ${capacity}`);
  }
  return {
    directory: resolve(directory),
    command,
    region,
    capacity,
    clock: options.clock ?? systemClock,
    environment: options.environment ?? {},
    fault: options.fault ?? (() => undefined),
    stopGraceMs: requireDuration("stopGraceMs", options.stopGraceMs ?? 5_000),
    terminateGraceMs: requireDuration("terminateGraceMs", options.terminateGraceMs ?? 3_000),
    tombstoneMs: requireDuration("tombstoneMs", options.tombstoneMs ?? 300_000),
    overdueMs: requireDuration("overdueMs", options.overdueMs ?? 30_000),
  };
}

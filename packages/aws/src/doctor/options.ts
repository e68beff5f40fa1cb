import { type Arch, parseLabels, type Shape } from "@runs-fleet/core";
import type { StackQueueKind } from "../stack/index.ts";

/** What somebody wants looked at. */
export interface DoctorOptions {
  /** Name of the environment, such as `ci`. */
  readonly environment: string;
  /** The region. @defaultValue what the SDK finds */
  readonly region?: string;
  /** Subnets that machines are launched in. @defaultValue none, and what needs them is skipped */
  readonly subnetIds?: readonly string[];
  /** Most machines at once, to compare with quotas and free addresses. @defaultValue not known, and both stay unproven */
  readonly machines?: number;
  /** What jobs ask for, as in labels: `cpu=4/ram=16/arch=arm64`. @defaultValue 2 processors of either architecture */
  readonly shapes?: readonly string[];
  /** Queues that keep the order. @defaultValue none */
  readonly fifo?: readonly StackQueueKind[];
  /** Tags that the host gives to all machines. @defaultValue none */
  readonly tags?: Readonly<Record<string, string>>;
  /** Whether a machine may be bought, for some minutes. @defaultValue false */
  readonly live?: boolean;
}

/** A shape, and how it was written. */
export interface DoctorShape {
  /** As in a label. */
  readonly text: string;
  /** What it means. */
  readonly shape: Shape;
}

/** Options that were looked through. */
export interface FilledDoctorOptions {
  readonly environment: string;
  readonly subnetIds: readonly string[];
  readonly machines: number | undefined;
  readonly shapes: readonly DoctorShape[];
  readonly fifo: readonly StackQueueKind[];
  readonly tags: Readonly<Record<string, string>>;
  readonly live: boolean;
}

const usualShape = "cpu=2";
const mostMachines = 100_000;

/** Fills in defaults. @throws A TypeError or a RangeError that names the option. */
export function fillDoctorOptions(options: DoctorOptions): FilledDoctorOptions {
  const { environment, subnetIds = [], machines, shapes = [usualShape] } = options;
  const { fifo = [], tags = {}, live = false } = options;
  const bad = subnetIds.find((id) => !/^subnet-[0-9a-f]+$/u.test(id));
  if (bad !== undefined) throw new TypeError(`subnetIds must be subnet-..., has ${bad}`);
  if (
    machines !== undefined &&
    !(Number.isSafeInteger(machines) && machines >= 1 && machines <= mostMachines)
  ) {
    throw new RangeError(`machines must be 1 to ${mostMachines}, is ${machines}`);
  }
  return {
    environment,
    subnetIds: [...new Set(subnetIds)],
    machines,
    shapes: shapes.map(readShape),
    fifo,
    tags,
    live,
  };
}

function readShape(text: string): DoctorShape {
  const parsed = parseLabels([`runs-fleet/${text}`]);
  if (parsed?.ok !== true) {
    const [issue] = parsed?.issues ?? [];
    throw new TypeError(`shapes: ${text} cannot be read: ${issue?.message ?? "it is no label"}`);
  }
  const { os, cpu, ramGib, families, generation, spot } = parsed.value;
  const arch: Arch | undefined = os === "windows" ? "x64" : parsed.value.arch;
  return {
    text,
    shape: {
      os,
      cpu,
      spot,
      ...(arch === undefined ? {} : { arch }),
      ...(ramGib === undefined ? {} : { ramGib }),
      ...(families.length === 0 ? {} : { families }),
      ...(generation === undefined ? {} : { generation }),
    },
  };
}

/** The root volume of a machine: gp3, encrypted, gone with the machine. */
export interface Ec2RootVolume {
  /** The image's root device, such as `/dev/xvda` or `/dev/sda1`. With another name it would be a second volume. */
  readonly deviceName: string;
  /** GiB, 1 to 65,536; at least as large as the image. A shape that asks for more gets more. */
  readonly sizeGib: number;
  /** Operations a second, 3,000 to 80,000, and at most 500 for each GiB. @defaultValue 3,000 */
  readonly iops?: number;
  /** MiB a second, 125 to 2,000, and at most a quarter of the operations a second. @defaultValue 125 */
  readonly throughputMibps?: number;
  /** Key to encrypt with. @defaultValue the account's own for EBS */
  readonly kmsKeyId?: string;
}

/** Source of all limits: EBS guide, General Purpose SSD volumes, and the EC2 service model of SDK 3.1169, read 2026-11-24. */
const limits = {
  sizeGib: [1, 65_536],
  iops: [3_000, 80_000],
  throughputMibps: [125, 2_000],
} as const;
const iopsPerGib = 500;
const mibpsPerIops = 0.25;

/** A mapping of block devices, in the form that fleets, launches and templates share. */
export interface Ec2RootMapping {
  /** As configured. */
  readonly DeviceName: string;
  /** All of the volume: a mapping that leaves something out would leave it to the image. */
  readonly Ebs: {
    readonly VolumeType: "gp3";
    readonly VolumeSize: number;
    readonly Encrypted: true;
    readonly DeleteOnTermination: true;
    readonly Iops?: number;
    readonly Throughput?: number;
    readonly KmsKeyId?: string;
  };
}

/**
 * Checks a volume.
 *
 * @param path - What to call it in messages.
 * @throws A RangeError when a number is out of its range, a TypeError for a device that is no path.
 */
export function assertRootVolume(volume: Ec2RootVolume, path: string): void {
  const { deviceName, sizeGib, iops = limits.iops[0] } = volume;
  const { throughputMibps = limits.throughputMibps[0] } = volume;
  if (!/^\/dev\/[a-z0-9]+$/u.test(deviceName)) {
    throw new TypeError(`${path}.deviceName must be a device such as /dev/xvda, is ${deviceName}`);
  }
  for (const [name, value] of Object.entries({ sizeGib, iops, throughputMibps })) {
    const [least, most] = limits[name as keyof typeof limits];
    if (Number.isSafeInteger(value) && value >= least && value <= most) continue;
    throw new RangeError(`${path}.${name} must be ${least} to ${most}, is ${value}`);
  }
  // What nobody asked for comes with every size.
  if (volume.iops !== undefined && iops > limits.iops[0] && iops > sizeGib * iopsPerGib) {
    throw new RangeError(`${path}.iops may be ${iopsPerGib} for each GiB, is ${iops}`);
  }
  if (throughputMibps > iops * mibpsPerIops) {
    throw new RangeError(
      `${path}.throughputMibps may be ${mibpsPerIops} for each of the iops, is ${throughputMibps}`,
    );
  }
}

/** The mapping of a volume, at least as large as a shape asks for. */
export function rootMapping(volume: Ec2RootVolume, leastGib = 0): Ec2RootMapping {
  const { deviceName, sizeGib, iops, throughputMibps, kmsKeyId } = volume;
  return {
    DeviceName: deviceName,
    Ebs: {
      VolumeType: "gp3",
      VolumeSize: Math.max(sizeGib, leastGib),
      Encrypted: true,
      DeleteOnTermination: true,
      ...(iops === undefined ? {} : { Iops: iops }),
      ...(throughputMibps === undefined ? {} : { Throughput: throughputMibps }),
      ...(kmsKeyId === undefined ? {} : { KmsKeyId: kmsKeyId }),
    },
  };
}

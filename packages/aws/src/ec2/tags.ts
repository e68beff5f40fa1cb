import { FleetError, type LaunchAttempt } from "@runs-fleet/core";

/** Keys of the tags by which machines are found and told what they are. The agent reads them in its instance metadata. */
export const ec2TagKeys = Object.freeze({
  /** Environment of the machine: listings go by it. */
  environment: "runs-fleet:environment",
  /** The launch attempt that bought it: recovery goes by it. */
  attempt: "runs-fleet:attempt",
  /** Pool that it was bought for; absent for the demand of a shape. */
  pool: "runs-fleet:pool",
  /** Hash of all that makes a machine fit. */
  spec: "runs-fleet:spec",
  /** Its hard deadline, epoch milliseconds. */
  deadline: "runs-fleet:deadline",
  /** Changes when it is to look at its assignment. */
  ring: "runs-fleet:ring",
});

/** A tag as EC2 takes it. */
export interface Ec2TagPair {
  /** Allowed by {@link tagProblem}. */
  readonly Key: string;
  /** Up to 256 characters. */
  readonly Value: string;
}

/** Source: EC2 API, Tag, and EC2 guide, Tag restrictions, read 2026-11-24. */
const longestKey = 127;
const longestValue = 256;
const mostTags = 50;

/** Source: EC2 guide, Work with instance tags in instance metadata, read 2026-11-24. */
const metadataKey = /^[0-9a-zA-Z\-_+=,.@:]+$/u;
const metadataReserved: ReadonlySet<string> = new Set([".", "..", "_index"]);

/**
 * Why these cannot be the tags of an instance that shows its tags in its metadata; `undefined` when they can. One bad key
 * would fail every launch.
 */
export function tagProblem(tags: Readonly<Record<string, string>>): string | undefined {
  for (const [key, value] of Object.entries(tags)) {
    if (key === "" || [...key].length > longestKey) {
      return `tag key ${JSON.stringify(key)} must have 1 to ${longestKey} characters`;
    }
    if (!metadataKey.test(key) || metadataReserved.has(key)) {
      return `tag key ${JSON.stringify(key)} cannot be shown in instance metadata: letters, digits and - _ + = , . @ : only, and not ".", ".." or "_index"`;
    }
    if (/^aws:/iu.test(key))
      return `tag key ${JSON.stringify(key)} begins with aws:, which is reserved`;
    if ([...value].length > longestValue) {
      return `the value of tag ${JSON.stringify(key)} is longer than ${longestValue} characters`;
    }
  }
  return undefined;
}

/** Whether a key is one that runs-fleet goes by. */
function isOwn(key: string): boolean {
  return key.startsWith("runs-fleet:");
}

/**
 * Checks the tags that a host gives to all its machines.
 *
 * @throws A TypeError that names the key.
 */
export function assertFixedTags(tags: Readonly<Record<string, string>>): void {
  const taken = Object.keys(tags).find(isOwn);
  const problem =
    tagProblem(tags) ??
    (taken === undefined ? undefined : `tag key ${JSON.stringify(taken)} is runs-fleet's own`);
  if (problem !== undefined) throw new TypeError(`tags: ${problem}`);
}

/** Tags of what one attempt launches. */
export interface LaunchTags {
  /** Those of each instance: all that names it. */
  readonly instance: readonly Ec2TagPair[];
  /** Those of each volume: what cost reports go by. */
  readonly volume: readonly Ec2TagPair[];
}

/**
 * The tags of an attempt. No workflow and no job is among them: a machine is bought before anybody knows which job it gets.
 *
 * @param fixed - Those of all machines; the attempt's own win.
 * @throws A {@link FleetError} `config` when they cannot be shown in metadata, or are too many.
 */
export function launchTags(
  attempt: LaunchAttempt,
  fixed: Readonly<Record<string, string>>,
): LaunchTags {
  const further = { ...fixed, ...attempt.tags };
  const where = {
    [ec2TagKeys.environment]: attempt.environment,
    ...(attempt.pool === undefined ? {} : { [ec2TagKeys.pool]: attempt.pool }),
  };
  const all = {
    ...further,
    ...where,
    [ec2TagKeys.attempt]: attempt.id,
    [ec2TagKeys.spec]: attempt.specHash,
    [ec2TagKeys.deadline]: String(attempt.deadlineMs),
  };
  const taken = Object.keys(attempt.tags ?? {}).find(isOwn);
  // One place stays free for the ring.
  const tooMany = Object.keys(all).length >= mostTags;
  const problem =
    tagProblem(all) ??
    (taken === undefined ? undefined : `tag key ${JSON.stringify(taken)} is runs-fleet's own`) ??
    (tooMany
      ? `${Object.keys(all).length} tags are more than the ${mostTags - 1} there is room for`
      : undefined);
  if (problem !== undefined) {
    const message = `Launch attempt ${attempt.id} cannot be tagged: ${problem}`;
    throw new FleetError({ kind: "config", message });
  }
  return { instance: pairs(all), volume: pairs({ ...further, ...where }) };
}

function pairs(tags: Readonly<Record<string, string>>): readonly Ec2TagPair[] {
  return Object.entries(tags)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([Key, Value]) => ({ Key, Value }));
}

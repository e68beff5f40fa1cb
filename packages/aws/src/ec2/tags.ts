import { FleetError, type LaunchAttempt } from "@runs-fleet/core";
import { imageTag } from "./images/superseded.ts";
import { ec2TagKeys, tagProblem } from "./tag-rules.ts";

/** A tag as EC2 takes it. */
export interface Ec2TagPair {
  /** Allowed by {@link tagProblem}. */
  readonly Key: string;
  /** Up to 256 characters. */
  readonly Value: string;
}

/** Source: EC2 guide, Tag restrictions, read 2026-11-24. */
const mostTags = 50;

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
  const image = imageTag(attempt.shape.imageSource ?? {});
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
    ...(image === undefined ? {} : { [ec2TagKeys.image]: image }),
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

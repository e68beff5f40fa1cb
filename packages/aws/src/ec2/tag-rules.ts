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
  /** Owner and name of what its image is the newest of; absent where the configuration says neither. */
  image: "runs-fleet:image",
  /** Its hard deadline, epoch milliseconds. */
  deadline: "runs-fleet:deadline",
  /** Changes when it is to look at its assignment. */
  ring: "runs-fleet:ring",
});

/** Source: EC2 API, Tag, and EC2 guide, Tag restrictions, read 2026-11-24. */
const longestKey = 127;
const longestValue = 256;

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

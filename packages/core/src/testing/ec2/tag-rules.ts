import type { Ec2Tag, Ec2TagSpecification } from "./api.ts";
import { ec2Error } from "./ec2-error.ts";

/** Most tags of one resource, those of `aws:` not counted. */
const mostTags = 50;
const longestKey = 127;
const longestValue = 256;
const metadataKey = /^[0-9a-zA-Z\-_+=,.@:]{1,255}$/u;
/** Paths of the metadata service itself. */
const metadataReserved: ReadonlySet<string> = new Set([".", "..", "_index"]);

function lengthOf(text: string): number {
  return [...text].length;
}

/**
 * What every set of tags must look like.
 *
 * @throws An {@link Ec2Error} `InvalidParameterValue` or `MissingParameter`.
 */
export function assertTags(tags: readonly Ec2Tag[], inMetadata: boolean): void {
  const keys = new Set<string>();
  for (const { Key, Value } of tags) {
    if (Key === "") throw ec2Error("InvalidParameterValue", "Tag key must not be empty");
    if (Key.toLowerCase().startsWith("aws:")) {
      throw ec2Error("InvalidParameterValue", `Tag keys starting with aws: are reserved: ${Key}`);
    }
    if (lengthOf(Key) > longestKey) {
      throw ec2Error("InvalidParameterValue", `Tag key exceeds ${longestKey} characters: ${Key}`);
    }
    if (lengthOf(Value) > longestValue) {
      throw ec2Error("InvalidParameterValue", `Value of tag ${Key} exceeds ${longestValue}`);
    }
    if (keys.has(Key)) throw ec2Error("InvalidParameterValue", `Duplicate tag key ${Key}`);
    keys.add(Key);
    if (inMetadata && (!metadataKey.test(Key) || metadataReserved.has(Key))) {
      throw ec2Error(
        "InvalidParameterValue",
        `Tag key ${Key} cannot be shown in instance metadata, which is enabled`,
      );
    }
  }
}

/**
 * Adds tags to a resource.
 *
 * @throws An {@link Ec2Error} `TagLimitExceeded`, in which case none is added.
 */
export function assertRoom(present: ReadonlyMap<string, string>, tags: readonly Ec2Tag[]): void {
  const keys = new Set([...present.keys(), ...tags.map(({ Key }) => Key)]);
  const own = [...keys].filter((key) => !key.startsWith("aws:")).length;
  if (own > mostTags) {
    throw ec2Error("TagLimitExceeded", `More than ${mostTags} tags on one resource: ${own}`);
  }
}

/**
 * The tags that instances get.
 *
 * @throws An {@link Ec2Error} for a type of resource that the launch does not make, or one named twice.
 */
export function instanceTags(
  specifications: readonly Ec2TagSpecification[],
  allowed: readonly string[],
): readonly Ec2Tag[] {
  const seen = new Set<string>();
  for (const { ResourceType } of specifications) {
    if (!allowed.includes(ResourceType)) {
      throw ec2Error("InvalidParameterValue", `'${ResourceType}' cannot be tagged by this launch`);
    }
    if (seen.has(ResourceType)) {
      throw ec2Error("InvalidParameterValue", `Two tag specifications for ${ResourceType}`);
    }
    seen.add(ResourceType);
  }
  for (const { Tags } of specifications) assertTags(Tags, false);
  return specifications.find(({ ResourceType }) => ResourceType === "instance")?.Tags ?? [];
}

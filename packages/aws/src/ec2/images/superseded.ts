import type { Instance } from "@aws-sdk/client-ec2";
import type { CallOptions, ImageSource } from "@runs-fleet/core";
import { ec2TagKeys } from "../tag-rules.ts";
import { archOf, newestImages, osOf } from "./choose-images.ts";
import type { Ec2ImageLookup } from "./image-lookup.ts";

/** Longest value of a tag. Source: EC2 guide, Tag restrictions, read 2026-11-24. */
const longestValue = 256;
/** A reading of images may lag behind the one by which a machine was bought, milliseconds. */
const settledMs = 10 * 60_000;

/**
 * What a machine's tag says of where its image comes from, so that whoever lists it knows which image is the newest there.
 *
 * @returns `undefined` when its image is told by its id, and for names so long that no tag can hold them: nothing supersedes those.
 */
export function imageTag({ name, owner = "self" }: ImageSource): string | undefined {
  const value = name === undefined ? undefined : `${owner}/${name}`;
  return value !== undefined && [...value].length <= longestValue ? value : undefined;
}

/** The source that a tag tells; `undefined` for what {@link imageTag} never writes. Owners have no slash, names may have. */
function sourceOfTag(value: string): { owner: string; name: string } | undefined {
  const slash = value.indexOf("/");
  const [owner, name] = [value.slice(0, Math.max(0, slash)), value.slice(slash + 1)];
  return owner === "" || name === "" ? undefined : { owner, name };
}

/**
 * Ids of the machines for which another image would be booted today: a newer one, or an older one where theirs was taken away. What
 * EC2 does not tell is not so: this never makes a listing fail.
 */
export async function findSuperseded(
  instances: readonly Instance[],
  lookup: Ec2ImageLookup,
  nowMs: number,
  options?: CallOptions,
): Promise<ReadonlySet<string>> {
  const bySource = new Map<string, Instance[]>();
  for (const instance of instances) {
    const value = instance.Tags?.find(({ Key }) => Key === ec2TagKeys.image)?.Value;
    const launchedMs = instance.LaunchTime?.getTime() ?? nowMs;
    if (value === undefined || nowMs - launchedMs < settledMs) continue;
    const own = bySource.get(value);
    if (own === undefined) bySource.set(value, [instance]);
    else own.push(instance);
  }
  const superseded = new Set<string>();
  for (const [value, own] of bySource) {
    const source = sourceOfTag(value);
    if (source === undefined) continue;
    const found = await lookup.find(source, options).catch(() => []);
    const newest = {
      linux: newestImages(found, { os: "linux" }),
      windows: newestImages(found, { os: "windows" }),
    };
    for (const { InstanceId, ImageId, Architecture, Platform } of own) {
      const arch = archOf(Architecture);
      const image = arch && newest[osOf(Platform)].get(arch);
      if (InstanceId !== undefined && image !== undefined && image.id !== ImageId)
        superseded.add(InstanceId);
    }
  }
  options?.signal?.throwIfAborted();
  return superseded;
}

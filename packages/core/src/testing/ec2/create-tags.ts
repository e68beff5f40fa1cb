import type { Ec2Tag } from "./api.ts";
import { ec2Error } from "./ec2-error.ts";
import { isEnding, type Machine } from "./instance.ts";
import { findAll } from "./steer-instances.ts";
import { assertRoom, assertTags } from "./tag-rules.ts";
import type { Ec2World } from "./world.ts";

/** Adds or overwrites tags; one bad tag or resource, and nothing is tagged. */
export function createTags(
  world: Ec2World,
  Resources: readonly string[],
  Tags: readonly Ec2Tag[],
): void {
  if (Tags.length === 0) throw ec2Error("MissingParameter", "No tags are given");
  const machines = findAll(world, Resources);
  for (const machine of machines) {
    assertTags(Tags, machine.tagsInMetadata);
    assertRoom(machine.tags, Tags);
  }
  for (const machine of machines) {
    for (const { Key, Value } of Tags) machine.tags.set(Key, Value);
    if (machine.tagsInMetadata) reachMetadata(world, machine, Tags);
  }
}

/** The machine itself reads of its new tags later, or never. */
function reachMetadata(world: Ec2World, machine: Machine, tags: readonly Ec2Tag[]): void {
  const { delayMs, neverChance } = world.conditions().metadataTags;
  if (neverChance > 0 && world.dice.chance(neverChance)) return;
  const tell = (): void => {
    if (isEnding(machine, world.clock.now())) return;
    world.emit({ kind: "tags", id: machine.id, tags });
  };
  const lateMs = delayMs[1] === 0 ? 0 : world.dice.whole(...delayMs);
  if (lateMs === 0) tell();
  else void world.clock.sleep(lateMs).then(tell);
}

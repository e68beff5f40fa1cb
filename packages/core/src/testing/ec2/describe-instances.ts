import type { Ec2Instance, Ec2Paging, Ec2Reservation } from "./api.ts";
import { ec2Error } from "./ec2-error.ts";
import { compileFilters } from "./filters.ts";
import { type Machine, showInstance, stateAt } from "./instance.ts";
import { pageOf } from "./paging.ts";
import { findAll } from "./steer-instances.ts";
import type { Ec2World } from "./world.ts";

/** What an instance has for the name of a filter. Filters look at what is so; only what is shown may be behind. */
function fieldsOf(nowMs: number) {
  const fields: Readonly<Record<string, (machine: Machine) => readonly string[]>> = {
    "availability-zone": ({ zone }) => [zone],
    "client-token": ({ clientToken }) => [clientToken],
    "image-id": ({ imageId }) => [imageId],
    "instance-id": ({ id }) => [id],
    "instance-lifecycle": ({ market }) => (market === "spot" ? ["spot"] : []),
    "instance-state-name": (machine) => [stateAt(machine, nowMs)],
    "instance-type": ({ type }) => [type.name],
    "reservation-id": ({ reservationId }) => [reservationId],
    "subnet-id": ({ subnetId }) => [subnetId],
    "tag-key": ({ tags }) => [...tags.keys()],
  };
  return (name: string) => {
    if (!name.startsWith("tag:")) return fields[name];
    const key = name.slice("tag:".length);
    return ({ tags }: Machine): readonly string[] => {
      const value = tags.get(key);
      return value === undefined ? [] : [value];
    };
  };
}

/** One page of instances, in the order in which they were bought, as far behind as the conditions make it. */
export function describeInstances(
  world: Ec2World,
  input: Ec2Paging & { readonly InstanceIds?: readonly string[] },
): { readonly Reservations: readonly Ec2Reservation[]; readonly NextToken?: string } {
  const { InstanceIds, Filters = [], MaxResults } = input;
  if (InstanceIds !== undefined && InstanceIds.length > 0 && MaxResults !== undefined) {
    throw ec2Error("InvalidParameterCombination", "InstanceIds and MaxResults exclude each other");
  }
  const nowMs = world.clock.now();
  const passes = compileFilters(Filters, fieldsOf(nowMs));
  const named = InstanceIds?.length ? findAll(world, InstanceIds) : undefined;
  const view = createView(world, nowMs);
  if (named?.some((machine) => view.omits(machine))) {
    throw ec2Error("InvalidInstanceID.NotFound", "Not all of the instance IDs can be seen yet");
  }
  const seen = named === undefined ? visible(world, nowMs, view, passes) : named.filter(passes);
  const page = pageOf(seen, ({ id }) => id, input);
  const reservations = new Map<string, Ec2Instance[]>();
  for (const machine of page.items) {
    const own = reservations.get(machine.reservationId) ?? [];
    reservations.set(machine.reservationId, own);
    own.push(view.show(machine));
  }
  return {
    Reservations: [...reservations].map(([ReservationId, Instances]) => ({
      ReservationId,
      Instances,
    })),
    ...(page.NextToken === undefined ? {} : { NextToken: page.NextToken }),
  };
}

function* visible(
  world: Ec2World,
  nowMs: number,
  view: View,
  passes: (machine: Machine) => boolean,
): Iterable<Machine> {
  for (const machine of world.machines.all(nowMs)) {
    if (passes(machine) && !view.omits(machine)) yield machine;
  }
}

/** What a reader gets to see. */
interface View {
  omits(machine: Machine): boolean;
  show(machine: Machine): Ec2Instance;
}

function createView(world: Ec2World, nowMs: number): View {
  const { dice } = world;
  const { omitChance, youngMs, lagChance, lagMs, untaggedChance } = world.conditions().reads;
  const isYoung = ({ boughtAtMs }: Machine): boolean => nowMs - boughtAtMs < youngMs;
  const happens = (chance: number): boolean => chance > 0 && dice.chance(chance);
  return {
    omits: (machine) => isYoung(machine) && happens(omitChance),
    show: (machine) => {
      const behindMs = happens(lagChance) ? dice.whole(0, lagMs) : 0;
      const isBare = isYoung(machine) && happens(untaggedChance);
      return showInstance(machine, nowMs - behindMs, !isBare);
    },
  };
}

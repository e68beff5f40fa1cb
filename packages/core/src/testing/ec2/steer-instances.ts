import type { Ec2Ids, Ec2StateChange } from "./api.ts";
import { boot, end, halt } from "./boot.ts";
import { ec2Error } from "./ec2-error.ts";
import { ec2State, type Machine, stateAt } from "./instance.ts";
import { roomFor } from "./launch.ts";
import type { Ec2World } from "./world.ts";

/** Most ids of one call. */
const mostIds = 1_000;
const wellFormed = /^i-[0-9a-f]{8}(?:[0-9a-f]{9})?$/u;

/**
 * The instances of these ids.
 *
 * @throws An {@link Ec2Error} when one of them does not exist, or has no form of an id: then nothing is done to any.
 */
export function findAll(world: Ec2World, ids: readonly string[]): readonly Machine[] {
  if (ids.length === 0) {
    throw ec2Error("MissingParameter", "The request must contain the parameter InstanceId");
  }
  if (ids.length > mostIds) {
    throw ec2Error("InvalidParameterValue", `At most ${mostIds} ids, not ${ids.length}`);
  }
  const malformed = ids.find((id) => !wellFormed.test(id));
  if (malformed !== undefined) {
    throw ec2Error("InvalidInstanceID.Malformed", `Invalid id: "${malformed}"`);
  }
  world.machines.forget(world.clock.now());
  const unknown = ids.filter((id) => world.machines.find(id) === undefined);
  if (unknown.length > 0) {
    const words = unknown.length === 1 ? "ID" : "IDs";
    const verb = unknown.length === 1 ? "does" : "do";
    throw ec2Error(
      "InvalidInstanceID.NotFound",
      `The instance ${words} '${unknown.join(", ")}' ${verb} not exist`,
    );
  }
  return ids.flatMap((id) => world.machines.find(id) ?? []);
}

function wrongState(id: string, verb: string): Error {
  return ec2Error(
    "IncorrectInstanceState",
    `The instance '${id}' is not in a state from which it can be ${verb}.`,
  );
}

function changed(
  world: Ec2World,
  machines: readonly Machine[],
  act: (machine: Machine) => void,
): readonly Ec2StateChange[] {
  const nowMs = world.clock.now();
  return machines.map((machine) => {
    const PreviousState = ec2State(stateAt(machine, nowMs));
    act(machine);
    return {
      InstanceId: machine.id,
      PreviousState,
      CurrentState: ec2State(stateAt(machine, nowMs)),
    };
  });
}

/** Starts what is stopped; what runs or boots is fine. One bad state, or too little room, and none is started. */
export function startInstances(world: Ec2World, { InstanceIds }: Ec2Ids) {
  const machines = findAll(world, InstanceIds);
  const nowMs = world.clock.now();
  const stopped: Machine[] = [];
  for (const machine of machines) {
    const state = stateAt(machine, nowMs);
    if (state === "stopped") stopped.push(machine);
    else if (state !== "pending" && state !== "running") throw wrongState(machine.id, "started");
  }
  assertRoomForAll(world, stopped);
  return {
    StartingInstances: changed(world, machines, (machine) => {
      if (stateAt(machine, nowMs) !== "stopped") return;
      boot(world, machine, world.times.startMs[machine.os]);
      world.machines.touch(machine);
    }),
  };
}

function assertRoomForAll(world: Ec2World, machines: readonly Machine[]): void {
  const wanted = new Map<string, number>();
  const vcpus = { spot: 0, "on-demand": 0 };
  for (const { id, type, zone, market } of machines) {
    const key = `${type.name} ${zone} ${market}`;
    const count = (wanted.get(key) ?? 0) + 1;
    wanted.set(key, count);
    // What this call starts of the same offering is in `count` already.
    const room = roomFor(world, type, zone, market, vcpus[market] - (count - 1) * type.vcpus);
    vcpus[market] += type.vcpus;
    if (room.count < count) throw ec2Error(room.code, `${room.code}: cannot start ${id}`);
  }
}

/** Stops what runs; what is stopped or stopping is fine. A spot instance, or one that still boots, and none is stopped. */
export function stopInstances(world: Ec2World, { InstanceIds }: Ec2Ids) {
  const machines = findAll(world, InstanceIds);
  const nowMs = world.clock.now();
  for (const machine of machines) {
    const state = stateAt(machine, nowMs);
    if (state === "pending" || state === "shutting-down" || state === "terminated") {
      throw wrongState(machine.id, "stopped");
    }
    if (machine.market === "spot") {
      throw ec2Error(
        "UnsupportedOperation",
        `You can't stop the Spot Instance '${machine.id}': its request is one-time`,
      );
    }
  }
  return {
    StoppingInstances: changed(world, machines, (machine) => {
      if (stateAt(machine, nowMs) === "running")
        halt(world, machine, "Client.UserInitiatedShutdown");
    }),
  };
}

/** Ends instances; what has ended is fine. */
export function terminateInstances(world: Ec2World, { InstanceIds }: Ec2Ids) {
  const machines = findAll(world, InstanceIds);
  return {
    TerminatingInstances: changed(world, machines, (machine) =>
      end(world, machine, "Client.UserInitiatedShutdown"),
    ),
  };
}

import { command, isEnding, type Machine } from "./instance.ts";
import { draw, type Ec2Spread, type Ec2World } from "./world.ts";

/** A machine that hangs does so within this time of its boot, milliseconds. */
const hangsWithinMs = 30 * 60_000;

/** The notice before a spot instance is taken away, milliseconds. */
const spotNoticeMs = 120_000;

/** Lets a machine boot, now, as it is its fate. */
export function boot(world: Ec2World, machine: Machine, times: Ec2Spread): void {
  const { clock, dice } = world;
  const nowMs = clock.now();
  const runsMs = draw(world, world.times.pendingMs);
  machine.launchedAtMs = nowMs;
  if (machine.fate === "fails-to-launch") {
    command(machine, nowMs, [{ state: "pending", afterMs: 0 }]);
    command(machine, nowMs, [{ state: "terminated", afterMs: runsMs }], "Server.InternalError");
    return;
  }
  command(machine, nowMs, [
    { state: "pending", afterMs: 0 },
    { state: "running", afterMs: runsMs },
  ]);
  const upMs = Math.round(draw(world, times) * world.conditions().bootFactor);
  const readyAtMs =
    machine.fate === "never-boots" ? Number.POSITIVE_INFINITY : nowMs + Math.max(runsMs, upMs);
  const hangsAtMs =
    machine.fate === "hangs" ? readyAtMs + dice.whole(0, hangsWithinMs) : Number.POSITIVE_INFINITY;
  world.emit({ kind: "booting", id: machine.id, readyAtMs, hangsAtMs, fate: machine.fate });
}

/** Ends a machine for good. */
export function end(world: Ec2World, machine: Machine, reason: string): void {
  const nowMs = world.clock.now();
  if (isEnding(machine, nowMs)) return;
  command(
    machine,
    nowMs,
    [
      { state: "shutting-down", afterMs: 0 },
      { state: "terminated", afterMs: draw(world, world.times.shutdownMs) },
    ],
    reason,
  );
  world.machines.touch(machine);
  world.emit({ kind: "ending", id: machine.id });
}

/** Stops a machine, to be started again. */
export function halt(world: Ec2World, machine: Machine, reason: string): void {
  const course = [
    { state: "stopping", afterMs: 0 },
    { state: "stopped", afterMs: draw(world, world.times.stopMs) },
  ] as const;
  command(machine, world.clock.now(), course, reason);
  world.machines.touch(machine);
  world.emit({ kind: "stopping", id: machine.id });
}

/** Gives a spot instance its notice, and takes it away two minutes later unless it has ended by itself. */
export function interrupt(world: Ec2World, machine: Machine): void {
  const { clock } = world;
  const nowMs = clock.now();
  if (machine.market !== "spot" || machine.noticeAtMs !== undefined) return;
  if (isEnding(machine, nowMs)) return;
  machine.noticeAtMs = nowMs;
  world.emit({ kind: "interruption", id: machine.id, endsAtMs: nowMs + spotNoticeMs });
  void clock.sleep(spotNoticeMs).then(() => end(world, machine, "Server.SpotInstanceTermination"));
}
